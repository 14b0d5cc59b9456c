import type { Answer, Body } from '../../shared/contract.ts'
import type { QuotedOrder, quoteOrder } from '../../shared/contracts/orders.ts'
import { Problem } from '../../shared/problems.ts'
import type { Products } from '../catalogue/products.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import type { Store } from '../store/store.ts'
import type { FlashPrice, Neighbours } from './neighbours.ts'
import { billSumsOf, byShop, carriable, isSent, sumsOf, withOffs } from './order.ts'
import { payable, refuseTooManyShops } from './placing.ts'
import { atFlash, forCoupons, sendingOf, type Priced } from './priced.ts'

/** What a bill would come to now. Holds nothing, and refuses nothing that a page could show beside the sum. */
export function openQuotes({
  store,
  clock,
  goods,
  shops,
  coupons,
  members,
  payments,
  flash,
  freight,
  lots
}: { store: Store; clock: Clock; goods: Neighbours['goods'] & Pick<Products, 'specIn'> } & Pick<
  Neighbours,
  'shops' | 'coupons' | 'members' | 'payments' | 'flash' | 'freight' | 'lots'
>) {
  const on = store.read

  return async function quote(
    me: Member,
    { lines, picks, addressId }: Body<typeof quoteOrder>
  ): Promise<Answer<typeof quoteOrder>> {
    if (!carriable(lines)) throw new Problem('bad_input', { field: '/lines' })
    const specIds = lines.map(({ specId }) => specId)
    const kept = await lots.offeredTo(me.id, specIds)
    const held = await goods.quoteIn(on, lines, kept)
    const now = clock.now()
    const [prices, ahead, address] = await Promise.all([
      flash.pricesOf(on, specIds, { now, memberId: me.id }),
      aheadOf(held, kept),
      addressId === undefined ? members.lastAddress(me.id) : members.addressOf(on, me.id, addressId)
    ])
    const priced = atFlash(held, takeable(held, prices))
    const orders = byShop(priced)
    refuseTooManyShops(orders)
    const asked = forCoupons(orders)
    const choices = await coupons.choices(me.id, { shops: asked }, now)
    const used = picks ?? choices.filter(({ best }) => best).map(({ couponId, nth }) => ({ couponId, nth }))
    const [offs, named] = await Promise.all([
      coupons.reckon({ memberId: me.id, picks: used, orders: asked }, now),
      shops.shopsByIds(orders.map(({ shopId }) => shopId))
    ])
    const usualOf = new Map(held.map(({ specId, priceFen }) => [specId, priceFen]))
    const quoted = await Promise.all(
      orders.map(async (order, at): Promise<QuotedOrder> => {
        const { name = '', hostName = '' } = named.get(order.shopId) ?? {}
        const delivery =
          address && isSent(order.lines)
            ? await freight.lookIn(on, sendingOf(order, address.region, readyAt(order.lines, ahead)))
            : undefined
        const billed = withOffs(order.lines, offs[at] ?? [])
        return {
          shopId: order.shopId,
          shopName: name,
          hostName,
          ...sumsOf(billed, delivery?.freightFen ?? 0),
          lines: billed.map((line) => {
            const landsAt = ahead.get(line.specId)
            const sale = line.flashId ? prices.get(line.specId) : undefined
            return {
              ...line,
              usualFen: usualOf.get(line.specId)!,
              ...(sale && { flash: { endsAt: sale.endsAt, left: sale.left, perMember: sale.perMember } }),
              ...(landsAt !== undefined && { ahead: { landsAt } })
            }
          }),
          ...(delivery && { delivery })
        }
      })
    )
    return {
      orders: quoted,
      ...payable(billSumsOf(quoted)),
      coupons: choices,
      picks: [...used],
      ...(address && { address }),
      addressNeeded: isSent(priced),
      methods: payments.methods()
    }
  }

  /** When what is sold ahead of these should land; what is ashore is missing. */
  async function aheadOf(
    held: readonly { specId: string; qty: number }[],
    kept: ReadonlyMap<string, number>
  ): Promise<Map<string, number>> {
    const planned = await lots.aheadOf(
      on,
      held.map(({ specId }) => specId)
    )
    const lands = new Map<string, number>()
    for (const { specId, qty } of held) {
      const ahead = planned.get(specId)
      if (!ahead?.planned || kept.has(specId)) continue
      const stock = (await goods.specIn(on, specId))?.stock ?? 0
      if (stock - ahead.planned < qty) lands.set(specId, ahead.landsAt)
    }
    return lands
  }
}

/** Flash prices of which so many are there for her. */
const takeable = (
  held: readonly { specId: string; qty: number }[],
  prices: ReadonlyMap<string, FlashPrice>
) =>
  new Map(
    held.flatMap(({ specId, qty }) => {
      const price = prices.get(specId)
      return price && qty <= price.left && qty <= price.perMember ? [[specId, price] as const] : []
    })
  )

const readyAt = (lines: readonly Priced[], lands: ReadonlyMap<string, number>) =>
  Math.max(0, ...lines.map(({ specId }) => lands.get(specId) ?? 0))
