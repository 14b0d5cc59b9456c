/** 券码: what a QR code of a voucher says, and how a gate without network knows that the village wrote it. */
export interface Ticket {
  voucherId: string
  shopId: string
  specId: string
  /** A gate whose list is newer, and has it no more as open, knows that it is used or paid back. */
  issuedAt: number
  expiresAt: number
}

/** First of the text, so that a gate knows its own from any other code; with another form it changes. */
export const TICKET_PREFIX = 'yj1'
/** ECDSA over P-256 with SHA-256, signatures as WebCrypto writes them: r and s, 64 bytes. */
export const TICKET_KEY = { name: 'ECDSA', namedCurve: 'P-256' } as const
export const TICKET_SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const
/** A phone at a gate whose clock is wrong by more is told to look at it. */
export const GATE_CLOCK_MS = 5 * 60_000
/** 撤销: so long a redemption may be taken back. */
export const UNDO_MS = 5 * 60_000

/** A voucher whose shop said nothing is good for so many days after it was bought. */
export const DEFAULT_VALID_DAYS = 90

const RADIX = 36
const MAX_TEXT = 400
const PARTS =
  /^yj1\.([0-9a-z-]{1,40})\.([0-9a-z-]{1,40})\.([0-9a-z-]{1,40})\.([0-9a-z]{1,9})\.([0-9a-z]{1,9})$/

/** What is signed; the code is this, a dot, and the signature in base64url. */
export const ticketText = ({ voucherId, shopId, specId, issuedAt, expiresAt }: Ticket) =>
  [TICKET_PREFIX, voucherId, shopId, specId, issuedAt.toString(RADIX), expiresAt.toString(RADIX)].join('.')

/** The parts of a code; undefined where it is none of ours. Nothing is known yet of who wrote it. */
export function ticketIn(text: string): { ticket: Ticket; signed: string; signature: string } | undefined {
  const plain = text.trim()
  const dot = plain.lastIndexOf('.')
  const signed = plain.slice(0, dot)
  const found = plain.length <= MAX_TEXT ? PARTS.exec(signed) : null
  const signature = plain.slice(dot + 1)
  if (!found || !/^[\w-]{86}$/.test(signature)) return undefined
  const [, voucherId, shopId, specId, issued, expires] = found as unknown as [string, ...string[]]
  const ticket = {
    voucherId: voucherId!,
    shopId: shopId!,
    specId: specId!,
    issuedAt: parseInt(issued!, RADIX),
    expiresAt: parseInt(expires!, RADIX)
  }
  return { ticket, signed, signature }
}

/** The six digits in what was typed, however they were parted: 123 456, １２３４５６. */
export function digitsIn(text: string): string | undefined {
  const digits = text.normalize('NFKC').replace(/[\s-]/g, '')
  return /^\d{6}$/.test(digits) ? digits : undefined
}

/** As people read it to each other: 123 456. */
export const spokenDigits = (code: string) => `${code.slice(0, 3)} ${code.slice(3)}`
