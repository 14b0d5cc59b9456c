import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { engines } from '../testing/engines.ts'
import { market, type Market } from '../testing/market.ts'
import { together, type Together } from '../testing/together.ts'
import type { SignedIn } from '../testing/village.ts'
import type { Errand } from './keeper.ts'
import { actId, guests, MEAL_FEN } from './testing.ts'
import { EXPIRY_GRACE_MS } from './voucher.ts'

const SERVERS = 2
/** Each opens a whole village first, on whatever machine this is. */
const MINUTES = 180_000
const MEALS = 6

let servers: Together<Errand, string[]>
beforeAll(() => void (servers = together(path.join(import.meta.dirname, 'keeper.ts'), SERVERS)))
afterAll(() => servers.leave())

describe.each(engines)('two gates in the same second on $name', { timeout: MINUTES }, (engine) => {
  let m: Market
  let at: Awaited<ReturnType<typeof guests>>
  beforeEach(async () => {
    m = await market(engine)
    at = await guests(m)
  })
  afterEach(() => m.close())

  const member = ({ me: { id, name, roles } }: SignedIn) => ({ id, name, roles })
  const errand = (n: number, more: Partial<Errand>): Errand => ({
    place: { databaseUrl: m.place.databaseUrl, dataDir: m.place.dataDir },
    now: m.clock.now(),
    keeper: member(m.host),
    buyer: member(m.buyer),
    gateId: `gate-number-${n}`,
    scans: [],
    givesBack: [],
    syncs: [],
    ...more
  })
  const go = async (...errands: Partial<Errand>[]) =>
    (await servers.go(errands.map((more, n) => errand(n, more)))).flat()
  const count = (got: string[], what: string) => got.filter((each) => each === what).length
  const tries = async () => {
    const { store } = m.village
    return store.read.select().from(store.schema.redemptions)
  }
  async function right() {
    await m.village.jobs.runDue()
    expect(await at.troubles()).toEqual([])
  }

  it('let one guest in with one code, however often each scans it', async () => {
    const { vouchers } = await at.bought()
    const { qr, code } = vouchers[0]!
    const scans = () => Array.from({ length: 8 }, (_, i) => ({ id: actId(), text: i % 2 ? qr : code }))
    const got = await go({ scans: scans() }, { scans: scans() })
    expect([count(got, 'redeemed'), count(got, 'conflict')]).toEqual([1, 15])
    const outcomes = (await tries()).map(({ outcome }) => outcome)
    expect([count(outcomes, 'redeemed'), count(outcomes, 'conflict')]).toEqual([1, 15])
  })

  it('are one act where they say the same one', async () => {
    const { vouchers } = await at.bought()
    const scans = Array.from({ length: 4 }, () => ({ id: 'the-same-act', text: vouchers[0]!.code }))
    const got = await go({ scans }, { scans })
    expect(got).toEqual(Array(8).fill('redeemed'))
    expect(await tries()).toHaveLength(1)
  })

  it('hand in the same evening twice at once, and each redemption counts once', async () => {
    const { vouchers } = await at.bought(MEALS)
    const items = vouchers.map(({ qr }) => ({ id: actId(), text: qr, at: m.clock.now() }))
    const got = await go({ syncs: [items, items] }, { syncs: [items] })
    expect(got).toEqual(Array(3).fill(Array(MEALS).fill('redeemed').join(' ')))
    expect(await tries()).toHaveLength(MEALS)
  })

  it('redeem a voucher or its buyer has her money, never both', async () => {
    const { orderId, vouchers } = await at.bought(MEALS)
    const scans = vouchers.map(({ code }) => ({ id: actId(), text: code }))
    const got = await go({ scans }, { givesBack: vouchers.map(({ id }) => id) })
    const redeemed = count(got, 'redeemed')
    expect(count(got, 'refunded')).toBe(MEALS - redeemed)
    expect(count(got, 'voucher_used')).toBe(redeemed)
    expect(count(got, 'refused')).toBe(MEALS - redeemed)
    expect(await at.orderOf(orderId)).toMatchObject({ refundedFen: (MEALS - redeemed) * MEAL_FEN })
    await right()
  })

  it('say whom they let in while two servers pay back what is over: one of the two for each', async () => {
    const { orderId, vouchers } = await at.bought(MEALS)
    const { expiresAt } = vouchers[0]!
    m.clock.set(expiresAt + EXPIRY_GRACE_MS + 1)
    const items = vouchers.map(({ qr }) => ({ id: actId(), text: qr, at: expiresAt }))
    const got = await go(
      { sweeps: true, syncs: [items.slice(0, 3)] },
      { sweeps: true, syncs: [items.slice(3)] }
    )
    const redeemed = count(got.join(' ').split(' '), 'redeemed')
    expect(await at.orderOf(orderId)).toMatchObject({ refundedFen: (MEALS - redeemed) * MEAL_FEN })
    const states = (await at.vouchersOf(orderId)).map(({ state }) => state)
    expect([count(states, 'redeemed'), count(states, 'expired')]).toEqual([redeemed, MEALS - redeemed])
    await right()
  })
})
