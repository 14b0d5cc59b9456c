import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openEngine } from '../store/open.ts'
import { engines, type Engine } from '../testing/engines.ts'
import { together, type Together } from '../testing/together.ts'
import type { Errand } from './claimer.ts'

const DAY = 86_400_000
const MINUTE = 60_000

let processes: Together<Errand, string[]>
beforeAll(() => void (processes = together(path.join(import.meta.dirname, 'claimer.ts'), 2)))
afterAll(() => processes.leave())

describe.each(engines)('two processes on one $name', (engine) => {
  let place: Awaited<ReturnType<Engine['make']>>
  beforeEach(async () => {
    place = await engine.make()
  })
  afterEach(() => place.drop())

  /** Lets every group claim from a process of its own, all from the same moment on. */
  async function claimed(total: number, perMember: number, ...groups: string[][]) {
    return claimedBy('', total, perMember, ...groups)
  }
  async function claimedBy(word: string, total: number, perMember: number, ...groups: string[][]) {
    const store = await openEngine(place)
    const { coupons, claims } = store.schema
    const now = Date.now()
    await store.tx((tx) =>
      tx.insert(coupons).values({
        id: 'rush',
        shopId: 'shop',
        hostId: 'host',
        showId: 'show',
        kind: word ? 'code' : 'plain',
        code: word,
        offFen: 100,
        thresholdFen: 0,
        total,
        left: total,
        perMember,
        endsAt: now + DAY,
        createdBy: 'host',
        createdAt: now
      })
    )
    const { databaseUrl, dataDir } = place
    const outcomes = await processes.go(
      groups.map((memberIds) => ({ databaseUrl, dataDir, couponId: 'rush', memberIds, word }))
    )
    const rows = await store.read.select().from(claims)
    const [coupon] = await store.read.select().from(coupons)
    await store.close()
    return { outcomes: outcomes.flat(), rows, left: coupon!.left }
  }
  const people = (from: number, many: number) => Array.from({ length: many }, (_, i) => `member-${from + i}`)
  const counted = (outcomes: string[]) =>
    Object.fromEntries([...Map.groupBy(outcomes, (code) => code)].map(([code, some]) => [code, some.length]))

  it(
    'give the only coupon to one of sixty-four',
    async () => {
      const { outcomes, rows, left } = await claimed(1, 1, people(0, 32), people(32, 32))
      expect(counted(outcomes)).toEqual({ claimed: 1, coupon_gone: 63 })
      expect([rows.length, left]).toEqual([1, 0])
    },
    MINUTE
  )

  it(
    'give the only coupon of a word to one of sixty-four who say it',
    async () => {
      const { outcomes, rows, left } = await claimedBy('赶海', 1, 1, people(0, 32), people(32, 32))
      expect(counted(outcomes)).toEqual({ claimed: 1, coupon_gone: 63 })
      expect([rows.length, left]).toEqual([1, 0])
    },
    MINUTE
  )

  it(
    'give one member her two, though she asks from both at once',
    async () => {
      const often = Array.from({ length: 8 }, () => 'member-0')
      const { outcomes, rows, left } = await claimed(10, 2, often, often)
      expect(counted(outcomes)).toEqual({ claimed: 2, coupon_claimed: 14 })
      expect([rows.map((row) => row.nth).toSorted((a, b) => a - b), left]).toEqual([[1, 2], 8])
    },
    MINUTE
  )
})
