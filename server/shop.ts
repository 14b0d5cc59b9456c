import { openAftersale, type Aftersale } from './aftersale/open.ts'
import { lostOf } from './aftersale/refund.ts'
import { aftersaleRoutes } from './aftersale/routes.ts'
import { askableUntil } from './aftersale/window.ts'
import { openMatters } from './aftersale/matters.ts'
import { openBaskets, type Baskets } from './baskets/baskets.ts'
import { basketRoutes } from './baskets/routes.ts'
import type { HostDocument } from '../shared/contracts/licences.ts'
import { openCoupons } from './coupons/coupons.ts'
import { couponRoutes } from './coupons/routes.ts'
import { flashRoutes } from './flash/routes.ts'
import { openFlashHints } from './flash/hints.ts'
import { openFlash } from './flash/sales.ts'
import { showClock } from './flash/show-clock.ts'
import { openFreight } from './freight/freight.ts'
import { freightRoutes } from './freight/routes.ts'
import type { Ground } from './ground.ts'
import { openBookkeeping } from './ledger/open.ts'
import { openLots } from './lots/open.ts'
import type { Office } from './office.ts'
import { boughtBefore } from './orders/newcomers.ts'
import { openOrders, type Orders } from './orders/orders.ts'
import { orderRoutes } from './orders/routes.ts'
import { openSendings } from './orders/sendings.ts'
import { openPacking, type Packing } from './packing/open.ts'
import { alipayGateway } from './payments/alipay.ts'
import { openPayments, type Payments } from './payments/payments.ts'
import { openReconciliations } from './payments/reconciliations.ts'
import { reconcileRoutes } from './payments/reconcile-routes.ts'
import { paymentRoutes } from './payments/routes.ts'
import { sandboxGateway } from './payments/sandbox.ts'
import { stripeGateway } from './payments/stripe.ts'
import { wechatGateway } from './payments/wechat.ts'
import { openReviewing } from './reviews/open.ts'
import { reviewRoutes } from './reviews/routes.ts'
import type { Tx } from './store/store.ts'
import { openVoucherOffice } from './vouchers/open.ts'

/** What the shop is made from. */
export interface ShopGround extends Ground, Office {
  /** How many claims share a unit of work, where it is not the usual number. */
  seats?: number | undefined
  /** The papers that a host has handed in. */
  papersOf: (memberId: string) => Promise<HostDocument[]>
  /** Something of this shop was paid for, in the same unit of work. */
  onSold: (tx: Tx, shopId: string) => Promise<void>
}

export type Shop = Awaited<ReturnType<typeof openShop>>

