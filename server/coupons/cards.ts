import type { CouponCard } from '../../shared/contracts/coupons.ts'
import type { CouponRow } from './store.ts'

/** Who gives a coupon of no shop. */
const UNION = '工会'

export type ShopsByIds = (ids: string[]) => Promise<ReadonlyMap<string, { name: string }>>

/** What everybody may see of these coupons, in their order. Never the word of one that asks for it. */
export async function cardsOf(coupons: readonly CouponRow[], shopsByIds: ShopsByIds): Promise<CouponCard[]> {
  const ids = [...new Set(coupons.flatMap(({ shopId }) => shopId || []))]
  const shops = ids.length ? await shopsByIds(ids) : new Map<string, { name: string }>()
  return coupons.map((coupon) => cardOf(coupon, shops.get(coupon.shopId)?.name ?? ''))
}

export function cardOf(coupon: CouponRow, shopName: string): CouponCard {
  const { code: _, budgetId: _pot, showId: _room, filedTo: _file, ...given } = coupon
  const { createdBy: _giver, createdAt: _at, ...card } = given
  return { ...card, shopName: coupon.shopId ? shopName : UNION }
}
