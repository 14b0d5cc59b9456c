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
  /** Whether a show has a picture to watch. */
  onAir: (showId: string) => Promise<boolean>
}

export type Coupons = ReturnType<typeof openCoupons>

/** Coupons are dropped into a room, claimed in a rush, and used with one order. */
export function openCoupons(parts: { store: Store; clock: Clock; jobs: Pick<Jobs, 'every'> } & Neighbours) {
  const { store, clock, hint, followsIn } = parts
  const rows = couponStore(store)
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
    const { nth, left } = await store
      .tx((tx) => claimIn(tx, coupon, me, now), { hot: `coupon:${couponId}` })
      .catch((error: unknown) => {
        // Only here, after the commit, is "none left" a fact: inside the unit it may still be undone.
        if (error instanceof Problem && error.code === 'coupon_gone') coupon.left = 0
        throw error
      })
    coupon.left = Math.min(coupon.left, left) // answers of one commit come in no particular order
    if (coupon.showId) hint(coupon.showId, 'coupon_left', { couponId, left: coupon.left })
    return { couponId, nth, left }
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
    if (left === undefined) throw whyNotTaken((await rows.coupon(tx, coupon.id))!, now)
    return { nth, left }
  }
}

/** What another server, or the clock of the show, did since it was remembered. */
function whyNotTaken(coupon: CouponRow, now: number) {
  if (over(coupon, now)) return new Problem('coupon_over')
  if (coupon.left === 0) return new Problem('coupon_gone')
  // This server was slow, or its clock is: the others have begun to file it.
  if (coupon.filedTo) return new Problem('coupon_over')
  return new Problem('coupon_early', { startsAt: coupon.startsAt })
}
