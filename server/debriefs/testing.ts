import { scheduleShow } from '../../shared/contracts/live.ts'
import type { Role } from '../../shared/contract.ts'
import type { Village } from '../app.ts'
import { goOnAir } from '../live/testing.ts'
import type { settableClock } from '../testing/clock.ts'
import { people, type SignedIn, type TestVillage } from '../testing/village.ts'

const MINUTE_MS = 60_000
let lines = 0

/** The same village for helpers that want more of it. */
export const asVillage = (village: Village): TestVillage => ({
  ...people(village),
  village,
  close: async () => {}
})

/** A show that is on air, told minute by minute by the village's own clock. */
export async function onAir(
  village: Village,
  clock: ReturnType<typeof settableClock>,
  host: SignedIn,
  productIds: string[],
  title = '今早头一潮'
) {
  const { status, json } = await host.call(scheduleShow, {
    body: { title, cover: '', startsAt: clock.now() + 1, productIds }
  })
  if (status !== 200) throw new Error(json.message)
  const showId = json.show.id
  const sessionId = await goOnAir(asVillage(village), host, showId)
  const openedAt = clock.now()
  return {
    showId,
    sessionId,
    openedAt,
    /** Goes to this minute of the show. */
    minute: (n: number) => clock.set(openedAt + n * MINUTE_MS),
    say: (who: SignedIn, text: string, role: Role = 'buyer') =>
      village.talk.say(
        showId,
        { id: who.me.id, name: who.me.name, role, staff: role !== 'buyer' },
        { id: `line-${String(++lines).padStart(8, '0')}`, text }
      ),
    pin: (productId: string) => village.shows.pin(host.me, showId, productId),
    end: () => village.shows.end(host.me, showId)
  }
}
