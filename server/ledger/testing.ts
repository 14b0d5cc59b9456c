import { and, eq } from 'drizzle-orm'
import type { Village } from '../app.ts'
import { newId } from '../store/id.ts'
import type { Store } from '../store/store.ts'
import type { OrderMoney } from './ledger.ts'

type Line = { qty?: number; priceFen?: number; offFen?: number }

export interface Bought {
  lines?: Line[]
  freightFen?: number
  coupons?: { offFen: number; payer: 'host' | 'union' }[]
  state?: OrderMoney['state']
  /** Money of the demo cashier. */
  test?: boolean
}

/** An order that was paid at a shop, as its own rows say it, with real money where nothing else is said. */
export async function paidOrder(
  { store, clock }: Pick<Village, 'store' | 'clock'>,
  shopId: string,
  { lines = [{}], freightFen = 0, coupons = [], state = 'paid', test = false }: Bought = {}
): Promise<string> {
  const now = clock.now()
  const id = newId(now)
  const all = lines.map(({ qty = 1, priceFen = 10_000, offFen = 0 }, i) => ({
    orderId: id,
    specId: `spec-${i}`,
    productId: `product-${i}`,
    title: i ? `海货${i}` : '红岛蛤蜊',
    specName: '三斤装',
    unit: 'portion' as const,
    photo: '',
    qty,
    priceFen,
    offFen,
    perishable: true,
    perishableAgreedAt: now
  }))
  const goodsFen = all.reduce((sum, { qty, priceFen }) => sum + qty * priceFen, 0)
  const discountFen = all.reduce((sum, { offFen }) => sum + offFen, 0)
  const payFen = goodsFen - discountFen + freightFen
  const paymentId = payFen ? `pay-${id}`.slice(0, 40) : ''
  const { orders, orderLines, orderCoupons, payments } = store.schema
  await store.tx(async (tx) => {
    await tx.insert(orders).values({
      id,
      billId: id,
      memberId: 'li-mei',
      buyer: '李**',
      key: id,
      shopId,
      showId: '',
      state: state as 'paid',
      goodsFen,
      discountFen,
      freightFen,
      payFen,
      couponId: '',
      couponNth: 0,
      deliverTo: { receiver: '李梅', phone: '13900000001', region: '山东 青岛', detail: '8 号' },
      test,
      paymentId,
      createdAt: now,
      heldUntil: now,
      paidAt: now
    })
    await tx.insert(orderLines).values(all)
    if (coupons.length)
      await tx
        .insert(orderCoupons)
        .values(coupons.map((coupon, i) => ({ ...coupon, orderId: id, couponId: `coupon-${i}`, nth: 1 })))
    if (!paymentId) return
    const gateway = test ? ('sandbox' as const) : ('stripe' as const)
    await tx.insert(payments).values({
      id: paymentId,
      orderId: id,
      memberId: 'li-mei',
      attempt: 1,
      gateway,
      method: test ? 'sandbox' : 'alipay',
      amountFen: payFen,
      refundedFen: 0,
      state: 'paid',
      gatewayRef: `ref-${id}`,
      payUrl: '/',
      captureRef: `capture-${id}`,
      createdAt: now,
      endsAt: now,
      askedAt: 0,
      paidAt: now
    })
  })
  return id
}

/** Part of an order goes back, as its rows say it afterwards; the ledger is told by whoever calls this. */
export async function giveBack(
  store: Store,
  orderId: string,
  back: { lines?: { specId: string; qty: number; fen: number }[]; freightFen?: number },
  { now, whole = false }: { now: number; whole?: boolean }
) {
  const { orders, orderLines, orderRefunds, payments } = store.schema
  const { lines = [], freightFen = 0 } = back
  const goodsFen = lines.reduce((sum, { fen }) => sum + fen, 0)
  const id = newId(now)
  await store.tx(async (tx) => {
    const [order] = await tx.select().from(orders).where(eq(orders.id, orderId))
    for (const line of await tx.select().from(orderLines).where(eq(orderLines.orderId, orderId))) {
      const its = lines.find(({ specId }) => specId === line.specId)
      if (!its) continue
      await tx
        .update(orderLines)
        .set({ refundedQty: line.refundedQty + its.qty, refundedFen: line.refundedFen + its.fen })
        .where(and(eq(orderLines.orderId, orderId), eq(orderLines.specId, line.specId)))
    }
    const refundedFen = order!.refundedFen + goodsFen + freightFen
    await tx
      .update(orders)
      .set({ refundedFen, ...(whole && { state: 'refunded' as const }) })
      .where(eq(orders.id, orderId))
    await tx.update(payments).set({ refundedFen }).where(eq(payments.orderId, orderId))
    await tx.insert(orderRefunds).values({
      id,
      orderId,
      key: id,
      cause: 'asked',
      lines,
      goodsFen,
      freightFen,
      state: 'done',
      words: '',
      actorId: '',
      createdAt: now,
      doneAt: now
    })
  })
  return { orderId, refundId: id, lines, freightFen, words: '少了一只', actorId: 'officer' }
}
