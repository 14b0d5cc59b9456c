import type { Bill, Order, OrderLine } from '../../shared/contracts/orders.ts'
import type { Store } from '../store/store.ts'
import type { Neighbours } from './neighbours.ts'
import { billSumsOf, doer, maskedName } from './order.ts'
import type { Placed } from './placing.ts'
import { orderStore, type OrderRow } from './store.ts'

/** Orders as people see them. */
export function openViews({ store, shops, lots }: { store: Store } & Pick<Neighbours, 'shops' | 'lots'>) {
  const rows = orderStore(store)

  async function shown(found: readonly Placed[]): Promise<Order[]> {
    const named = await shops.shopsByIds(found.map(({ order }) => order.shopId))
    return found.map((each) => orderView(each, named.get(each.order.shopId)))
  }

  async function views(found: readonly OrderRow[]): Promise<Order[]> {
    const ids = found.map(({ id }) => id)
    const [lines, changes, origins] = await Promise.all([
      rows.linesOf(store.read, ids),
      rows.changesOf(store.read, ids),
      lots.landsAtOf(store.read, ids)
    ])
    const linesOf = Map.groupBy(lines, ({ orderId }) => orderId)
    const changesOf = Map.groupBy(changes, ({ orderId }) => orderId)
    const orders = await shown(
      found.map((order) => {
        return { order, lines: linesOf.get(order.id) ?? [], changes: changesOf.get(order.id) ?? [] }
      })
    )
    return orders.map((order) => {
      const toCome = origins.get(order.id)?.filter(({ state }) => state === 'planned')
      return toCome?.length ? { ...order, lines: order.lines.map((line) => withAhead(line, toCome)) } : order
    })
  }

  return {
    views,
    one: async (order: OrderRow) => (await views([order]))[0]!,
    bill: async (billId: string): Promise<Bill> => billOf(await views(await rows.ofBill(store.read, billId))),
    /** A bill that was placed just now, without asking for it again. */
    placed: async (orders: readonly Placed[]): Promise<Bill> => billOf(await shown(orders))
  }
}

function orderView(
  { order, lines, changes }: Placed,
  { name = '', hostName = '', hostId = '' }: { name?: string; hostName?: string; hostId?: string } = {}
): Order {
  const { paidAt, shippedAt, receivedAt, ...rest } = order
  return {
    ...rest,
    shopName: name,
    hostName,
    lines: lines.map((line) => ({ ...line, agreed: line.perishableAgreedAt !== null })),
    ...(paidAt !== null && { paidAt }),
    ...(shippedAt !== null && { shippedAt }),
    ...(receivedAt !== null && { receivedAt }),
    changes: changes.map(({ state, at, note, actorId }) => {
      return { state, at, note, by: doer(actorId, order, hostId) }
    })
  }
}

/** A line of which something was sold before it was landed, for as long as it is not. */
function withAhead(
  line: OrderLine,
  toCome: readonly { specId: string; qty: number; landsAt: number }[]
): OrderLine {
  const hers = toCome.filter(({ specId }) => specId === line.specId)
  if (!hers.length) return line
  const qty = hers.reduce((sum, each) => sum + each.qty, 0)
  return { ...line, ahead: { qty, landsAt: Math.max(...hers.map(({ landsAt }) => landsAt)) } }
}

/** What is paid at once, shown as one; its orders move together until then. */
function billOf(orders: Order[]): Bill {
  const { billId: id, state, heldUntil, test } = orders[0]!
  return { id, state, heldUntil, test, ...billSumsOf(orders), orders }
}

/** The shop reads where a parcel goes while there is one to send; before and after it is nobody's business but hers. */
export function asPacked(order: Order): Order {
  const isOnItsWay = order.state === 'paid' || order.state === 'packed' || order.state === 'shipped'
  if (isOnItsWay && order.lines.some((line) => line.kind === 'goods' && line.refundedQty < line.qty))
    return order
  const { receiver, region } = order.deliverTo
  return { ...order, deliverTo: { receiver: maskedName(receiver), phone: '', region, detail: '' } }
}
