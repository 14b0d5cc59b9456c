import { sql } from 'drizzle-orm'
import type { Kit } from '../store/kit.ts'

/** What was true of the address when she ordered; a later change of her address book changes no parcel. */
export interface DeliverTo {
  receiver: string
  phone: string
  region: string
  detail: string
}

export const orderTables = (kit: Kit) => ({
  orders: kit.table(
    'orders',
    {
      id: kit.text('id').primaryKey(),
      memberId: kit.text('member_id').notNull(),
      /** How the desk calls her: the first sign of her name. */
      buyer: kit.text('buyer').notNull(),
      /** Made by the buyer's phone, once per tap: the same order sent twice is one order. */
      key: kit.text('key').notNull(),
      shopId: kit.text('shop_id').notNull(),
      /** 付款单: what is paid at once, one order of each shop. Payments are for it. */
      billId: kit.text('bill_id').notNull().default(''),
      /** The room it was bought in; empty for the storefront. */
      showId: kit.text('show_id').notNull(),
      state: kit
        .oneOf('state', [
          'pending',
          'paid',
          'packed',
          'shipped',
          'received',
          'done',
          'expired',
          'cancelled',
          'refunded'
        ])
        .notNull(),
      goodsFen: kit.big('goods_fen').notNull(),
      discountFen: kit.big('discount_fen').notNull(),
      freightFen: kit.big('freight_fen').notNull(),
      payFen: kit.big('pay_fen').notNull(),
      /** Paid back so far, goods and freight. */
      refundedFen: kit.big('refunded_fen').notNull().default(0),
      /** Before bills had many coupons: the one of this order. Newer orders have theirs in `order_coupons`. */
      couponId: kit.text('coupon_id').notNull(),
      couponNth: kit.int('coupon_nth').notNull(),
      deliverTo: kit.json<DeliverTo>('deliver_to').notNull(),
      /** Paid at the sandbox cashier: excluded from turnover, labelled everywhere. */
      test: kit.bool('test').notNull(),
      /** The payment that it was paid by; empty while it is not, or when there was nothing to pay. */
      paymentId: kit.text('payment_id').notNull(),
      createdAt: kit.big('created_at').notNull(),
      /** Stock and coupon are held until then. */
      heldUntil: kit.big('held_until').notNull(),
      /** The parcel it is packed into; empty before, and for what is not sent. */
      parcelId: kit.text('parcel_id').notNull().default(''),
      /** When the clock moves it on by itself (received, done); 0: it does not. */
      movesAt: kit.big('moves_at').notNull().default(0),
      paidAt: kit.big('paid_at'),
      packedAt: kit.big('packed_at'),
      shippedAt: kit.big('shipped_at'),
      receivedAt: kit.big('received_at'),
      doneAt: kit.big('done_at'),
      closedAt: kit.big('closed_at')
    },
    (t) => [
      kit.uniqueIndex('orders_key').on(t.memberId, t.key),
      kit.index('orders_member').on(t.memberId, t.createdAt),
      kit.index('orders_shop').on(t.shopId, t.createdAt),
      kit.index('orders_show').on(t.showId, t.createdAt),
      kit.index('orders_bill').on(t.billId),
      kit.index('orders_parcel').on(t.parcelId),
      kit.index('orders_held').on(t.state, t.heldUntil, t.id),
      kit.index('orders_to_pack').on(t.shopId, t.state, t.paidAt, t.id),
      kit.index('orders_moves').on(t.state, t.movesAt, t.id),
      kit.check('orders_refunded', sql`${t.refundedFen} >= 0 and ${t.refundedFen} <= ${t.payFen}`),
      kit.check('orders_sum', sql`${t.payFen} = ${t.goodsFen} - ${t.discountFen} + ${t.freightFen}`),
      kit.check('orders_discount', sql`${t.discountFen} >= 0 and ${t.discountFen} <= ${t.goodsFen}`)
    ]
  ),
  orderLines: kit.table(
    'order_lines',
    {
      orderId: kit.text('order_id').notNull(),
      specId: kit.text('spec_id').notNull(),
      productId: kit.text('product_id').notNull(),
      title: kit.text('title').notNull(),
      specName: kit.text('spec_name').notNull(),
      unit: kit.oneOf('unit', ['jin', 'piece', 'portion']).notNull(),
      photo: kit.text('photo').notNull(),
      qty: kit.int('qty').notNull(),
      priceFen: kit.big('price_fen').notNull(),
      kind: kit.oneOf('kind', ['goods', 'voucher']).notNull().default('goods'),
      goodsClass: kit.text('goods_class').notNull().default('fresh'),
      tempClass: kit.oneOf('temp_class', ['ambient', 'chilled', 'frozen']).notNull().default('chilled'),
      /** Of one. */
      grams: kit.int('grams').notNull().default(0),
      /** The flash sale that made this price; empty: it is the usual one. */
      flashId: kit.text('flash_id').notNull().default(''),
      /** This line's part of the order's discount, to the fen. */
      offFen: kit.big('off_fen').notNull().default(0),
      refundedQty: kit.int('refunded_qty').notNull().default(0),
      refundedFen: kit.big('refunded_fen').notNull().default(0),
      perishable: kit.bool('perishable').notNull(),
      /** When she ticked that fresh goods can't be sent back (网络购买商品七日无理由退货暂行办法). */
      perishableAgreedAt: kit.big('perishable_agreed_at')
    },
    (t) => [
      kit.primaryKey({ columns: [t.orderId, t.specId] }),
      kit.check('order_lines_qty', sql`${t.qty} > 0`),
      kit.check('order_lines_off', sql`${t.offFen} >= 0 and ${t.offFen} <= ${t.qty} * ${t.priceFen}`),
      kit.check('order_lines_returned', sql`${t.refundedQty} >= 0 and ${t.refundedQty} <= ${t.qty}`),
      kit.check(
        'order_lines_refunded',
        sql`${t.refundedFen} >= 0 and ${t.refundedFen} <= ${t.qty} * ${t.priceFen} - ${t.offFen}`
      )
    ]
  ),
  /** What each coupon took off an order and who pays for it. */
  orderCoupons: kit.table(
    'order_coupons',
    {
      orderId: kit.text('order_id').notNull(),
      couponId: kit.text('coupon_id').notNull(),
      nth: kit.int('nth').notNull(),
      offFen: kit.big('off_fen').notNull(),
      payer: kit.oneOf('payer', ['host', 'union']).notNull()
    },
    (t) => [
      kit.primaryKey({ columns: [t.orderId, t.couponId, t.nth] }),
      kit.check('order_coupons_off', sql`${t.offFen} >= 0`)
    ]
  ),
  /** Every change of state with who and when. */
  orderChanges: kit.table(
    'order_changes',
    {
      orderId: kit.text('order_id').notNull(),
      n: kit.int('n').notNull(),
      state: kit.text('state').notNull(),
      actorId: kit.text('actor_id').notNull(),
      at: kit.big('at').notNull(),
      note: kit.text('note').notNull()
    },
    (t) => [kit.primaryKey({ columns: [t.orderId, t.n] })]
  )
})