/** Money and goods, put together: app.ts joins them with the village, the school hears of what was sold. */
export async function openShop(ground: ShopGround) {
  const { store, clock, http, jobs, report, members, products, shops, rooms, shows } = ground

  const coupons = openCoupons({
    store,
    clock,
    jobs,
    seats: ground.seats,
    act: rooms.act,
    hint: rooms.hint,
    runBy: shows.runBy,
    followsIn: members.followsIn,
    shopOf: shops.shopOf,
    shopsByIds: shops.shopsByIds,
    boughtIn: boughtBefore(store),
    onAir: async (showId) => {
      const { state, paused } = await shows.get(showId)
      return state === 'live' && !paused
    },
    sellsAll: async (shopId, productIds) => {
      const found = await products.productsByIds([...productIds])
      return productIds.every((id) => found.get(id)?.shop.id === shopId)
    },
    audit: members.audit
  })
  couponRoutes(http, coupons)

  const { gateways, sandbox } = gatewaysOf(ground)
  const payments: Payments = openPayments({
    store,
    clock,
    jobs,
    gateways,
    sandbox,
    report,
    act: rooms.act,
    onPaid: (tx, tell, payment) => orders.paidIn(tx, tell, payment),
    onRefunded: (tx, tell, payment) => aftersale.refunds.paidElsewhereIn(tx, tell, payment),
    onPaidBack: (tx, tell, told) => aftersale.refunds.paidBackIn(tx, tell, told),
    alert: (tx, line) => aftersale.alerts.raiseIn(tx, line),
    alertOnce: (tx, line) => aftersale.alerts.raiseOnceIn(tx, line),
    alertOver: (tx, { subject, action }, words) => aftersale.alerts.settleIn(tx, subject, '', words, action)
  })
  await paymentRoutes(http, payments)

  const lots = openLots({
    ...ground,
    orderIn: (on, orderId) => orders.rowIn(on, orderId),
    closeUnpaid: (orderId, words) => orders.giveUp(orderId, words),
    moneyBackIn: async (tx, tell, { orderId, lines, ...why }) => {
      const asked = lostOf((await orders.rowIn(tx, orderId))!, await orders.linesIn(tx, [orderId]), lines)
      if (asked)
        await aftersale.refundIn(tx, tell, { ...why, ...asked, orderId, cause: 'lot_lost', actorId: '' })
    }
  })

  const freight = openFreight({
    store,
    clock,
    goods: products,
    shopOf: shops.shopOf,
    namesOf: members.namesOf,
    audit: members.audit
  })
  freightRoutes(http, freight)

  const flash = openFlash({
    store,
    clock,
    act: rooms.act,
    runBy: shows.runBy,
    shelfIds: shows.shelfIds,
    goods: products
  })
  flashRoutes(http, flash)
  const flashHints = openFlashHints({ leftOf: flash.leftOf, hint: rooms.hint, report })
  products.onChange(({ productIds }) => flashHints.changed(productIds))
  // Its own end first: with the show end its flash prices, and only coupons go on.
  shows.on({ ended: (tx, { id }) => flash.endAllIn(tx, id) })
  shows.on(showClock(clock, [flash, coupons]))

  const baskets: Baskets = openBaskets({
    store,
    clock,
    goods: products,
    shops,
    flashOf: flash.pricesOf,
    offeredTo: lots.offeredTo
  })
  basketRoutes(http, baskets)

  const orders: Orders = openOrders({
    store,
    clock,
    jobs,
    report,
    act: rooms.act,
    goods: products,
    shops,
    coupons,
    members,
    payments,
    sells: shows.sells,
    flash,
    freight,
    lots,
    baskets
  })
  orderRoutes(http, orders)
  orders.on({ paid: (tx, _tell, { shopId }) => ground.onSold(tx, shopId) })

  const aftersale: Aftersale = openAftersale({
    ...ground,
    audit: members.audit,
    namesOf: members.namesOf,
    act: rooms.act,
    orders,
    payments,
    paymentIn: payments.paymentIn,
    async giveBackIn(tx, { id, memberId }, lines) {
      await products.giveBackIn(tx, lines)
      const atFlash = lines.filter(({ flashId }) => flashId !== '')
      if (atFlash.length) await flash.giveBackIn(tx, memberId, atFlash)
      await lots.giveBackIn(tx, id, lines)
      await lots.freedIn(
        tx,
        lines.map(({ specId }) => specId)
      )
    },
    eatenIn: (tx, orderId) => vouchers.eatenIn(tx, orderId),
    goodsChanged: products.changed,
    couponsBackIn: coupons.returnIn,
    shopOf: shops.get,
    shopIdOf: async (memberId) => (await shops.shopOf(memberId))?.id,
    shopsByIds: shops.shopsByIds,
    hostIn: shops.hostIn,
    phoneOf: async (id) => (await members.peopleIn(store.read, { ids: [id] }))[0]?.phone ?? '',
    tellIn: ground.notices.tellIn,
    parcelOf: (parcelId) => packing.parcels.parcelOf(parcelId)
  })
  aftersaleRoutes(http, aftersale)

  const vouchers = openVoucherOffice({
    ...ground,
    secret: ground.settings.secret,
    act: rooms.act,
    orders,
    aftersale,
    validDaysIn: products.travelIn,
    namesOf: members.namesOf,
    tellIn: ground.notices.tellIn,
    audit: members.audit,
    alert: (tx, line) => aftersale.alerts.raiseIn(tx, line)
  })

  const packing: Packing = openPacking({
    ...ground,
    act: rooms.act,
    orders: { ...orders, ...openSendings(store) },
    aftersale,
    namesOf: members.namesOf,
    tellIn: ground.notices.tellIn,
    landingsOf: lots.landsAtOf,
    cutoffsOf: freight.cutoffsIn,
    hoursOf: freight.roads.all,
    heldUpIn: freight.heldUpIn,
    keepsOpen: vouchers.keepsOpen,
    askableUntil: async (on, lines, receivedAt) =>
      askableUntil(await aftersale.rules.now(on), lines, receivedAt)
  })

  const ledger = openBookkeeping({
    ...ground,
    ...openMatters(store),
    payments,
    alert: (tx, line) => aftersale.alerts.raiseIn(tx, line)
  })
  const reconciliations = openReconciliations({
    store,
    clock,
    jobs,
    gateways,
    namesOf: members.namesOf,
    audit: members.audit,
    alert: (tx, line) => aftersale.alerts.raiseIn(tx, line),
    report
  })
  reconcileRoutes(http, reconciliations)
  orders.on({
    paid: (tx, _tell, { id, memberId }) => ledger.saleIn(tx, id, memberId),
    done: (tx, _tell, { id }) => ledger.doneIn(tx, id),
    refunded: (tx, _tell, { id }) => ledger.refundedIn(tx, id)
  })

  aftersale.on({
    asked: (tx, _tell, { refund }) => ledger.refundIn(tx, { ...refund, refundId: refund.id }),
    byHand: (tx, refund) =>
      ledger.byHandIn(tx, { ...refund, refundId: refund.id }, refund.goodsFen + refund.freightFen)
  })

  const reviewing = openReviewing({
    ...ground,
    orders,
    refundsIn: aftersale.refunds.refundsIn,
    shopsByIds: shops.shopsByIds,
    shopIdOf: async (memberId) => (await shops.shopOf(memberId))?.id,
    hostIn: shops.hostIn,
    namesOf: members.namesOf,
    tellIn: ground.notices.tellIn,
    audit: members.audit
  })
  reviewRoutes(http, reviewing)

  return {
    reconciliations,
    reviewing,
    aftersale,
    baskets,
    packing,
    ledger,
    flash,
    flashHints,
    freight,
    coupons,
    payments,
    orders,
    lots,
    vouchers
  }
}

/** Where one can pay here. */
function gatewaysOf({ settings, store, clock, http }: ShopGround) {
  // The demo cashier tells us what happened through the same door as any gateway, signature and all.
  const sandbox = settings.allowSandboxPay
    ? sandboxGateway({
        store,
        clock,
        secret: settings.secret,
        deliver: (payload, headers) =>
          http.inject({
            method: 'POST',
            url: '/api/notify/sandbox',
            headers: { ...headers, 'content-type': 'application/json' },
            payload
          })
      })
    : undefined
  const { stripe, wechat, alipay, publicUrl } = settings
  // The first that knows a way to pay is taken: an account of our own before the same through Stripe.
  const gateways = [
    ...(sandbox ? [sandbox] : []),
    ...(wechat ? [wechatGateway({ wechat, publicUrl, clock })] : []),
    ...(alipay ? [alipayGateway({ alipay, publicUrl, clock })] : []),
    ...(stripe ? [stripeGateway({ stripe, publicUrl, clock })] : [])
  ]
  return { gateways, sandbox }
}
