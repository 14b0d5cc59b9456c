import type { Village } from '../app.ts'
import type { StoryClock } from '../clock.ts'
import type { Folk } from './packing.ts'

const HOUR_MS = 3_600_000

const BUYER = 'buyer-2'
const HOST = 'xiumei'
const TABLES = 3
const BOUGHT_HOURS_AGO = 50
const EATEN_HOURS_AGO = 27

/** Three tables for four at 秀梅's: one was eaten at, two are still to come. */
export async function sellTheFeast(village: Village, clock: StoryClock, { person, goodsOf }: Folk) {
  const { orders, payments, shop } = village
  if (!payments.methods().includes('sandbox')) return
  const me = person(BUYER)
  const now = clock.now()
  const ago = <T>(hours: number, tell: () => Promise<T>) => clock.at(now - hours * HOUR_MS, tell)
  const [feast] = await goodsOf(village, HOST, ['feast'])
  const lines = [{ specId: feast!.specs[0]!.id, qty: TABLES }]
  const orderId = await ago(BOUGHT_HOURS_AGO, async () => {
    const { payFen } = await orders.quote(me, { lines, picks: [] })
    const bill = await orders.place(me, { key: 'demo-feast', lines, payFen })
    const { paymentId } = await orders.pay(me, bill.orders[0]!.id, 'sandbox')
    await payments.play(me, paymentId, 'paid')
    return bill.orders[0]!.id
  })
  await ago(EATEN_HOURS_AGO, async () => {
    const [first] = await shop.vouchers.ofOrder(me, orderId)
    await shop.vouchers.gates.redeem(person(HOST), {
      id: 'demo-feast-1',
      gateId: 'demo-gate-xiumei',
      gateName: '灶台',
      text: first!.code,
      at: clock.now()
    })
  })
}
