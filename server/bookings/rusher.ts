// Seats or rooms wanted by many at once, in a process of its own; answers what became of each.
import { Problem } from '../../shared/problems.ts'
import { systemClock } from '../clock.ts'
import { openEngine } from '../store/open.ts'
import { onErrand } from '../testing/together.ts'
import { openBookings } from './bookings.ts'

export interface Errand {
  databaseUrl: string
  dataDir: string
  wants: (
    | { book: string; memberId: string }
    | { leave: string; memberId: string }
    | { attend: string; memberId: string }
    | { open: { id: string; startsAt: number; endsAt: number }[]; resourceIds: string[] }
  )[]
}

onErrand<Errand, string[]>(async ({ wants, ...place }) => {
  const store = await openEngine(place)
  const bookings = openBookings({
    store,
    clock: systemClock,
    secret: 'of two processes',
    audit: async () => {},
    trainers: async () => [],
    peopleIn: async () => []
  })
  const more = {
    kind: 'class',
    subjectId: 'course',
    seriesId: '',
    title: '',
    place: '',
    seats: 1,
    createdBy: ''
  } as const

  async function outcomeOf(want: Errand['wants'][number]): Promise<string> {
    if ('open' in want) {
      return store.tx(async (tx) => {
        const drafts = want.open.map((each) => ({ ...each, ...more }))
        const clashes = await bookings.openIn(tx, drafts, want.resourceIds)
        if (clashes.length) throw new Problem('double_booked')
        return 'opened'
      })
    }
    const { memberId } = want
    const occasionId = 'book' in want ? want.book : 'leave' in want ? want.leave : want.attend
    const seat = { occasionId, memberId, byId: memberId }
    return store.tx(
      async (tx) => {
        if ('book' in want) return (await bookings.bookIn(tx, { ...seat, how: 'herself' })).state
        if ('leave' in want) {
          await bookings.leaveIn(tx, occasionId, memberId)
          return 'left'
        }
        const { at } = await bookings.attendances.attendIn(tx, { ...seat, how: 'qr', walkIn: true })
        return String(at)
      },
      { hot: `class:${occasionId}` }
    )
  }

  return async () => {
    const outcomes = await Promise.allSettled(wants.map(outcomeOf))
    await store.close()
    return outcomes.map((outcome) => {
      if (outcome.status === 'fulfilled') return outcome.value
      return outcome.reason instanceof Problem ? outcome.reason.code : String(outcome.reason)
    })
  }
})
