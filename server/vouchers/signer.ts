import { createECDH, createPrivateKey, createPublicKey, hkdfSync, sign, verify } from 'node:crypto'
import { ticketIn, ticketText, type Ticket } from '../../shared/voucher.ts'

/** What the village's secret is used for here. With another label, or another secret, codes on paper are no good. */
const LABEL = 'yujia voucher 1'
/** 16 bytes more than the key has, so that what is left after dividing is as good as even (FIPS 186-5, A.2.1). */
const SEED_BYTES = 48
const KEY_BYTES = 32
/** The order of P-256. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
/** As WebCrypto writes signatures. */
const FORM = 'ieee-p1363'

export type Signer = ReturnType<typeof openSigner>

/** Signs what a QR code of a voucher says, with a key that comes from the village's secret and lies nowhere. */
export function openSigner(secret: string) {
  const seed = Buffer.from(hkdfSync('sha256', secret, '', LABEL, SEED_BYTES)).toString('hex')
  const scalar = (BigInt(`0x${seed}`) % (ORDER - 1n)) + 1n
  const d = Buffer.from(scalar.toString(16).padStart(KEY_BYTES * 2, '0'), 'hex')
  const curve = createECDH('prime256v1')
  curve.setPrivateKey(d)
  const point = curve.getPublicKey()
  const publicJwk = {
    kty: 'EC' as const,
    crv: 'P-256' as const,
    x: point.subarray(1, 1 + KEY_BYTES).toString('base64url'),
    y: point.subarray(1 + KEY_BYTES).toString('base64url')
  }
  const privateKey = createPrivateKey({ key: { ...publicJwk, d: d.toString('base64url') }, format: 'jwk' })
  const publicKey = createPublicKey(privateKey)

  return {
    /** For gates: they know a code of ours without asking. */
    publicJwk,

    codeOf(ticket: Ticket): string {
      const text = ticketText(ticket)
      const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: FORM })
      return `${text}.${signature.toString('base64url')}`
    },

    /** What a scanned code says; `forged`: it looks like ours, and we did not write it. Undefined: it is no such code. */
    read(text: string): Ticket | 'forged' | undefined {
      const found = ticketIn(text)
      if (!found) return undefined
      const { ticket, signed, signature } = found
      const key = { key: publicKey, dsaEncoding: FORM } as const
      const ours = verify('sha256', Buffer.from(signed), key, Buffer.from(signature, 'base64url'))
      return ours ? ticket : 'forged'
    }
  }
}
