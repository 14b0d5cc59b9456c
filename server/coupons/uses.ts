import {
  MAX_PICKS,
  type CouponChoice,
  type MyCoupon,
  type PickedCoupon
} from '../../shared/contracts/coupons.ts'
import { Problem, type ProblemCode, problems } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import {
  best,
  ofUnion,
  take,
  weigh,
  whyNot,
  type Bill,
  type BillLine,
  type BillShop,
  type Held,
  type Off
} from './bill.ts'
import { cardsOf, type ShopsByIds } from './cards.ts'
import { claimState, leastOff } from './coupon.ts'
import { useStore, type HeldRow } from './use-store.ts'

/** What a bill wants to use: at most one coupon of each shop and one of the union. */
export interface Use {
  memberId: string
  picks: readonly PickedCoupon[]
  /** One order of each shop. */
  orders: readonly { shopId: string; lines: readonly BillLine[] }[]
}

/** What one coupon takes off one order; `lines`: the fen of each line, in their order. */
export interface UsedCoupon {
  couponId: string
  nth: number
  offFen: number
  payer: 'host' | 'union'
  lines: number[]
}

type Pocketed = Held & { row: HeldRow }

/** Choosing coupons for a bill, using them with it, and having them back when nobody paid it. */
export function openUses({
  store,
  clock,
  shopsByIds,
  boughtIn
}: {
  store: Store
  clock: Clock
  shopsByIds: ShopsByIds
  /** Whether a member has ever paid an order. */
  boughtIn: (on: Tx | Reader, memberId: string) => Promise<boolean>
}) {
  const rows = useStore(store)

  return {
    /** My coupons, newest first. */
    async mine(me: Member): Promise<MyCoupon[]> {
      const now = clock.now()
      const pocket = await rows.pocket(store.read, me.id)
      const [cards, newBuyer] = await Promise.all([
        cardsOf(couponsOf(pocket), shopsByIds),
        isNewBuyer(store.read, me.id, pocket)
      ])
      return pocket.map((row, i) => {
        const { coupon, nth, claimedAt, orderId, budgetLeftFen } = row
        const reason =
          coupon.newBuyer && !newBuyer
            ? 'new_buyers_only'
            : budgetLeftFen !== null && budgetLeftFen < leastOff(coupon)
              ? 'coupon_budget_gone'
              : ''
        const state = claimState(coupon, row, now)
        return {
          coupon: cards[i]!,
          nth,
          claimedAt,
          orderId,
          state,
          ...becauseOf(state === 'usable' ? reason : '')
        }
      })
    },

    /**
     * My coupons against a bill: those that save most together, then what else could be used, then why the others
     * cannot. `best` of them are what `useIn` may be told to use at once.
     */
    async choices(
      memberId: string,
      { shops }: { shops: readonly BillShop[] },
      now: number
    ): Promise<CouponChoice[]> {
      const shopIds = shops.map(({ shopId }) => shopId)
      const pocket = await rows.pocketFor(store.read, memberId, shopIds, now)
      const cards = await cardsOf(couponsOf(pocket), shopsByIds)
      const bill = { shops, newBuyer: await isNewBuyer(store.read, memberId, pocket) }
      const held = pocket.map(heldOf)
      const chosen = best(held, bill, now)
      return held
        .map((each, i) => {
          const { coupon, nth } = each.row
          const judged = verdict(each, chosen, bill, now)
          return { couponId: coupon.id, nth, ...judged, ...becauseOf(judged.reason), coupon: cards[i]! }
        })
        .toSorted((a, b) => Number(b.best) - Number(a.best) || b.offFen - a.offFen)
    },

    /** What these picks would take off, order by order; uses nothing. Problems as `useIn`. */
    reckon: async (use: Use, now: number): Promise<UsedCoupon[][]> =>
      (await takenBy(store.read, use, now)).map((offs) => offs.map(usedOf)),

    /**
     * Uses coupons for a bill, as part of the caller's unit, and answers what each takes off, order by order. Problems
     * {couponId, nth}: coupon_not_yours, coupon_used, coupon_over, coupon_wrong_shop, coupon_wrong_goods,
     * coupon_below_threshold {missingFen}, new_buyers_only, coupon_nothing_left, coupon_budget_gone, coupons_clash.
     */
    async useIn(tx: Tx, { billId, ...use }: Use & { billId: string }): Promise<UsedCoupon[][]> {
      const taken = await takenBy(tx, use, clock.now())
      const offOf = new Map<Pocketed, number>()
      for (const { held, offFen } of taken.flat()) offOf.set(held, (offOf.get(held) ?? 0) + offFen)
      // Pots in one order, so that two bills do not wait for each other.
      for (const [{ row }, offFen] of [...offOf].toSorted(([a], [b]) => (potOf(a) < potOf(b) ? -1 : 1))) {
        const pick = { couponId: row.coupon.id, nth: row.nth }
        if (!(await rows.use(tx, { ...pick, memberId: use.memberId, billId, offFen })))
          throw new Problem('coupon_used', pick)
        if (row.coupon.budgetId && !(await rows.spend(tx, row.coupon.budgetId, offFen)))
          throw new Problem('coupon_budget_gone', pick)
      }
      return taken.map((offs) => offs.map(usedOf))
    },

    /** Puts a bill's coupons back into the pocket and their money into its pots, as part of the caller's unit. */
    async returnIn(tx: Tx, billId: string): Promise<void> {
      for (const { budgetId, offFen } of await rows.fromPotsQuery(tx, billId))
        await rows.putBack(tx, budgetId, offFen)
      await rows.giveBack(tx, billId)
    }
  }

  async function takenBy(on: Tx | Reader, { memberId, picks, orders }: Use, now: number) {
    if (!picks.length) return orders.map((): (Off & { held: Pocketed })[] => [])
    if (picks.length > MAX_PICKS) throw new Problem('coupons_clash')
    const held: Pocketed[] = []
    for (const { couponId, nth } of picks) {
      const row = await rows.one(on, { couponId, nth, memberId })
      if (!row) throw new Problem('coupon_not_yours', { couponId, nth })
      held.push(heldOf(row))
    }
    const newBuyer = await isNewBuyer(
      on,
      memberId,
      held.map(({ row }) => row)
    )
    const taken = take(held, { shops: orders, newBuyer }, now)
    if ('reason' in taken) {
      const { held: refused, reason, missingFen } = taken
      const { coupon, nth } = (refused as Pocketed).row
      throw new Problem(reason, { couponId: coupon.id, nth, missingFen })
    }
    return taken.shops as (Off & { held: Pocketed })[][]
  }

  /** Asked only where a coupon wants to know; a bill that is not paid yet counts once it uses such a coupon. */
  async function isNewBuyer(on: Tx | Reader, memberId: string, asked: readonly HeldRow[]) {
    if (!asked.some(({ coupon, orderId }) => coupon.newBuyer && !orderId)) return false
    return !(await boughtIn(on, memberId)) && !(await rows.usesNewBuyers(on, memberId))
  }
}

