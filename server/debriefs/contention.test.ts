import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { engines } from '../testing/engines.ts'
import { market, type Market } from '../testing/market.ts'
import { addClass, addCourse } from '../testing/schoolhouse.ts'
import { together, type Together } from '../testing/together.ts'
import type { SignedIn } from '../testing/village.ts'
import type { Errand } from './accepter.ts'
import { onAir } from './testing.ts'

/** Each opens a whole village first, on whatever machine this is. */
const MINUTES = 120_000

let servers: Together<Errand, string[]>
beforeAll(() => void (servers = together(path.join(import.meta.dirname, 'accepter.ts'), 2)))
afterAll(() => servers.leave())

describe.each(engines)('two trainers at two servers on $name', { timeout: MINUTES }, (engine) => {
  let m: Market
  beforeEach(async () => {
    m = await market(engine)
  })
  afterEach(() => m.close())

  it('who accept the same card at once set one piece of homework and take one seat', async () => {
    const trainers = [await m.signIn('老陈', 'trainer'), await m.signIn('周老师', 'trainer')]
    const wang = await m.signIn('王姐')
    const { id } = await addClass(trainers[0]!, await addCourse(trainers[0]!, { topic: 'dining' }))
    const show = await onAir(m.village, m.clock, m.host, [m.clams.productId])
    await show.say(m.buyer, '煮多久')
    await show.say(wang, '怎么煮啊')
    show.minute(10)
    await show.end()

    const { databaseUrl, dataDir } = m.place
    const errand = ({ me: { id: trainerId, name, roles } }: SignedIn): Errand => ({
      place: { databaseUrl, dataDir },
      now: m.clock.now(),
      me: { id: trainerId, name, roles },
      showId: show.showId,
      times: 3
    })
    const got = (await servers.go(trainers.map(errand))).flat()
    expect(got).toHaveLength(6)
    expect(new Set(got).size).toBe(1)
    expect(got[0]).toMatch(/ booked (老陈|周老师)的话$/)

    const { homeworkTasks, debriefCards, notices, occasions } = m.village.store.schema
    const { read } = m.village.store
    expect(await read.select().from(homeworkTasks)).toHaveLength(1)
    expect(await read.select().from(debriefCards)).toMatchObject([{ classId: id, seat: 'booked' }])
    expect(await read.select().from(occasions)).toMatchObject([{ id, taken: 1 }])
    const told = (await read.select().from(notices)).map(({ kind }) => kind)
    expect(told.filter((kind) => kind === 'homework_set')).toHaveLength(1)
  })
})
