import type { Bus } from './bus/bus.ts'
import type { Products } from './catalogue/products.ts'
import type { Shops } from './catalogue/shops.ts'
import type { Clock } from './clock.ts'
import { openCoupons } from './coupons/coupons.ts'
import { couponRoutes } from './coupons/routes.ts'
import { openFreight } from './freight/freight.ts'
import { freightRoutes } from './freight/routes.ts'
import type { Http } from './http/http.ts'
import type { Jobs } from './jobs/jobs.ts'
import { openLots } from './lots/open.ts'
import type { Rooms } from './live/rooms.ts'
import type { Shows } from './live/shows.ts'
import type { Members } from './members/members.ts'
import type { Darkroom } from './objects/darkroom.ts'
import type { Objects } from './objects/objects.ts'
import type { Office } from './office.ts'
import { boughtBefore } from './orders/newcomers.ts'
import { openOrders, type Orders } from './orders/orders.ts'
import { orderRoutes } from './orders/routes.ts'
import { openPayments, type Payments } from './payments/payments.ts'
import { paymentRoutes } from './payments/routes.ts'
import { sandboxGateway } from './payments/sandbox.ts'
import { stripeGateway } from './payments/stripe.ts'
import type { Settings } from './settings.ts'
import type { Store, Tx } from './store/store.ts'

/** What the shop is made from: doors of the village that stand already. */
export interface ShopGround extends Office {
  settings: Settings
  clock: Clock
  store: Store
  bus: Bus
  jobs: Jobs
  objects: Objects
  darkroom: Darkroom
  isOurPicture: (url: string) => boolean
  http: Http
  report: (error: unknown, what?: string) => void
  members: Members
  products: Products
  shops: Shops
  rooms: Rooms
  shows: Shows
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
    act: rooms.act,
    hint: rooms.hint,
    runBy: shows.runBy,
    followsIn: members.followsIn,
    shopOf: shops.shopOf,
    shopsByIds: shops.shopsByIds,
    boughtIn: boughtBefore(store),
    sellsAll: async (shopId, productIds) => {
      const found = await products.productsByIds([...productIds])
      return productIds.every((id) => found.get(id)?.shop.id === shopId)
    },
    audit: members.audit
  })
  couponRoutes(http, coupons)

  const payments: Payments = openPayments({
    store,
    clock,
    jobs,
    ...gatewaysOf(ground),
    report,
    act: rooms.act,
    onPaid: (tx, tell, payment) => orders.paidIn(tx, tell, payment),
    onRefunded: (tx, tell, payment) => orders.refundedIn(tx, tell, payment),
    onPaidBack: async () => {},
    alert: (tx, line) => members.audit(tx, { actorId: 'payments', ...line })
  })
  await paymentRoutes(http, payments)

  const lots = openLots(ground)

  const freight = openFreight({
    store,
    clock,
    goods: products,
    shopOf: shops.shopOf,
    namesOf: members.namesOf,
    audit: members.audit
  })
  freightRoutes(http, freight)

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
    onSold: ground.onSold
  })
  orderRoutes(http, orders)

  return { freight, coupons, payments, orders, lots }
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
  const { stripe, publicUrl } = settings
  const gateways = [
    ...(sandbox ? [sandbox] : []),
    ...(stripe ? [stripeGateway({ stripe, publicUrl, clock })] : [])
  ]
  return { gateways, sandbox }
}
