import { cpSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOLD_MS } from '../../shared/contracts/orders.ts'
import type { Village } from '../app.ts'
import { settableClock } from '../testing/clock.ts'
import { engines, type Place } from '../testing/engines.ts'
import { begin } from '../testing/life/begun.ts'
import { openBooks, type Books } from '../testing/life/books.ts'
import { troublesOf, unsettled, wasPaid, type Known } from '../testing/life/rules.ts'
import { misstated } from '../testing/life/statement.ts'
import { villageAt } from '../testing/market.ts'
import { mortals, type Mortals } from '../testing/mortal.ts'
import { people, type SignedIn } from '../testing/village.ts'
import type { Errand, Stood, When } from './walked-server.ts'
import { EARLY, STORIES, type Cast, type Told } from './walked.ts'

/** Boundaries at which one process stands at once, with two villages at each, when it is killed. */
const ABREAST = 6
/** Placing, and opening a payment: all stories begin with these units, so one of them walks there for all. */
const BEGUN_UNITS = 4
/** No story has so many units of work. */
const MOST_UNITS = 100
const WHENS: When[] = ['before the commit', 'after the commit']
/** Longer than the lease of a job that a dead server took with it. */
const LATER_MS = HOLD_MS + 31 * 60_000
const ROUNDS = 5
const MINUTES = 180_000

const TERMS = {
  clamsFen: 3_990,
  flashFen: 1_337,
  kelpFen: 1_001,
  prawnsFen: 12_800,
  firstFen: 800,
  moreFen: 250,
  freeFromFen: 0,
  shopOffFen: 777,
  percent: 15,
  otherOffFen: 333,
  unionOffFen: 1_500,
  unionThresholdFen: 5_000,
  shopPotFen: 3_000,
  unionPotFen: 3_000
}

