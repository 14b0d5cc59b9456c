import { LRUCache } from 'lru-cache'
import type { Answer, Body } from '../../shared/contract.ts'
import type {
  claimCoupon,
  CouponCard,
  CouponChoice,
  dropCoupon,
  MyCoupon
} from '../../shared/contracts/coupons.ts'
import { Problem } from '../../shared/problems.ts'
import type { Facts, Hints } from '../../shared/room.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import { newId } from '../store/id.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { best, claimState, over, tooGenerous, usable } from './coupon.ts'
import { couponStore, OPEN_COUPONS, type CouponRow, type PocketRow } from './store.ts'

/** Coupons that a rush is on or was on lately; each is one small row. */
const REMEMBERED = 1_000

type Tell = (
  roomId: string,
  type: 'coupon_dropped',
  body: Facts['coupon_dropped'],
  actorId: string
) => Promise<unknown>

/** What coupons ask of the rest of the village. */
export interface Neighbours {
  /** One unit of work whose facts every room hears after its commit. */
  act: <T>(unit: (tx: Tx, tell: Tell) => Promise<T>) => Promise<T>
  /** What a room may miss: at most once a second, the last value wins. */
  hint: (roomId: string, type: 'coupon_left', body: Hints['coupon_left']) => void
  /** The show if this member may run it. Problems: no_such_show, show_not_yours. */
  runBy: (me: Member, showId: string, on?: Tx) => Promise<ShowToDropInto>
  followsIn: (on: Tx | Reader, memberId: string, hostId: string) => Promise<boolean>
  shopOf: (ownerId: string) => Promise<{ id: string; name: string } | undefined>
  shopsByIds: (ids: string[]) => Promise<ReadonlyMap<string, { name: string }>>
}

interface ShowToDropInto {
  hostId: string
  state: string
  kind: string
  /** Why nothing is sold in it; empty: it sells. */
  saleStopped: string
  paused: boolean
}

export type Coupons = ReturnType<typeof openCoupons>

