import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Member } from '../members/member.ts'
import { engines } from '../testing/engines.ts'
import { CLAM_FEN, market, type Market } from '../testing/market.ts'
import { together, type Together } from '../testing/together.ts'
import type { SignedIn } from '../testing/village.ts'
import type { Errand, Try } from './rusher.ts'
import { HOUR, landings } from './testing.ts'
import { OFFER_MS } from './wait.ts'

const SERVERS = 2
/** Each opens a whole village first, on whatever machine this is. */
const MINUTES = 180_000

let servers: Together<Errand, string[]>
beforeAll(() => void (servers = together(path.join(import.meta.dirname, 'rusher.ts'), SERVERS)))
afterAll(() => servers.leave())

const memberOf = ({ me }: SignedIn): Member => ({ id: me.id, name: me.name, roles: me.roles })

describe.each(engines)('two servers of one village on $name', { timeout: MINUTES }, (engine) => {
  let m: Market
  let urchins: { productId: string; specId: string; shopId: string }
  let on: ReturnType<typeof landings>
  beforeEach(async () => {
    m = await market(engine)
    urchins = await m.goods(m.host, { title: '海胆', stock: 0 })
    on = landings(m, urchins)
  })
  afterEach(() => m.close())

  /** The tries are dealt out to the servers in turn. */
  const go = async (tries: Try[], now = m.clock.now()) => {
    const { databaseUrl, dataDir } = m.place
    const errands = Array.from({ length: SERVERS }, (_, i) => ({
      place: { databaseUrl, dataDir },
      now,
      tries: tries.filter((_each, at) => at % SERVERS === i)
    }))
    return (await servers.go(errands)).flat()
  }
  const uses = () => m.village.store.read.select().from(m.village.store.schema.lotUses)
  const waits = () => m.village.store.read.select().from(m.village.store.schema.stockWaits)
  const statesOf = async () => {
    const counts: Record<string, number> = {}
    for (const { state } of await waits()) counts[state] = (counts[state] ?? 0) + 1
    return counts
  }
  const people = async (count: number) =>
    Promise.all(Array.from({ length: count }, async (_, i) => memberOf(await m.signIn(`候补${i}`))))
  const sum = (rows: { qty: number }[]) => rows.reduce((all, { qty }) => all + qty, 0)

  it('sell what came ashore and what is to come exactly once, and know where each piece came from', async () => {
    await on.land({ lines: [on.bags(3)], landsAt: m.clock.now() - 2 * HOUR })
    await on.land({ lines: [on.bags(5)] })
    await on.ahead(2)
    const line = { specId: urchins.specId, qty: 1, ahead: true, agreed: true }
    const tries = Array.from({ length: 9 }, (): Try => {
      const draft = m.draft({ lines: [line], payFen: CLAM_FEN })
      return { do: 'buy', me: memberOf(m.buyer), draft }
    })
    const other = await m.signIn('二姐')
    const addressId = await m.addressOf(other)
    const hers = Array.from({ length: 5 }, (): Try => {
      return {
        do: 'buy',
        me: memberOf(other),
        draft: m.draft({ lines: [line], payFen: CLAM_FEN, addressId })
      }
    })
    const got = await go([...tries, ...hers])
    expect(got.filter((each) => each === 'sold_out')).toHaveLength(4)
    const orders = new Set(got.filter((each) => each !== 'sold_out'))
    expect(orders.size).toBe(10)
    expect([await on.stock(), await on.left()]).toEqual([0, []])
    const from = await uses()
    expect([sum(from), new Set(from.map(({ orderId }) => orderId)).size]).toEqual([10, 10])
  })

  it('let nobody wait while there is some, and leave nothing lying while somebody waits', async () => {
    const members = await people(12)
    const { specId } = urchins
    const tries = members.map((me): Try => ({ do: 'wait', me, specId }))
    tries.splice(6, 0, { do: 'restock', me: memberOf(m.host), specId, stock: 5 })
    const got = await go(tries)
    const { offered = 0, waiting = 0 } = await statesOf()
    const stock = await on.stock()
    expect(offered + stock).toBe(5)
    expect(waiting > 0 && stock > 0).toBe(false)
    expect(offered + waiting + got.filter((each) => each === 'still_there').length).toBe(12)
  })

  it('hand lapsed offers on once, to the next in line, though both look at the same moment', async () => {
    const members = await people(9)
    const { specId } = urchins
    for (const me of members) {
      await m.village.shop.lots.waits.join(me, specId, 1)
      m.clock.pass(10)
    }
    await on.land({ lines: [on.bags(4)] })
    await go([{ do: 'sweep' }, { do: 'sweep' }], m.clock.now() + OFFER_MS)
    const rows = (await waits()).toSorted((a, b) => a.askedAt - b.askedAt)
    expect(rows.map(({ state }) => state)).toEqual([
      ...Array<string>(4).fill('lapsed'),
      ...Array<string>(4).fill('offered'),
      'waiting'
    ])
    expect([await on.stock(), await on.left(), sum(await uses())]).toEqual([0, [], 4])
  })

  it('write a landing down once that was sent to both', async () => {
    const draft = on.draft()
    const me = memberOf(m.host)
    const got = await go(Array.from({ length: 4 }, (): Try => ({ do: 'land', me, draft })))
    expect(got).toEqual(Array<string>(4).fill(draft.key))
    expect(await on.stock()).toBe(20)
  })
})
