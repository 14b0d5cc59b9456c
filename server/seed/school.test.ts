import { and, countDistinct, eq, isNotNull } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { STEPS } from '../../shared/contracts/outcomes.ts'
import { openVillage, type Village } from '../app.ts'
import { storyClock } from '../clock.ts'
import { readSettings } from '../settings.ts'
import { engines } from '../testing/engines.ts'
import { cameTo } from './history.ts'
import { person, seedVillage } from './seed.ts'

/** A hundred days of history, on a machine that has other things to do. */
const SEEDING_MS = 180_000

describe.each(engines)('the demo village’s school on $name', ({ make }) => {
  let village: Village
  let drop: () => Promise<void>
  const clock = storyClock()

  beforeAll(async () => {
    const place = await make()
    drop = place.drop
    village = await openVillage(
      { ...readSettings({ DEMO: '1', ALLOW_SANDBOX_PAY: '1' }), ...place },
      { clock }
    )
    await seedVillage(village, clock)
  }, SEEDING_MS)
  afterAll(async () => {
    await village.close()
    await drop()
  })

  it('has five courses whose lessons are short and whose files are there', async () => {
    const { courses, files } = village.school
    const trainer = person('trainer')
    const open = await courses.open()
    expect(open).toHaveLength(5)
    for (const { id } of open) {
      for (const lesson of (await courses.get(trainer, id)).lessons) {
        const { seconds, blocks } = await courses.lesson(trainer, lesson.id)
        expect(seconds).toBeLessThanOrEqual(300)
        for (const block of blocks) {
          if (!('fileId' in block)) continue
          const { object } = await files.open(trainer, block.fileId)
          object.body.destroy()
          expect(object.size).toBeGreaterThan(1_000)
        }
      }
    }
  })

  it('looks back on five classes and six hundred attendances', async () => {
    const now = clock.now()
    const day = 24 * 3_600_000
    const board = await village.school.outcomes.board({ to: now - day })
    expect(board).toMatchObject({ classes: 5, attendances: 600, certificates: 48 })
    expect([0, 1, 2, 3, 4].map((i) => cameTo(i).length)).toEqual([128, 121, 117, 119, 115])
  })

  it('shows on its board exactly what the raw tables say', async () => {
    const board = await village.school.outcomes.board({})
    const counted = await countAgain(village)
    expect(Object.fromEntries(board.steps.map(({ step, people }) => [step, people]))).toEqual(counted)
    // Two hundred came, two dozen were licensed, twenty went on air.
    expect(counted).toMatchObject({ attended: 200, rehearsed: 31, licensed: 24, first_show: 20 })
    for (const step of STEPS) {
      const people = await village.school.outcomes.everybody({})
      expect(people.lists.find((each) => each.step === step)!.people).toHaveLength(counted[step]!)
    }
  })

  it('holds a class now, and has one in a week that more want than can come', async () => {
    const [today, ...coming] = await village.school.classes.list(undefined, {})
    const next = coming.find(({ courseId }) => courseId === 'course-live')
    expect(coming.map(({ courseId }) => courseId).toSorted()).toEqual(['course-live', 'course-safety'])
    expect(today!.startsAt).toBeLessThanOrEqual(clock.now())
    expect(today!.left).toBeGreaterThan(0)
    expect(next).toMatchObject({ left: 0, waiting: 5 })
  })

  it('knows its women by branch, and says of every step how many are women', async () => {
    const branches = await village.school.branches.list()
    expect(branches[0]).toMatchObject({ parentId: '', members: 209 })
    expect(branches).toHaveLength(9)
    const { steps } = await village.school.outcomes.board({})
    expect(steps[0]).toMatchObject({ step: 'enrolled', people: 209, women: 209, men: 0 })
  })

  it('pairs a learner with a master', async () => {
    const [pair] = await village.school.mentorships.mine(person('caixia'))
    expect(pair).toMatchObject({ state: 'active', mentor: { name: '海燕' } })
    expect(pair!.tasks.map(({ state }) => state)).toEqual(['done', 'open', 'open'])
  })

  it('is told once, however often the village is opened', async () => {
    const before = await village.school.outcomes.board({})
    await seedVillage(village, clock)
    expect(await village.school.outcomes.board({})).toEqual(before)
  })
})

/** The board's numbers, counted from what happened instead of from the milestones. */
async function countAgain({ store, school }: Village): Promise<Record<string, number>> {
  const { bookings, attendances, shows, certificates, orders, shops } = store.schema
  const { read } = store
  const one = async (rows: Promise<{ n: number }[]>) => (await rows)[0]!.n
  const onAir = (kind: 'public' | 'rehearsal') =>
    one(
      read
        .select({ n: countDistinct(shows.hostId) })
        .from(shows)
        .where(and(eq(shows.kind, kind), isNotNull(shows.openedAt)))
    )
  const paid = await read
    .select({ hostId: shops.ownerId, payFen: orders.payFen, backFen: orders.refundedFen })
    .from(orders)
    .innerJoin(shops, eq(shops.id, orders.shopId))
    .where(isNotNull(orders.paidAt))
  const over = await read
    .select({ hostId: shows.hostId })
    .from(shows)
    .where(and(eq(shows.kind, 'public'), eq(shows.state, 'ended')))
  const soldFen = (hostId: string) =>
    paid
      .filter((order) => order.hostId === hostId)
      .reduce((sum, { payFen, backFen }) => sum + payFen - backFen, 0)
  const held = (hostId: string) => over.filter((show) => show.hostId === hostId).length
  const sellers = [...new Set(paid.map(({ hostId }) => hostId))]
  const { successFen, successShows } = await school.success()
  return {
    enrolled: await one(read.select({ n: countDistinct(bookings.memberId) }).from(bookings)),
    attended: await one(
      read
        .select({ n: countDistinct(attendances.memberId) })
        .from(attendances)
        .where(eq(attendances.undone, false))
    ),
    rehearsed: await onAir('rehearsal'),
    licensed: await one(
      read
        .select({ n: countDistinct(certificates.memberId) })
        .from(certificates)
        .where(eq(certificates.courseId, 'course-live'))
    ),
    first_show: await onAir('public'),
    first_1000: sellers.filter((hostId) => soldFen(hostId) >= 100_000).length,
    successful: sellers.filter((hostId) => soldFen(hostId) >= successFen && held(hostId) >= successShows)
      .length
  }
}
