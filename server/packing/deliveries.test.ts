import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addFreight } from '../../shared/contracts/freight.ts'
import { myNotices } from '../../shared/contracts/notices.ts'
import { myOrder } from '../../shared/contracts/orders.ts'
import { myDelivery, receiveOrder, waitForParcel } from '../../shared/contracts/packing.ts'
import { DAY_MS, endOfDay } from '../../shared/day.ts'
import { engines } from '../testing/engines.ts'
import { CLAM_FEN, market, type Market } from '../testing/market.ts'
import { packers } from './testing.ts'

const HOUR_MS = 3_600_000
const MINUTES = 120_000
/** From one end of 山东 to the other, as `hours.json` has it. */
const HOURS = 24

describe.each(engines)('parcels on their way on $name', { timeout: MINUTES }, (engine) => {
  let m: Market
  let at: ReturnType<typeof packers>
  beforeEach(async () => {
    m = await market(engine)
    at = packers(m)
  })
  afterEach(() => m.close())

  const moveOn = () => m.village.shop.packing.deliveries.moveOn()
  const delivery = async (orderId: string, who = m.buyer) =>
    (await who.call(myDelivery, { params: { orderId } })).json.delivering!
  const received = (orderId: string, who = m.buyer) => who.call(receiveOrder, { params: { orderId } })
  const waits = (orderId: string) => m.buyer.call(waitForParcel, { params: { orderId } })
  const told = async (kind: string) =>
    (await m.buyer.call(myNotices)).json.items.filter((notice) => notice.kind === kind)
  const states = async (orderId: string) =>
    (await m.buyer.call(myOrder, { params: { orderId } })).json.order.changes.map(({ state, by }) =>
      [state, by].join(' ')
    )
  async function shipped(...orderIds: string[]) {
    const parcel = await at.packed(...orderIds)
    return (await at.ship(parcel.id)).json.parcel
  }

  it('say before they are packed how cold they go, until when they leave today, and when they come', async () => {
    const { template } = (
      await m.host.call(addFreight, {
        body: {
          name: '顺丰冷链',
          zones: [
            { provinces: [], firstGrams: 1000, firstFen: 0, moreGrams: 1000, moreFen: 0, freeFromFen: 0 }
          ],
          refused: [],
          chilledFen: 0,
          frozenFen: 0,
          cutoffMinute: 16 * 60
        }
      })
    ).json
    const fish = await m.goods(m.host, {
      title: '鲅鱼',
      stock: 3,
      tempClass: 'frozen',
      freightId: template.id
    })
    const orderId = await at.bought({ lines: [{ specId: fish.specId, qty: 1 }] })
    const today = endOfDay(m.clock.now(), -1) + 1
    const leavesAt = today + 16 * HOUR_MS
    expect(await delivery(orderId)).toEqual({
      tempClass: 'frozen',
      cutoffMinute: 960,
      landsAt: 0,
      leavesAt,
      hours: HOURS,
      arrivesAt: leavesAt + HOURS * HOUR_MS,
      movesAt: 0,
      mayWait: false
    })
    const parcel = await at.packed(orderId)
    expect(parcel).toMatchObject({ tempClass: 'frozen', leavesAt })
    m.clock.set(leavesAt + HOUR_MS)
    expect((await delivery(orderId)).arrivesAt).toBe(leavesAt + (HOURS + 1) * HOUR_MS)
  })

  it('are received by her, with all that was in the box, and not before they were sent', async () => {
    const [one, two] = [await at.bought(), await at.bought()]
    expect((await received(one)).json.code).toBe('order_not_shipped')
    const parcel = await shipped(one, two)
    expect((await delivery(one)).parcel).toMatchObject({
      code: parcel.code,
      trackingNo: parcel.trackingNo,
      orders: [one, two].toSorted()
    })
    const stranger = await m.signIn('王海')
    expect((await received(one, stranger)).json.code).toBe('no_such_order')
    const taps = await Promise.all([received(one), received(two), received(one)])
    expect(taps.map(({ status }) => status)).toEqual([200, 200, 200])
    expect([await at.stateOf(one), await at.stateOf(two)]).toEqual(['received', 'received'])
    expect((await states(one)).filter((each) => each.startsWith('received'))).toHaveLength(1)
    expect((await states(two)).filter((each) => each.startsWith('received'))).toHaveLength(1)
  })

  it('count as received by themselves two days after fresh goods should be there, and not a moment before', async () => {
    const orderId = await at.bought()
    const { arrivesAt } = await shipped(orderId)
    expect(arrivesAt).toBe(m.clock.now() + HOURS * HOUR_MS)
    const { movesAt } = await delivery(orderId)
    expect(movesAt).toBe(arrivesAt + 2 * DAY_MS)
    m.clock.set(movesAt - 1)
    await moveOn()
    expect(await at.stateOf(orderId)).toBe('shipped')
    m.clock.set(movesAt)
    await Promise.all([moveOn(), moveOn()])
    expect((await states(orderId)).slice(-2)).toEqual(['shipped shop', 'received village'])
    expect(await told('parcel_received')).toHaveLength(1)
  })

  it('leave dry goods a week, for nothing of them spoils', async () => {
    const shrimp = await m.goods(m.host, {
      title: '虾皮',
      stock: 3,
      tempClass: 'ambient',
      perishable: false
    })
    const orderId = await at.bought({ lines: [{ specId: shrimp.specId, qty: 1 }] })
    const { arrivesAt } = await shipped(orderId)
    expect((await delivery(orderId)).movesAt).toBe(arrivesAt + 7 * DAY_MS)
  })

  it('remind her once when they should be there, and not when she has said so', async () => {
    const one = await at.bought()
    const { arrivesAt } = await shipped(one)
    const two = await at.bought()
    await shipped(two)
    await received(two)
    m.clock.set(arrivesAt - 1)
    await m.village.jobs.runDue()
    expect(await told('parcel_due')).toEqual([])
    m.clock.set(arrivesAt + DAY_MS)
    await m.village.jobs.runDue()
    await m.village.jobs.runDue()
    expect(await told('parcel_due')).toMatchObject([{ href: `/me/orders/${one}` }])
  })

  it('wait longer when she says they are not there, some days each time, and not for ever', async () => {
    const [orderId, other] = [await at.bought(), await at.bought()]
    expect((await waits(orderId)).json.code).toBe('order_not_shipped')
    await shipped(orderId, other)
    const { movesAt, mayWait } = await delivery(orderId)
    expect(mayWait).toBe(true)
    const later = (await waits(orderId)).json.delivering!.movesAt
    expect(later).toBe(movesAt + 3 * DAY_MS)
    expect((await delivery(other)).movesAt).toBe(later)
    m.clock.set(movesAt)
    await moveOn()
    expect(await at.stateOf(orderId)).toBe('shipped')
    let tries = 0
    while ((await waits(orderId)).status === 200) expect(++tries).toBeLessThan(10)
    expect(await delivery(orderId)).toMatchObject({ mayWait: false })
    expect((await waits(orderId)).json.code).toBe('wait_no_longer')
  })

  it('are done when nothing can be asked back any more: a day for what she ticked, a week for the rest', async () => {
    const shrimp = await m.goods(m.host, {
      title: '虾皮',
      stock: 3,
      tempClass: 'ambient',
      perishable: false
    })
    const fresh = await at.bought()
    const dry = await at.bought({
      lines: [
        { specId: m.clams.specId, qty: 1 },
        { specId: shrimp.specId, qty: 1 }
      ],
      payFen: 2 * CLAM_FEN
    })
    await shipped(fresh)
    await shipped(dry)
    const now = m.clock.now()
    await received(fresh)
    await received(dry)
    expect((await delivery(fresh)).movesAt).toBe(now + DAY_MS)
    expect((await delivery(dry)).movesAt).toBe(endOfDay(now, 7))
    m.clock.set(now + DAY_MS)
    await Promise.all([moveOn(), moveOn()])
    expect([await at.stateOf(fresh), await at.stateOf(dry)]).toEqual(['done', 'received'])
    expect((await states(fresh)).filter((each) => each === 'done village')).toHaveLength(1)
    m.clock.set(endOfDay(now, 7))
    await moveOn()
    expect(await at.stateOf(dry)).toBe('done')
    expect((await received(dry)).status).toBe(200)
    expect(await delivery(dry)).toMatchObject({ movesAt: 0 })
  })

  it('move on after a village was closed for weeks, however many wait', async () => {
    const ids: string[] = []
    const oysters = await m.goods(m.host, { title: '海蛎子', stock: 60 })
    for (let i = 0; i < 6; i++) ids.push(await at.bought({ lines: [{ specId: oysters.specId, qty: 1 }] }))
    for (const id of ids) await shipped(id)
    m.clock.pass(60 * DAY_MS)
    const other = await m.another()
    await Promise.all([moveOn(), other.shop.packing.deliveries.moveOn()])
    m.clock.pass(DAY_MS)
    await Promise.all([moveOn(), other.shop.packing.deliveries.moveOn()])
    for (const id of ids) expect((await states(id)).slice(-2)).toEqual(['received village', 'done village'])
    expect(await told('parcel_received')).toHaveLength(6)
  })

  it('have nothing to say of a voucher', async () => {
    const meal = await m.goods(m.host, { title: '渔家宴', stock: 3, kind: 'voucher', perishable: false })
    const orderId = await at.bought({ lines: [{ specId: meal.specId, qty: 1 }] })
    expect((await m.buyer.call(myDelivery, { params: { orderId } })).json).toEqual({})
    expect((await received(orderId)).json.code).toBe('order_not_shipped')
  })
})
