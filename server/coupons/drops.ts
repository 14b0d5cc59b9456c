import type { Budget, CouponCard, CouponDraft, GivenCoupon } from '../../shared/contracts/coupons.ts'
import { Problem } from '../../shared/problems.ts'
import type { Facts } from '../../shared/room.ts'
import type { Clock } from '../clock.ts'
import { has, type Member } from '../members/member.ts'
import { newId } from '../store/id.ts'
import type { Store, Tx } from '../store/store.ts'
import type { Owner } from './budget-store.ts'
import { ofShop, UNION, type Audit, type Budgets } from './budgets.ts'
import { cardOf, cardsOf, type ShopsByIds } from './cards.ts'
import { leastOff } from './coupon.ts'
import { faultOf, wholeOf } from './draft.ts'
import { dropStore } from './drop-store.ts'
import { OPEN_COUPONS, type CouponRow } from './store.ts'

/** The room of what hangs in none: the union's counter. */
const COUNTER = ''

export type Tell = (
  roomId: string,
  type: 'coupon_dropped',
  body: Facts['coupon_dropped'],
  actorId: string
) => Promise<unknown>

/** What giving coupons asks of the rest of the village. */
export interface DropNeighbours {
  /** One unit of work whose facts every room hears after its commit. */
  act: <T>(unit: (tx: Tx, tell: Tell) => Promise<T>) => Promise<T>
  /** The show if this member may run it. Problems: no_such_show, show_not_yours. */
  runBy: (me: Member, showId: string, on?: Tx) => Promise<ShowToDropInto>
  shopOf: (ownerId: string) => Promise<{ id: string; name: string } | undefined>
  shopsByIds: ShopsByIds
  /** Whether all of these are products of that shop. */
  sellsAll: (shopId: string, productIds: readonly string[]) => Promise<boolean>
  audit: Audit
}

interface ShowToDropInto {
  hostId: string
  state: string
  kind: string
  /** Why nothing is sold in it; empty: it sells. */
  saleStopped: string
  paused: boolean
}

