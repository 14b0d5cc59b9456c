// A server of its own for the suite in which thousands want a few at a flash price; answers what became of each.
import { Problem } from '../../shared/problems.ts'
import type { Member } from '../members/member.ts'
import { settableClock } from '../testing/clock.ts'
import { villageAt, type Place } from '../testing/market.ts'
import { isBusy } from '../store/store.ts'
import { onErrand } from '../testing/together.ts'

/** As many as one server has on its connections in a rush. */
const AT_ONCE = 64
const BUSY = 'busy'
const TRIES = 10

export interface Errand {
  place: Place
  now: number
  specId: string
  flashId: string
  priceFen: number
  /** Buyers from this number on, so many. */
  from: number
  many: number
}

onErrand<Errand, Record<string, number>>(async ({ place, now, specId, flashId, priceFen, from, many }) => {
  const village = await villageAt(place, settableClock(now))
  return async () => {
    const counts: Record<string, number> = {}
    let next = from
    async function buyers() {
      while (next < from + many) {
        const n = next++
        const me: Member = { id: `buyer-${n}`, name: '买家', roles: [] }
        const lines = [{ specId, qty: 1, flashId, agreed: true }]
        const tap = () =>
          village.orders.place(me, { key: `key-${n}-flash`, lines, payFen: priceFen }).then(
            () => 'bought',
            (error: unknown) => (error instanceof Problem ? error.code : isBusy(error) ? BUSY : String(error))
          )
        // “现在人太多，请过几秒再试”: she taps again, with the same key.
        let outcome = await tap()
        for (let again = 0; outcome === BUSY && again < TRIES; again++) outcome = await tap()
        counts[outcome] = (counts[outcome] ?? 0) + 1
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, buyers))
    await village.close()
    return counts
  }
})
