import path from 'node:path'
import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { openEngine } from '../store/open.ts'
import type { Phone } from '../testing/crowd.ts'
import { engines, type Engine } from '../testing/engines.ts'
import { mortals, type Mortals } from '../testing/mortal.ts'
import type { Place, Ready } from './rush-server.ts'

const MEMBERS = 600
const TOTAL = 500
/** Phones that ask at the same time. */
const AT_ONCE = 48
const MINUTES = 120_000

let servers: Mortals<Place, Ready>
beforeAll(() => void (servers = mortals(path.join(import.meta.dirname, 'rush-server.ts'))))
afterAll(() => servers.leave())

describe.each(engines)('a rush on $name', (engine) => {
  let place: Awaited<ReturnType<Engine['make']>>
  beforeEach(async () => {
    place = await engine.make()
  })
  afterEach(async () => {
    await servers.killAll()
    await place.drop()
  })

  function start(more: Omit<Place, 'env'> = {}, env: Record<string, string> = {}) {
    const where = { DATA_DIR: place.dataDir, DATABASE_URL: place.databaseUrl, SECRET: 's'.repeat(32), ...env }
    return servers.start({ ...more, env: where })
  }

  /** What is on disk, read by somebody who knows nothing of the servers. */
  async function books(couponId: string) {
    const store = await openEngine(place)
    const { claims, coupons } = store.schema
    const rows = await store.read.select().from(claims).where(eq(claims.couponId, couponId))
    const [coupon] = await store.read.select().from(coupons).where(eq(coupons.id, couponId))
    await store.close()
    return { claimed: new Set(rows.map((row) => row.memberId)), rows: rows.length, left: coupon!.left }
  }

  /** Kills it three times in the middle, or until `seen` has seen enough. */
  async function killedInTheRush(more: Omit<Place, 'env'>, seen: (lost: number) => boolean) {
    const answered = new Set<string>()
    let server = await start({ ...more, begin: { members: MEMBERS, total: TOTAL } })
    const { phones, couponId } = server.answer as Required<Ready>
    const waiting = [...phones]
    let lost = 0
    for (const enough of [90, 180, 270]) {
      await rush([server.answer.port], couponId, waiting, answered, { enough, meanwhile: server.kill })
      const { claimed } = await books(couponId)
      lost = [...answered].filter((memberId) => !claimed.has(memberId)).length
      if (seen(lost)) break
      server = await start(more)
    }
    return { answered, couponId, server, phones, lost }
  }

  it(
    'killed three times in the middle has every answered claim, and none above the total',
    async () => {
      const { answered, couponId, server, phones } = await killedInTheRush({}, (lost) => lost > 0)
      const before = await books(couponId)
      expect(answered.size).toBeGreaterThanOrEqual(270)
      expect([...answered].filter((memberId) => !before.claimed.has(memberId))).toEqual([])
      expect(before.rows).toBe(TOTAL - before.left)

      await rush([server.answer.port], couponId, [...phones], answered)
      await server.kill()
      const after = await books(couponId)
      expect([...answered].filter((memberId) => !after.claimed.has(memberId))).toEqual([])
      expect([after.rows, after.claimed.size, after.left]).toEqual([TOTAL, TOTAL, 0])
    },
    MINUTES
  )

  it(
    'that answers before its commit is caught by the same suite',
    async () => {
      const { lost } = await killedInTheRush({ early: true }, (lost) => lost > 0)
      expect(lost).toBeGreaterThan(0)
    },
    MINUTES
  )

  it.skipIf(engine.name === 'sqlite' || !inject('redisUrl'))(
    'on two servers gives out each coupon once, though one of them is killed',
    async () => {
      const env = { REDIS_URL: inject('redisUrl') }
      const first = await start({ begin: { members: MEMBERS, total: TOTAL } }, env)
      const second = await start({}, env)
      const { phones, couponId } = first.answer as Required<Ready>
      const answered = new Set<string>()
      await rush([first.answer.port, second.answer.port], couponId, [...phones], answered, {
        enough: 200,
        meanwhile: second.kill
      })
      await rush([first.answer.port], couponId, [...phones], answered)
      const { claimed, rows, left } = await books(couponId)
      expect([...answered].filter((memberId) => !claimed.has(memberId))).toEqual([])
      expect([rows, claimed.size, left]).toEqual([TOTAL, TOTAL, 0])
    },
    MINUTES
  )
})

/**
 * Every waiting phone claims once. As soon as `enough` of them have their answer, `meanwhile` happens, in the middle of
 * what the others are asking; whoever gets no answer after that asked in vain.
 */
async function rush(
  ports: number[],
  couponId: string,
  waiting: Phone[],
  answered: Set<string>,
  { enough = Infinity, meanwhile = async () => {} }: { enough?: number; meanwhile?: () => Promise<void> } = {}
) {
  const strange: string[] = []
  let happened: Promise<void> | undefined
  await Promise.all(
    Array.from({ length: AT_ONCE }, async (_, i) => {
      const url = `http://127.0.0.1:${ports[i % ports.length]}/api/coupons/${couponId}/claim`
      for (let phone = waiting.shift(); phone; phone = waiting.shift()) {
        const { status, code } = await claimed(url, phone)
        if (status === 200) answered.add(phone.memberId)
        else if (code === 'no_answer' && happened) return void waiting.unshift(phone)
        else if (code !== 'coupon_gone' && code !== 'coupon_claimed') strange.push(`${status} ${code}`)
        if (answered.size >= enough) happened ??= meanwhile()
      }
    })
  )
  await happened
  expect(strange).toEqual([])
}

async function claimed(url: string, { cookie }: Phone) {
  try {
    const answer = await fetch(url, { method: 'POST', headers: { cookie } })
    const { code } = (await answer.json()) as { code?: string }
    return { status: answer.status, code }
  } catch {
    return { status: 0, code: 'no_answer' }
  }
}