const couponsOf = (pocket: readonly HeldRow[]) => pocket.map(({ coupon }) => coupon)

const heldOf = (row: HeldRow): Pocketed => ({
  row,
  coupon: row.coupon,
  claim: row,
  budgetLeftFen: row.budgetLeftFen ?? undefined
})

const potOf = ({ row }: Pocketed) => row.coupon.budgetId + row.coupon.id

function usedOf({ held, offFen, lines }: Off): UsedCoupon {
  const { coupon, nth } = (held as Pocketed).row
  return { couponId: coupon.id, nth, offFen, payer: coupon.payer, lines }
}

type Verdict = Pick<CouponChoice, 'offFen' | 'reason' | 'missingFen' | 'best' | 'why'>

/** What a coupon of a pocket would take off this bill and why it is, or is not, among those that save most. */
function verdict(each: Held, chosen: readonly Held[], bill: Bill, now: number): Verdict {
  const no = (reason: Verdict['reason'], missingFen = 0): Verdict => ({
    offFen: 0,
    reason,
    missingFen,
    best: false,
    why: ''
  })
  const mine = (held: readonly Held[]) => {
    const weighed = weigh(held, bill, now)
    if ('reason' in weighed) return weighed
    const off = weighed.offs.find((one) => one.held === each)
    return { offFen: off?.offFen ?? 0, savedFen: weighed.offFen }
  }
  const can = (offFen: number, why: Verdict['why']): Verdict => ({
    offFen,
    reason: '',
    missingFen: 0,
    best: chosen.includes(each),
    why
  })
  const never = whyNot(each, bill, now)
  if (never) return no(never.reason, never.missingFen)
  const all = mine(chosen)
  if ('reason' in all) throw new Error(`the best coupons cannot be used: ${all.reason}`)
  if (chosen.includes(each)) return can(all.offFen, ofUnion(each) ? 'best_of_union' : 'best_of_shop')
  const others = chosen.filter(({ coupon }) => coupon.shopId !== each.coupon.shopId)
  const instead = mine([...others, each])
  if ('savedFen' in instead) {
    const replaces = others.length < chosen.length
    if (!replaces) return can(instead.offFen, 'not_needed')
    return can(instead.offFen, instead.savedFen < all.savedFen ? 'saves_less' : 'saves_as_much')
  }
  const alone = mine([each])
  return 'savedFen' in alone ? can(alone.offFen, 'not_needed') : no(alone.reason, alone.missingFen)
}

/** A code with its sentence, so that a phone need not carry the sentences of the whole village. */
const becauseOf = (code: string) => ({
  reason: code,
  reasonWords: code ? problems[code as ProblemCode][1] : ''
})
