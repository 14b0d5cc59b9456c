import { LRUCache } from 'lru-cache'
import type { Answer } from '../../shared/contract.ts'
import type { claimByCode, claimCoupon } from '../../shared/contracts/coupons.ts'
import { Problem } from '../../shared/problems.ts'
import type { Hints } from '../../shared/room.ts'
import type { Clock } from '../clock.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Member } from '../members/member.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { openBudgets } from './budgets.ts'
import { cardsOf } from './cards.ts'
import { asksMore, conditions } from './conditions.ts'
import { over } from './coupon.ts'
import { wordOf } from './draft.ts'
import { openDrops, type DropNeighbours } from './drops.ts'
import { openFiling } from './filing.ts'
import { couponStore, type CouponRow } from './store.ts'
import { openRush } from './rush.ts'
import { openUses } from './uses.ts'
import { openWatching } from './watching.ts'
import { countTries } from './words.ts'

/** Coupons that a rush is on or was on lately; each is one small row. */
const REMEMBERED = 1_000

/** What coupons ask of the rest of the village. */
export interface Neighbours extends DropNeighbours {
  /** What a room may miss: at most once a second, the last value wins. */
  hint: (roomId: string, type: 'coupon_left', body: Hints['coupon_left']) => void
  followsIn: (on: Tx | Reader, memberId: string, hostId: string) => Promise<boolean>
  /** Whether a member has ever paid an order. */
  boughtIn: (on: Tx | Reader, memberId: string) => Promise<boolean>
  /** How many claims share a unit of work, where it is not the usual number. */
  seats?: number | undefined
  /** Whether a show has a picture to watch. */
  onAir: (showId: string) => Promise<boolean>
}

export type Coupons = ReturnType<typeof openCoupons>

/** Coupons are dropped into a room, claimed in a rush, and used with one order. */
export function openCoupons(parts: { store: Store; clock: Clock; jobs: Pick<Jobs, 'every'> } & Neighbours) {
  const { store, clock, hint } = parts
  const rows = couponStore(store)
  const rush = openRush({ ...parts, rows })
  const budgets = openBudgets(parts)
  const drops = openDrops({ ...parts, budgets })
  const uses = openUses(parts)
  const watching = openWatching(parts)
  openFiling(parts)
  const tries = countTries(parts)
  const refuseUnmet = conditions(store, { ...parts, ...watching, leftOf: budgets.leftOf })
  // `left` only ever goes down, so "none left" stays true; a remembered coupon never wrongly refuses.
  const remembered = new LRUCache<string, CouponRow>({ max: REMEMBERED })

  const known = async (couponId: string) => remembered.get(couponId) ?? fresh(couponId)

  async function fresh(couponId: string): Promise<CouponRow> {
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
     * coupon_gone, follow_first; coupon_early {startsAt}, watch_longer {missingMs}, coupon_code_needed, new_buyers_only,
     * coupon_budget_gone.
     */
    claimFor: (me: Member, couponId: string) => claimWith(me, couponId, ''),

    /** 口令: claims the coupon of a word. Problems: coupon_code_wrong, coupon_code_tries {waitMs}, those of `claimFor`. */
    async claimByWord(me: Member, said: string): Promise<Answer<typeof claimByCode>> {
      tries.count(me.id)
      const word = wordOf(said)
      const coupon = word && (await drops.byWord(word))
      if (!coupon) throw new Problem('coupon_code_wrong')
      tries.right(me.id)
      const { nth, left } = await claimWith(me, coupon.id, word)
      const [card] = await cardsOf([{ ...coupon, left }], parts.shopsByIds)
      return { coupon: card!, nth, left }
    },

    watchOn: watching.watchOn,

    /** How many coupons of a show are in pockets. */
    claimsOf: (showId: string) => rows.claimsOf(showId),

    /** The coupons of a show of which a member holds all she may. */
    claimedIn: async (showId: string, memberId: string) =>
      (await rows.heldIn(showId, memberId))
        .filter((each) => each.held >= each.perMember)
        .map((each) => each.couponId)
  }

  /** `said`: the word, where she said one. */
  async function claimWith(me: Member, couponId: string, said: string): Promise<Answer<typeof claimCoupon>> {
    const now = clock.now()
    let coupon = await known(couponId)
    // The clock of its show may stand still, or have stood: only the store knows what is too early or too late.
    if (coupon.stoppedAt || over(coupon, now) || coupon.startsAt > now) coupon = await fresh(couponId)
    if (coupon.left === 0 || over(coupon, now)) throw await refusal(store.read, coupon, me, now)
    if (asksMore(coupon, now)) await refuseUnmet(coupon, me, now, said)
    const { nth, left } = await rush.claim(coupon, me, now).catch(async (error: unknown) => {
      if (!(error instanceof Problem && error.code === 'coupon_gone')) throw error
      // Only here, after the commit, is "none left" a fact: inside the unit it may still be undone.
      coupon.left = 0
      throw await refusal(store.read, coupon, me, now)
    })
    coupon.left = Math.min(coupon.left, left) // answers of one commit come in no particular order
    if (coupon.showId) hint(coupon.showId, 'coupon_left', { couponId, left: coupon.left })
    return { couponId, nth, left }
  }
}
