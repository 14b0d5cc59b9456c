import { LRUCache } from 'lru-cache'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'

/** Words that one member may try within a window, on each server; a word is short and must not be guessed. */
const TRIES = 10
const WINDOW_MS = 10 * 60_000
/** Members that are counted at one moment; the one who tried longest ago is forgotten first. */
const COUNTED = 20_000

/** Counts the words (口令) that each member tries. */
export function countTries({ clock }: { clock: Clock }) {
  const tried = new LRUCache<string, { times: number; since: number }>({ max: COUNTED })

  return {
    /** Counts before it is known whether the word is right, so that many at once are no way around. Problem coupon_code_tries {waitMs}. */
    count(memberId: string) {
      const now = clock.now()
      const before = tried.get(memberId)
      if (!before || now - before.since >= WINDOW_MS) tried.set(memberId, { times: 1, since: now })
      else if (++before.times > TRIES)
        throw new Problem('coupon_code_tries', { waitMs: before.since + WINDOW_MS - now })
    },
    /** It was right: nobody who knows the words is a guesser. */
    right: (memberId: string) => void tried.delete(memberId)
  }
}