/** SQLite only: on PostgreSQL a commit is the database’s own, and what follows it is the same. */
describe('a server killed between any two units of', () => {
  const now = Date.now()
  let place: Place
  let cast: Cast
  let servers: Mortals<Errand, Stood[]>
  const copies: Place[] = []
  beforeAll(async () => {
    servers = mortals(path.join(import.meta.dirname, 'walked-server.ts'))
    place = await engines[0]!.make()
    const village = await villageAt(place, settableClock(now))
    const { signIn } = people(village)
    const [buyer, host, other, officer, second] = [
      await signIn('李梅'),
      await signIn('王秀兰', 'host'),
      await signIn('赵梅', 'host'),
      await signIn('王主任', 'officer', 'operator'),
      await signIn('李主任', 'officer')
    ]
    const as = ({ me: { id, name, roles } }: SignedIn) => ({ id, name, roles })
    const begun = await begin(village, 'walked-life', TERMS, {
      buyer: as(buyer),
      hosts: [as(host), as(other)],
      officers: [as(officer), as(second)]
    })
    for (const couponId of begun.couponIds) await village.coupons.claimFor(begun.buyer, couponId)
    cast = { begun, cookies: { buyer: buyer.cookie, host: host.cookie, officer: officer.cookie } }
    await village.close()
  })
  afterAll(async () => {
    await servers.leave()
    for (const each of [place, ...copies]) await each.drop()
  })

  /** A village like the first one, on its own disk. */
  async function copied(): Promise<string> {
    const copy = await engines[0]!.make()
    copies.push(copy)
    cpSync(place.dataDir, copy.dataDir, { recursive: true, force: true })
    return copy.dataDir
  }

  /** The next so many boundaries: villages that stand there, and a process that is killed with all of them. */
  async function walkedFrom(story: keyof typeof STORIES, unit: number) {
    const stops: Errand['stops'] = []
    for (let n = unit; n < unit + ABREAST; n++) {
      for (const when of WHENS) stops.push({ dataDir: await copied(), unit: n, when })
    }
    const server = await servers.start({ story, cast, now, stops })
    await server.kill()
    return server.answer.map((stood, i) => ({ ...stops[i]!, ...stood }))
  }

  it.each(Object.keys(STORIES) as (keyof typeof STORIES)[])(
    '“%s” leaves nothing half done, and forgets nothing that it has said',
    async (story) => {
      const isFirst = story === Object.keys(STORIES)[0]
      const first = isFirst ? 1 : BEGUN_UNITS + 1
      let ended = 0
      let walk = walkedFrom(story, first)
      for (let unit = first; !ended; unit += ABREAST) {
        if (unit > MOST_UNITS) throw new Error('the story has no end')
        const stops = await walk
        ended = stops.find(({ finished }) => finished)?.unit ?? 0
        if (!ended) walk = walkedFrom(story, unit + ABREAST) // while these are looked at
        walk.catch(() => {})
        for (const stop of stops) {
          const where = `killed ${stop.when} of unit ${stop.unit}`
          expect(await troublesAfter(stop), where).toEqual([])
        }
      }
      expect(ended).toBeGreaterThan(first)
    },
    MINUTES
  )

  /** Another server opens what the dead one left, and does what is due; then the books must be right. */
  async function troublesAfter({ dataDir, told }: Stood & { dataDir: string }): Promise<string[]> {
    const clock = settableClock(now + LATER_MS)
    const village = await villageAt({ databaseUrl: '', dataDir }, clock)
    try {
      const books = openBooks(village.store)
      const found = await books(cast.begun)
      const settled = await settledBooks(village, clock, () => books(cast.begun))
      const known: Known = {
        shelved: shelvedIn(settled),
        tillOf: ({ id }) => {
          const till = settled.sandbox.find((each) => each.id === id)
          return { took: till?.state === 'paid' ? till.amountFen : 0, gaveBack: till?.refundedFen ?? 0 }
        }
      }
      return [
        ...forgotten(told, found),
        ...troublesOf(cast.begun, settled, known),
        ...unsettled(settled, known),
        ...(await misstated(village, cast.begun, settled)),
        ...(await village.shop.ledger.checks.now()).troubles.map((each) => JSON.stringify(each))
      ]
    } finally {
      await village.close()
    }
  }

  async function settledBooks(
    village: Village,
    clock: ReturnType<typeof settableClock>,
    read: () => Promise<Books>
  ) {
    // A gateway repeats what nobody has answered; what is still open here is asked for, without having been told.
    for (const { id, state } of (await read()).payments) {
      if (state !== 'open') await village.payments.play(cast.begun.buyer, id, 'paid')
    }
    for (let n = 0; n < ROUNDS; n++) {
      await village.orders.expireOverdue()
      if ((await village.jobs.runDue()) === 0) break
      clock.pass(60_000)
    }
    return read()
  }
})

/** What was paid back before it was packed lies on the shelf again. */
function shelvedIn({ backs }: Books): Map<string, number> {
  const early = backs.filter(({ key }) => key === `desk:${EARLY}`)
  return new Map(
    early.flatMap(({ orderId, lines }) => lines.map(({ specId, qty }) => [`${orderId}:${specId}`, qty]))
  )
}

/** In which order states follow each other; who was told of one finds that one or a later one. */
const ORDER = ['pending', 'paid', 'packed', 'shipped', 'received', 'done', 'refunded']

function forgotten(told: readonly Told[], { orders, payments, backs }: Books): string[] {
  const bill = (id: string) => orders.filter(({ billId }) => billId === id)
  const isTrue = (each: Told) => {
    switch (each.what) {
      case 'placed':
        return bill(each.billId).length === 2
      case 'opened':
        return payments.some(({ id, payUrl }) => id === each.paymentId && payUrl !== '')
      case 'paid':
        return bill(each.billId).every(wasPaid)
      case 'cancelled':
        return bill(each.billId).every(({ state }) => state === 'cancelled')
      case 'paid back':
        return backs.some(({ id }) => id === each.refundId)
      case 'moved': {
        const state = orders.find(({ id }) => id === each.orderId)?.state ?? ''
        return ORDER.indexOf(state) >= ORDER.indexOf(each.to)
      }
    }
  }
  return told.filter((each) => !isTrue(each)).map((each) => `forgotten: ${JSON.stringify(each)}`)
}
