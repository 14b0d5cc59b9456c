import { expect, it } from 'vitest'
import { TICKET_KEY, TICKET_SIGNING, ticketIn, ticketText } from '../../shared/voucher.ts'
import { openSigner } from './signer.ts'

const SECRET = 's'.repeat(32)
const ticket = {
  voucherId: '0lq1x',
  shopId: 'shop-1',
  specId: 'spec-1',
  issuedAt: 1_790_000_000_000,
  expiresAt: 1_797_782_399_999
}

/** As a gate without network does it, in a browser. */
async function knownAtAGate(code: string, jwk: JsonWebKey) {
  const { signed, signature } = ticketIn(code)!
  const key = await crypto.subtle.importKey('jwk', jwk, TICKET_KEY, false, ['verify'])
  const bytes = Buffer.from(signature, 'base64url')
  return crypto.subtle.verify(TICKET_SIGNING, key, bytes, new TextEncoder().encode(signed))
}

it('a code is known by a browser that has the public key, and by every server with the same secret', async () => {
  const code = openSigner(SECRET).codeOf(ticket)
  const another = openSigner(SECRET)
  expect(another.read(` ${code} `)).toEqual(ticket)
  expect(await knownAtAGate(code, another.publicJwk)).toBe(true)
})

it('a code with one sign changed, or of another village, is forged', async () => {
  const { codeOf, read, publicJwk } = openSigner(SECRET)
  const code = codeOf(ticket)
  const later = code.replace(ticketText(ticket), ticketText({ ...ticket, expiresAt: ticket.expiresAt + 1 }))
  const elsewhere = openSigner('t'.repeat(32)).codeOf(ticket)
  for (const forged of [later, elsewhere]) {
    expect(read(forged)).toBe('forged')
    expect(await knownAtAGate(forged, publicJwk)).toBe(false)
  }
  expect(read('123456')).toBeUndefined()
})

it('nobody learns the private half from what a gate is given', () => {
  expect(Object.keys(openSigner(SECRET).publicJwk).toSorted()).toEqual(['crv', 'kty', 'x', 'y'])
})