/** Coupons as their givers see them: a host or her operator in a room, the union in a room or at its counter. */
export function openDrops({
  store,
  clock,
  budgets,
  act,
  runBy,
  shopOf,
  shopsByIds,
  sellsAll,
  audit
}: { store: Store; clock: Clock; budgets: Budgets } & DropNeighbours) {
  const rows = dropStore(store)

  return {
    /**
     * Drops a coupon into the room of a show that I run; the host's shop gives it, or the union. Problems: no_such_show,
     * show_not_yours, show_over, not_sold_here, sale_stopped, no_such_shop, too_many_coupons, coupon_too_generous,
     * coupon_of_union, budget_needed, no_such_budget, coupon_budget_gone, coupon_code_taken, bad_input.
     */
    async drop(me: Member, showId: string, draft: CouponDraft): Promise<CouponCard> {
      const { hostId, kind, ...show } = await runBy(me, showId)
      if (kind !== 'public') throw new Problem('not_sold_here')
      refuseOver(show)
      refuseFault(draft, true)
      const giver = draft.scope === 'union' ? union(me) : await shopThatGives(hostId, draft)
      return act(async (tx, tell) => {
        // Its picture may have gone or come since, and the show may be over: then no clock would run for this coupon.
        const now = await runBy(me, showId, tx)
        refuseOver(now)
        if (now.saleStopped || now.paused) throw new Problem('sale_stopped', { reason: now.saleStopped })
        const place = { showId, hostId, shopId: giver.id, away: now.state === 'away' }
        const coupon = rowOf(me, draft, place)
        const card = cardOf(coupon, giver.name)
        await addIn(tx, me, draft, coupon)
        await tell(showId, 'coupon_dropped', { coupon: card }, me.id)
        return card
      })
    },

    /** Hangs a coupon of the union at its counter. Problems as `drop`. */
    async give(me: Member, draft: CouponDraft): Promise<CouponCard> {
      refuseFault(draft, false)
      const coupon = rowOf(me, draft, { showId: COUNTER, hostId: '', shopId: union(me).id, away: false })
      await store.tx((tx) => addIn(tx, me, draft, coupon))
      return cardOf(coupon, '')
    },

    /** What hangs in a room, newest first. */
    cardsOf: async (showId: string) => cardsOf(await rows.open(store.read, showId, clock.now()), shopsByIds),
    /** What of the union's hangs in no room; those by word are no secret, only the word is. */
    counter: async () => cardsOf(await rows.open(store.read, COUNTER, clock.now()), shopsByIds),

    /** The union's coupons with what became of them. */
    ofUnion: () => given(UNION.shopId),
    /** Those of my shop; nothing while I have none. */
    async ofMyShop(me: Member): Promise<GivenCoupon[]> {
      const shop = await shopOf(me.id)
      return shop ? given(shop.id) : []
    },

    /** Pots that a coupon dropped into this room may be paid from: the shop's; for officers the union's too. */
    async budgetsFor(me: Member, showId: string): Promise<Budget[]> {
      const shop = await shopOf((await runBy(me, showId)).hostId)
      const owners = [...(shop ? [ofShop(shop.id)] : []), ...(has(me, 'officer') ? [UNION] : [])]
      return (await Promise.all(owners.map(budgets.list))).flat()
    },

    /** Whose pots a host has. Problem no_such_shop. */
    async myPurse(me: Member): Promise<Owner> {
      const shop = await shopOf(me.id)
      if (!shop) throw new Problem('no_such_shop')
      return ofShop(shop.id)
    },

    /** The coupon of a word, over or not. */
    byWord: async (code: string): Promise<CouponRow | undefined> =>
      (await rows.byWordQuery(store.read, code))[0],

    /** The clock of a room stands still, and runs again: part of the unit in which the picture goes and comes. */
    stopIn: (tx: Tx, showId: string) => rows.stop(tx, showId, clock.now()),
    resumeIn: (tx: Tx, showId: string) => rows.resume(tx, showId, clock.now())
  }

  async function given(shopId: string): Promise<GivenCoupon[]> {
    const found = await rows.givenQuery(store.read, shopId)
    const coupons = found.map(({ coupon }) => coupon)
    const [cards, used] = await Promise.all([
      cardsOf(coupons, shopsByIds),
      rows.usedOfQuery(
        store.read,
        coupons.map(({ id }) => id)
      )
    ])
    const usedOf = new Map(used.map((each) => [each.couponId, each]))
    return found.map(({ coupon: { id, code, total, left, budgetId, showId, createdAt }, budgetName }, i) => ({
      coupon: cards[i]!,
      code,
      budgetId,
      budgetName: budgetName ?? '',
      claimed: total - left,
      used: usedOf.get(id)?.used ?? 0,
      usedFen: usedOf.get(id)?.usedFen ?? 0,
      showId,
      createdAt
    }))
  }

  async function shopThatGives(hostId: string, { scope, productIds = [] }: CouponDraft) {
    const shop = await shopOf(hostId)
    if (!shop) throw new Problem('no_such_shop')
    if (scope === 'products' && !(await sellsAll(shop.id, productIds)))
      throw new Problem('bad_input', { field: '/productIds' })
    return shop
  }

  function rowOf(
    me: Member,
    draft: CouponDraft,
    { away, ...place }: Pick<CouponRow, 'showId' | 'hostId' | 'shopId'> & { away: boolean }
  ): CouponRow {
    const now = clock.now()
    const { startsInMs = 0, budgetId = '', lifeMs } = draft
    return {
      ...wholeOf(draft),
      ...place,
      id: newId(now),
      budgetId,
      // At once is at once, also on a server whose clock is a little behind.
      startsAt: startsInMs && now + startsInMs,
      endsAt: now + startsInMs + lifeMs,
      stoppedAt: away ? now : 0,
      filedTo: '',
      createdBy: me.id,
      createdAt: now
    }
  }

  async function addIn(tx: Tx, me: Member, draft: CouponDraft, coupon: CouponRow) {
    const now = clock.now()
    if ((await rows.open(tx, coupon.showId, now)).length >= OPEN_COUPONS)
      throw new Problem('too_many_coupons')
    if (coupon.code) {
      await rows.freeWord(tx, coupon.code, now)
      if ((await rows.byWordQuery(tx, coupon.code)).length) throw new Problem('coupon_code_taken')
    }
    const pot = await potIn(tx, me, draft, coupon)
    if (pot && pot.leftFen < leastOff(coupon)) throw new Problem('coupon_budget_gone')
    await rows.add(tx, { ...coupon, budgetId: pot?.id ?? '' })
    if (coupon.payer === 'union') {
      const { offFen, offPermyriad, total, budgetId } = coupon
      const details = { offFen, offPermyriad, total, budgetId }
      await audit(tx, { actorId: me.id, action: 'union_coupon_given', subject: coupon.id, details })
    }
  }

  async function potIn(
    tx: Tx,
    me: Member,
    { budgetId, budgetFen }: CouponDraft,
    { payer, shopId }: CouponRow
  ) {
    const owner = payer === 'union' ? UNION : ofShop(shopId)
    if (budgetId) return budgets.forCouponIn(tx, owner, budgetId)
    return budgetFen ? budgets.openIn(tx, me, owner, budgetFen) : undefined
  }
}

function refuseOver({ state }: Pick<ShowToDropInto, 'state'>) {
  if (state === 'ended' || state === 'replay') throw new Problem('show_over')
}

function union(me: Member) {
  if (!has(me, 'officer')) throw new Problem('coupon_of_union')
  return { id: '', name: '' }
}

function refuseFault(draft: CouponDraft, inRoom: boolean) {
  const fault = faultOf(draft, inRoom)
  if (fault) throw new Problem(fault.code, 'details' in fault ? fault.details : undefined)
}
