const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

/** How long a code may be used. */
export const CODE_VALID_MS = 5 * MINUTE_MS
export const CODE_TRIES = 3

/** At most `texts` to one phone within `withinMs`. */
const TEXT_LIMITS = [
  { withinMs: MINUTE_MS, texts: 1 },
  { withinMs: HOUR_MS, texts: 5 },
  { withinMs: DAY_MS, texts: 10 }
]

/** How long this phone has to wait for its next code; 0: it may have one now. `sentAt` may be in any order. */
export function waitForText(sentAt: readonly number[], now: number): number {
  const waits = TEXT_LIMITS.map(({ withinMs, texts }) => {
    const within = sentAt.filter((at) => at > now - withinMs).toSorted((a, b) => b - a)
    const oldest = within[texts - 1]
    return oldest === undefined ? 0 : oldest + withinMs - now
  })
  return Math.max(...waits)
}

/** What still counts for the limits. */
export const recentTexts = (sentAt: readonly number[], now: number) =>
  sentAt.filter((at) => at > now - DAY_MS)

/** A code as it is kept: `digest` is a keyed hash and empty once the code has been used. */
export interface SignInCode {
  digest: string
  triesLeft: number
  endsAt: number
}

export type Guess = 'right' | 'bad_code' | 'code_expired' | 'code_too_many'

/** What a guess is worth. The last wrong one says that it was the last. */
export function judge(code: SignInCode | undefined, digest: string, now: number): Guess {
  if (!code?.digest || now >= code.endsAt) return 'code_expired'
  if (code.triesLeft <= 0) return 'code_too_many'
  if (code.digest === digest) return 'right'
  return code.triesLeft === 1 ? 'code_too_many' : 'bad_code'
}
