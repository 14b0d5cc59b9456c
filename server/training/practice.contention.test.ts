import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { settableClock } from '../testing/clock.ts'
import { engines, type Engine } from '../testing/engines.ts'
import { villageAt } from '../testing/market.ts'
import { together, type Together } from '../testing/together.ts'
import { people, type SignedIn } from '../testing/village.ts'
import type { Errand, Wish } from './issuer.ts'
import { attend, give, practicalCourse, rehearsed } from './testing.ts'

const MINUTE = 60_000
const YEAR = 365 * 86_400_000

let processes: Together<Errand, string[]>
beforeAll(() => void (processes = together(path.join(import.meta.dirname, 'issuer.ts'), 2)))
afterAll(() => processes.leave())

describe.each(engines)('two servers of one school on $name', (engine) => {
  const clock = settableClock()
  let place: Awaited<ReturnType<Engine['make']>>
  let village: Awaited<ReturnType<typeof villageAt>>
  let chen: SignedIn
  let mei: SignedIn
  let courseId: string
  let showId: string

  beforeEach(async () => {
    place = await engine.make()
    village = await villageAt(place, clock)
    const { signIn, learner, guest, codeOf } = people(village)
    const v = { village, signIn, learner, guest, codeOf, close: async () => {} }
    chen = await signIn('老陈', 'trainer')
    mei = await signIn('梅子')
    courseId = await practicalCourse(chen, { makesHost: true })
    await attend(clock, chen, courseId, mei)
    showId = await rehearsed(v, clock, mei, courseId)
    await give(chen, showId, courseId, 100)
  })
  afterEach(async () => {
    await village.close()
    await place.drop()
  })

  /** Each server is asked for all of these, all at the same moment. */
  async function both(...wishes: Wish[]) {
    const { databaseUrl, dataDir } = place
    const errand = { place: { databaseUrl, dataDir }, now: clock.now(), me: chen.me, wishes }
    return (await processes.go([errand, errand])).flat()
  }
  const rows = () => village.store.schema

  it(
    'issue one certificate to a woman, give one role and tell her once',
    async () => {
      const wish = { issue: courseId, memberIds: [mei.me.id] }
      const codes = await both(wish, wish, wish, wish)
      const { certificates, notices, audit } = rows()
      const issued = await village.store.read.select().from(certificates)
      expect(issued.map(({ memberId }) => memberId)).toEqual([mei.me.id])
      expect(new Set(codes)).toEqual(new Set([issued[0]!.code]))
      const told = (await village.store.read.select().from(notices)).filter(
        ({ kind }) => kind === 'certificate_issued'
      )
      expect(told).toHaveLength(1)
      const granted = (await village.store.read.select().from(audit)).filter(
        ({ action }) => action === 'roles_granted'
      )
      expect(granted).toHaveLength(1)
    },
    MINUTE
  )

  it(
    'revoke a certificate once',
    async () => {
      const { issued } = await village.school.certificates.issue(chen.me, courseId, [mei.me.id])
      const revoke = { revoke: issued[0]!.code }
      const outcomes = await both(revoke, revoke)
      expect(outcomes.toSorted((a, b) => a.localeCompare(b))).toEqual([
        ...Array.from({ length: 3 }, () => 'certificate_revoked'),
        'revoked'
      ])
      const told = (await village.store.read.select().from(rows().notices)).filter(
        ({ kind }) => kind === 'certificate_revoked'
      )
      expect(told).toHaveLength(1)
    },
    MINUTE
  )

  it(
    'pair an apprentice with one master',
    async () => {
      const { signIn } = people(village)
      const masters = [await signIn('秀兰', 'host'), await signIn('桂兰', 'host')]
      const offers = masters.map(({ me }) => ({
        offer: {
          mentorId: me.id,
          apprenticeId: mei.me.id,
          agreement: '带她开三场',
          endsAt: clock.now() + YEAR,
          tasks: ['跟播三场']
        }
      }))
      const outcomes = await both(...offers)
      expect(outcomes.filter((code) => code === 'apprentice_taken')).toHaveLength(3)
      const pairs = await village.store.read.select().from(rows().mentorships)
      expect(pairs).toHaveLength(1)
      expect(outcomes).toContain(pairs[0]!.id)
      expect(await village.store.read.select().from(rows().mentorTasks)).toHaveLength(1)
    },
    MINUTE
  )

  it(
    'keep one trainer’s marks for a show once, and open one room for a class',
    async () => {
      const scores = [
        { criterionId: 'voice', points: 40 },
        { criterionId: 'goods', points: 60 }
      ]
      const marks = { assess: showId, marks: { courseId, scores, words: '', evidence: [] } }
      const outcomes = await both(marks, { room: 'class-1' }, marks, { room: 'class-1' })
      expect(await village.store.read.select().from(rows().assessments)).toHaveLength(1)
      expect(outcomes.filter((id) => id === 'class-class-1')).toHaveLength(4)
      expect(new Set(outcomes).size).toBe(2)
    },
    MINUTE
  )
})
