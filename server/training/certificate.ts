import type { Certificate } from '../../shared/contracts/practice.ts'

/** Nobody mistakes one of these for another on paper: no 0 and O, no 1 and I. */
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
/** 32¹²: whoever tries a thousand a second finds none of ten thousand in a hundred years. */
const CODE_CHARS = 12

/** A new code; `chance(n)` answers a number below n that nobody can foresee. */
export const codeFrom = (chance: (below: number) => number) =>
  Array.from({ length: CODE_CHARS }, () => LETTERS[chance(LETTERS.length)]).join('')

/** A code as somebody copied it from paper: in groups, with spaces, in small letters. */
export const asPrinted = (typed: string) => typed.toUpperCase().replace(/[\s-]/g, '')

export interface Dates {
  issuedAt: number
  /** 0: for good. */
  validUntil: number
  /** 0: not revoked. */
  revokedAt: number
}

export function stateOf(
  { validUntil, revokedAt }: Omit<Dates, 'issuedAt'>,
  now: number
): Certificate['state'] {
  if (revokedAt > 0) return 'revoked'
  return validUntil > 0 && now > validUntil ? 'expired' : 'valid'
}

/**
 * What she did up to here has been used for a certificate that is over: the next one stands on a class and on marks of
 * its own, or a batch for everybody who is ready would give back what was revoked. 0: she may use everything.
 */
export const spentUpTo = (last: Dates | undefined, now: number) =>
  last === undefined || stateOf(last, now) === 'valid' ? 0 : Math.max(last.issuedAt, last.revokedAt)

/** How far somebody is. `quiz`: she passed it, or there is none. */
export interface Standing {
  attended: number
  quiz: boolean
  passes: number
}

/** She was at one class at least, passed the quiz, and where there is a practical enough trainers passed her in it. */
export const isReady = (
  { practical, assessors }: { practical: boolean; assessors: number },
  { attended, quiz, passes }: Standing
) => attended > 0 && quiz && (!practical || passes >= assessors)

/** As anybody may read it: 王*霞, 李*. */
export function maskedName(name: string) {
  const letters = Array.from(name.trim())
  if (letters.length < 3) return letters.length ? `${letters[0]}*` : ''
  return `${letters[0]}${'*'.repeat(letters.length - 2)}${letters.at(-1)}`
}