/** Coupons are dropped into a room, claimed in a rush, and used with one order. */
export function openCoupons({
  store,
  clock,
  act,
  hint,
  runBy,
  followsIn,
  shopOf,
  shopsByIds
}: { store: Store; clock: Clock } & Neighbours) {
  const rows = couponStore(store)
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

  async function cards(coupons: CouponRow[]): Promise<CouponCard[]> {
    const shops = await shopsByIds([...new Set(coupons.map((coupon) => coupon.shopId))])
    return coupons.map((coupon) => cardOf(coupon, shops.get(coupon.shopId)?.name ?? ''))
  }

  async function withCards(pocket: PocketRow[]) {
    const coupons = await cards(pocket.map((each) => each.coupon))
    return pocket.map((each, i) => ({ ...each, card: coupons[i]! }))
  }

  /** Why there was none for her. Who holds her share hears that, even when the rest is gone. */
  async function refusal(on: Tx | Reader, coupon: CouponRow, me: Member, now: number) {
    if (over(coupon, now)) return new Problem('coupon_over')
    const held = await rows.held(on, coupon.id, me.id)
    return new Problem(held >= coupon.perMember ? 'coupon_claimed' : 'coupon_gone')
  }

  return {
    /**
     * Drops a coupon into the room of a show that I run; the host's shop gives it. Problems: no_such_show,
     * show_not_yours, show_over, not_sold_here, sale_stopped, no_such_shop, coupon_too_generous, too_many_coupons.
     */
    async drop(
      me: Member,
      showId: string,
      { lifeMs, ...draft }: Body<typeof dropCoupon>
    ): Promise<CouponCard> {
      const show = await runBy(me, showId)
      if (show.kind !== 'public') throw new Problem('not_sold_here')
      if (show.state === 'ended' || show.state === 'replay') throw new Problem('show_over')
      if (tooGenerous(draft)) throw new Problem('coupon_too_generous')
      const shop = await shopOf(show.hostId)
      if (!shop) throw new Problem('no_such_shop')
      const now = clock.now()
      const coupon: CouponRow = {
        ...draft,
        offPermyriad: 0,
        scope: 'shop',
        productIds: [],
        payer: 'host',
        budgetId: '',
        newBuyer: false,
        startsAt: 0,
        watchMs: 0,
        code: '',
        id: newId(now),
        shopId: shop.id,
        hostId: show.hostId,
        showId,
        left: draft.total,
        endsAt: now + lifeMs,
        createdBy: me.id,
        createdAt: now
      }
      const card = cardOf(coupon, shop.name)
      await act(async (tx, tell) => {
        const { saleStopped, paused } = await runBy(me, showId, tx)
        if (saleStopped || paused) throw new Problem('sale_stopped', { reason: saleStopped })
        if ((await rows.open(tx, showId, now)).length >= OPEN_COUPONS) throw new Problem('too_many_coupons')
        await rows.add(tx, coupon)
        await tell(showId, 'coupon_dropped', { coupon: card }, me.id)
      })
      return card
    },

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

    /** What hangs in a room, newest first. */
    cardsOf: async (showId: string) => cards(await rows.open(store.read, showId, clock.now())),

    /** How many coupons of a show are in pockets. */
    claimsOf: (showId: string) => rows.claimsOf(showId),

    /** The coupons of a show of which a member holds all she may. */
    claimedIn: async (showId: string, memberId: string) =>
      (await rows.heldIn(showId, memberId))
        .filter((each) => each.held >= each.perMember)
        .map((each) => each.couponId),

    /** My coupons, newest first. */
    async mine(me: Member): Promise<MyCoupon[]> {
      const now = clock.now()
      const pocket = await withCards(await rows.pocket(store.read, me.id))
      return pocket.map(({ card, coupon, nth, claimedAt, orderId }) => {
        return { coupon: card, nth, claimedAt, orderId, state: claimState(coupon, { nth, orderId }, now) }
      })
    },

    /** My coupons against a purchase: the best first, then what else could be used, then why the others cannot. */
    async choices(
      memberId: string,
      purchase: { shopId: string; goodsFen: number },
      now: number
    ): Promise<CouponChoice[]> {
      const pocket = (await withCards(await rows.pocket(store.read, memberId, now))).map(
        ({ card, coupon, nth, orderId }) => {
          const claim = { nth, orderId }
          return { card, coupon, claim, judged: usable(coupon, claim, purchase, now) }
        }
      )
      const chosen = best(pocket)
      return pocket
        .map((each) => {
          return {
            ...each.judged,
            couponId: each.coupon.id,
            nth: each.claim.nth,
            coupon: each.card,
            best: each === chosen
          }
        })
        .toSorted((a, b) => Number(b.best) - Number(a.best) || b.offFen - a.offFen)
    },

    /**
     * Uses a coupon for an order, as part of the caller's unit, and answers what it takes off. Problems: coupon_not_yours,
     * coupon_used, coupon_over, coupon_wrong_shop, coupon_below_threshold {missingFen}.
     */
    async useIn(
      tx: Tx,
      {
        shopId,
        goodsFen,
        ...use
      }: {
        memberId: string
        couponId: string
        nth: number
        orderId: string
        shopId: string
        goodsFen: number
      }
    ): Promise<number> {
      const claimed = await rows.claimed(tx, use.couponId, use.memberId, use.nth)
      if (!claimed) throw new Problem('coupon_not_yours')
      const judged = usable(claimed.coupon, claimed, { shopId, goodsFen }, clock.now())
      if (judged.reason) throw new Problem(judged.reason, { missingFen: judged.missingFen })
      if (!(await rows.use(tx, use))) throw new Problem('coupon_used')
      return judged.offFen
    },

    /** Puts an order's coupon back into the pocket, as part of the caller's unit. */
    returnIn: (tx: Tx, orderId: string) => rows.giveBack(tx, orderId)
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

function cardOf(coupon: CouponRow, shopName: string): CouponCard {
  const { id, shopId, hostId, kind, offFen, thresholdFen, total, left, perMember, endsAt } = coupon
  return { id, shopId, shopName, hostId, kind, offFen, thresholdFen, total, left, perMember, endsAt }
}
