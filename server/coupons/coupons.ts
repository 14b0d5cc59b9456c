import { LRUCache } from 'lru-cache'
import type { Answer } from '../../shared/contract.ts'
import type { claimCoupon } from '../../shared/contracts/coupons.ts'
import { Problem } from '../../shared/problems.ts'
import type { Hints } from '../../shared/room.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { openBudgets } from './budgets.ts'
import { over } from './coupon.ts'
import { openDrops, type DropNeighbours } from './drops.ts'
import { couponStore, type CouponRow } from './store.ts'
import { openUses } from './uses.ts'

/** Coupons that a rush is on or was on lately; each is one small row. */
const REMEMBERED = 1_000

/** What coupons ask of the rest of the village. */
export interface Neighbours extends DropNeighbours {
  /** What a room may miss: at most once a second, the last value wins. */
  hint: (roomId: string, type: 'coupon_left', body: Hints['coupon_left']) => void
  followsIn: (on: Tx | Reader, memberId: string, hostId: string) => Promise<boolean>
  /** Whether a member has ever paid an order. */
  boughtIn: (on: Tx | Reader, memberId: string) => Promise<boolean>
}

export type Coupons = ReturnType<typeof openCoupons>

/** Coupons are dropped into a room, claimed in a rush, and used with one order. */
export function openCoupons(parts: { store: Store; clock: Clock } & Neighbours) {
  const { store, clock, hint, followsIn } = parts
  const rows = couponStore(store)
  const budgets = openBudgets(parts)
  const drops = openDrops({ ...parts, budgets })
  const uses = openUses(parts)
  // `left` only ever goes down, so "none left" stays true; a remembered coupon never wrongly refuses.
  const remembered = new LRUCache<string, CouponRow>({ max: REMEMBERED })

  async function known(couponId: string): Promise<CouponRow> {
    const before = remembered.get(couponId)
    if (before) return before
    const coupon = await rows.coupon(store.read, couponId)
    if (!coupon) throw new Problem('no_such_coupon')
    remembered.set(couponId, coupon)
    return coupon
  }

  /** Why there was none for her. Who holds her share hears that, even when the rest is gone. */
  async function refusal(on: Tx | Reader, coupon: CouponRow, me: Member, now: number) {
    if (over(coupon, now)) return new Problem('coupon_over')
    const held = await rows.held(on, coupon.id, me.id)
    return new Problem(held >= coupon.perMember ? 'coupon_claimed' : 'coupon_gone')
  }

  return {
    ...drops,
    ...uses,
    budgets,

    /**
     * Claims a coupon. When it answers, the claim is on disk. Problems: no_such_coupon, coupon_over, coupon_claimed,
     * coupon_gone, follow_first.
     */
    async claimFor(me: Member, couponId: string): Promise<Answer<typeof claimCoupon>> {
      const coupon = await known(couponId)
      const now = clock.now()
      if (coupon.left === 0 || over(coupon, now)) throw await refusal(store.read, coupon, me, now)
      const { nth, left } = await store
        .tx((tx) => claimIn(tx, coupon, me, now), { hot: `coupon:${couponId}` })
        .catch((error: unknown) => {
          // Only here, after the commit, is "none left" a fact: inside the unit it may still be undone.
          if (error instanceof Problem && error.code === 'coupon_gone') coupon.left = 0
          throw error
        })
      coupon.left = Math.min(coupon.left, left) // answers of one commit come in no particular order
      hint(coupon.showId, 'coupon_left', { couponId, left: coupon.left })
      return { couponId, nth, left }
    },

    /** How many coupons of a show are in pockets. */
    claimsOf: (showId: string) => rows.claimsOf(showId),

    /** The coupons of a show of which a member holds all she may. */
    claimedIn: async (showId: string, memberId: string) =>
      (await rows.heldIn(showId, memberId))
        .filter((each) => each.held >= each.perMember)
        .map((each) => each.couponId)
  }

  /** The unit of a rush: her share is counted by the claims' key, the total by one conditional update. */
  async function claimIn(tx: Tx, coupon: CouponRow, me: Member, now: number) {
    if (coupon.kind === 'follow' && !(await followsIn(tx, me.id, coupon.hostId)))
      throw new Problem('follow_first')
    const nth = coupon.perMember === 1 ? 1 : (await rows.held(tx, coupon.id, me.id)) + 1
    if (nth > coupon.perMember) throw new Problem('coupon_claimed')
    if (!(await rows.claim(tx, { couponId: coupon.id, memberId: me.id, nth, now })))
      throw new Problem('coupon_claimed')
    const left = await rows.take(tx, coupon.id, now)
    if (left === undefined) throw new Problem('coupon_gone')
    return { nth, left }
  }
}
