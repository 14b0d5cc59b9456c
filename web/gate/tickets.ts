import { digitsIn, TICKET_KEY, TICKET_SIGNING, ticketIn, type Ticket } from '../../shared/voucher.ts'

/** What somebody held up or said. */
export type Seen =
  /** `real`: the village signed it; undefined: this page can't tell. */
  | { kind: 'ticket'; ticket: Ticket; real: boolean | undefined }
  | { kind: 'digits'; code: string }
  | { kind: 'nothing' }

/** Reads a QR code’s text or typed digits, and checks by the village’s key who wrote it; needs no network. */
export async function read(
  text: string,
  key: JsonWebKey | undefined,
  // A page without https has none.
  subtle: SubtleCrypto | null = globalThis.crypto.subtle ?? null
): Promise<Seen> {
  const code = digitsIn(text)
  if (code) return { kind: 'digits', code }
  const found = ticketIn(text)
  if (!found) return { kind: 'nothing' }
  const { ticket, signed, signature } = found
  if (!key || !subtle) return { kind: 'ticket', ticket, real: undefined }
  const publicKey = await subtle.importKey('jwk', key, TICKET_KEY, false, ['verify'])
  const real = await subtle.verify(
    TICKET_SIGNING,
    publicKey,
    bytesOf(signature),
    new TextEncoder().encode(signed)
  )
  return { kind: 'ticket', ticket, real }
}

const bytesOf = (base64url: string) =>
  Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0))
