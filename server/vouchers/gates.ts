import type { Answer, Body, QueryOf } from '../../shared/contract.ts'
import {
  BUNDLE_PAGE,
  LOG_PAGE,
  type gateBundle,
  type gateLog,
  type gateShops,
  type GateTry,
  type redeemVoucher,
  type syncRedemptions
} from '../../shared/contracts/vouchers.ts'
import { boundsOf, dayOf } from '../../shared/day.ts'
import { Problem } from '../../shared/problems.ts'
import { digitsIn } from '../../shared/voucher.ts'
import { has, type Member } from '../members/member.ts'
import type { Tx } from '../store/store.ts'
import type { Endings } from './endings.ts'
import type { Neighbours } from './neighbours.ts'
import type { Signer } from './signer.ts'
import { voucherStore, type TryRow, type VoucherRow } from './store.ts'
import {
  isPossible,
  isTakenBack,
  momentOf,
  spoken,
  undoableUntil,
  whyNotRedeemed,
  wordsOf,
  type Outcome,
  type Reason
} from './voucher.ts'

/** Shops that somebody of the union sees at once. */
const MAX_SHOPS = 200

type Act = Body<typeof syncRedemptions>['items'][number]
type Gate = Pick<Body<typeof redeemVoucher>, 'gateId' | 'gateName'> & { shopId: string; byId: string }

export type Gates = ReturnType<typeof openGates>

/** 闸口: where vouchers are redeemed, with network or without. */
export function openGates({
  store,
  clock,
  shops,
  namesOf,
  tellIn,
  audit,
  alert,
  signer,
  endings
}: Neighbours & { signer: Signer; endings: Endings }) {
  const rows = voucherStore(store)

  return {
    /** Where she may stand: her own shop, or to the union all that have open vouchers. Problem no_such_shop. */
    async shops(me: Member): Promise<Answer<typeof gateShops>['items']> {
      const open = new Map(
        isOfUnion(me) ? (await rows.openByShop(MAX_SHOPS)).map((each) => [each.shopId, each.open]) : []
      )
      const own = await shops.shopOf(me.id)
      if (own && !open.has(own.id)) open.set(own.id, await rows.openIn(own.id))
      const named = await shops.shopsByIds([...open.keys()].slice(0, MAX_SHOPS))
      return [...named.values()].map(({ id, name, hostName }) => ({
        id,
        name,
        hostName,
        open: open.get(id) ?? 0
      }))
    },

    /** Problem no_such_shop. */
    async bundle(
      me: Member,
      { shopId, after }: QueryOf<typeof gateBundle>
    ): Promise<Answer<typeof gateBundle>> {
      const { id, name } = await shopFor(me, shopId)
      const now = clock.now()
      const [found, today] = await Promise.all([
        rows.goodOf(id, now, after ?? '', BUNDLE_PAGE + 1),
        rows.redeemedSince(id, boundsOf(dayOf(now)).from)
      ])
      return {
        shop: { id, name },
        now,
        key: signer.publicJwk,
        items: found.slice(0, BUNDLE_PAGE).map((voucher) => ({ ...voucher, issuedAt: voucher.createdAt })),
        today,
        more: found.length > BUNDLE_PAGE
      }
    },

    /** Problem no_such_shop. */
    async redeem(
      me: Member,
      { shopId, gateId, gateName, ...act }: Body<typeof redeemVoucher>
    ): Promise<GateTry> {
      const shop = await shopFor(me, shopId)
      const tried = await tryOnce({ gateId, gateName, shopId: shop.id, byId: me.id }, act, false)
      return (await views([tried]))[0]!
    },

    /** What a gate did without network, each for itself, as it happened. Problem no_such_shop. */
    async sync(me: Member, { shopId, gateId, gateName, items }: Body<typeof syncRedemptions>) {
      const shop = await shopFor(me, shopId)
      const gate = { gateId, gateName, shopId: shop.id, byId: me.id }
      const tried = new Map<string, TryRow>()
      for (const act of items.toSorted((a, b) => a.at - b.at)) {
        tried.set(act.id, await tryOnce(gate, act, true))
      }
      return { now: clock.now(), items: await views(items.map(({ id }) => tried.get(id)!)) }
    },

    /** Problems: no_such_shop, no_such_redemption, nothing_to_undo, undo_too_late, case_own. */
    async undo(
      me: Member,
      redemptionId: string,
      shopId: string | undefined,
      words: string
    ): Promise<GateTry> {
      const shop = await shopFor(me, shopId)
      const undone = await store.tx(async (tx) => {
        const before = await rows.try(tx, redemptionId)
        if (before?.shopId !== shop.id) throw new Problem('no_such_redemption')
        if (before.outcome === 'undone') return before
        if (before.outcome !== 'redeemed') throw new Problem('nothing_to_undo')
        if (clock.now() >= undoableUntil(before)) throw new Problem('undo_too_late')
        const voucher = (await rows.one(tx, before.voucherId))!
        // Whoever of the union has eaten does not make it good again by herself.
        if (voucher.memberId === me.id) throw new Problem('case_own')
        if (!(await endings.reopenIn(tx, voucher, redemptionId))) throw new Problem('nothing_to_undo')
        const after = (await rows.undo(tx, redemptionId, words))!
        await tellBuyerIn(tx, 'voucher_undone', voucher, after)
        const details = { redemptionId, words }
        await audit(tx, { actorId: me.id, action: 'redemption_undone', subject: voucher.id, details })
        return after
      })
      return (await views([undone]))[0]!
    },

    /** Problems: no_such_shop, no_such_redemption. */
    async log(me: Member, { shopId, list = 'all', after }: QueryOf<typeof gateLog>): Promise<GateTry[]> {
      const shop = await shopFor(me, shopId)
      const from = after === undefined ? undefined : await rows.try(store.read, after)
      if (after !== undefined && from?.shopId !== shop.id) throw new Problem('no_such_redemption')
      return views(await rows.tries(shop.id, list === 'conflicts', from, LOG_PAGE))
    }
  }

  /** One act at a gate: what became of it, now or when it was handed in first. */
  function tryOnce({ gateId, gateName, shopId, byId }: Gate, act: Act, offline: boolean): Promise<TryRow> {
    const said = signer.read(act.text)
    return store.tx(async (tx) => {
      const { id, undone } = act
      const now = clock.now()
      const at = momentOf(act.at, offline, now)
      const row = (outcome: Outcome, reason: Reason, more: Partial<TryRow> = {}): TryRow => ({
        ...NOTHING,
        id,
        shopId,
        gateId,
        gateName,
        byId,
        at,
        heardAt: now,
        offline,
        outcome,
        reason,
        ...more
      })
      const known = await rows.try(tx, id)
      // Ids are long and made by chance: another shop's is nobody's mistake.
      if (known) return known.shopId === shopId ? known : row('refused', 'unknown')
      const found = await voucherOf(tx, shopId, act.text, said)
      if (typeof found === 'string') return rows.addTry(tx, row('refused', found))
      const voucherId = found.id
      if (!isPossible(offline ? act.at : at, found, now)) return row('refused', 'clock', { voucherId })
      // Her own she may have eaten: that she took it back by herself counts for nothing, here as with network.
      if (found.memberId !== byId && isTakenBack(act.at, undone?.at)) {
        return rows.addTry(tx, row('undone', '', { voucherId, words: undone!.words }))
      }

      const redeemed = await rows.redeem(tx, voucherId, id, { at, redeemedAt: offline ? at : now })
      if (redeemed) {
        const tried = await rows.addTry(tx, row('redeemed', '', { voucherId }))
        await tellBuyerIn(tx, 'voucher_redeemed', redeemed, tried)
        await endings.redeemedIn(tx, redeemed)
        return tried
      }
      // Another gate may have been faster since we looked.
      const as = (await rows.one(tx, voucherId))!
      const { outcome, reason } = whyNotRedeemed(as, { at, offline })!
      const tried = await rows.addTry(tx, row(outcome, reason, { voucherId, firstId: as.redeemedBy }))
      if (outcome === 'conflict' && offline) await alertIn(tx, as, tried)
      return tried
    })
  }

  async function voucherOf(
    tx: Tx,
    shopId: string,
    text: string,
    said: ReturnType<Signer['read']>
  ): Promise<VoucherRow | Reason> {
    if (said === 'forged') return said
    if (said && said.shopId !== shopId) return 'other_shop'
    const code = digitsIn(text)
    const found = code
      ? await rows.byCode(tx, shopId, code)
      : await rows.one(tx, said ? said.voucherId : text.trim())
    if (!found) return 'unknown'
    return found.shopId === shopId ? found : 'other_shop'
  }

  /** Somebody was let in with what was used or paid back before: the union looks at who bears it. */
  async function alertIn(tx: Tx, { id, orderId, code, title }: VoucherRow, tried: TryRow) {
    const first = tried.firstId ? await rows.try(tx, tried.firstId) : undefined
    const details = {
      orderId,
      code,
      title,
      gate: gateWord(tried),
      at: spoken(tried.at),
      ...(first && { firstGate: gateWord(first), firstAt: spoken(first.at) }),
      why: wordsOf({ ...tried, reason: tried.reason as Reason })
    }
    await alert(tx, { action: 'voucher_conflict', subject: id, details })
  }

  function tellBuyerIn(
    tx: Tx,
    kind: 'voucher_redeemed' | 'voucher_undone',
    { memberId, orderId, title }: VoucherRow,
    tried: TryRow
  ) {
    const about = { title, at: String(tried.at), gate: tried.gateName, words: tried.words }
    return tellIn(tx, { memberId, kind, about, href: `/me/orders/${orderId}` })
  }

  async function views(tried: TryRow[]): Promise<GateTry[]> {
    const found = await Promise.all(
      tried.map(async ({ voucherId, firstId }) => ({
        voucher: voucherId ? await rows.one(store.read, voucherId) : undefined,
        first: firstId ? await rows.try(store.read, firstId) : undefined
      }))
    )
    const firsts = found.flatMap(({ first }) => first?.byId ?? [])
    const names = await namesOf([...tried.map(({ byId }) => byId), ...firsts])
    const nameOf = (id: string) => names.get(id)?.name ?? ''
    return tried.map((row, i) => {
      const { voucher, first } = found[i]!
      const before = first && {
        at: first.at,
        byName: nameOf(first.byId),
        gateName: first.gateName,
        sameGate: first.gateId === row.gateId
      }
      const reason = row.reason as Reason
      return {
        ...row,
        reason,
        byName: nameOf(row.byId),
        words: wordsOf({ ...row, reason }, before),
        undoUntil: undoableUntil(row),
        ...(voucher && { voucher }),
        ...(before && { first: before })
      }
    })
  }

  /** Problem no_such_shop, also for another woman's. */
  async function shopFor(me: Member, shopId: string | undefined) {
    const own = await shops.shopOf(me.id)
    if (own && (shopId === undefined || shopId === own.id)) return own
    const shop =
      isOfUnion(me) && shopId !== undefined ? (await shops.shopsByIds([shopId])).get(shopId) : undefined
    if (!shop) throw new Problem('no_such_shop')
    return shop
  }
}

const isOfUnion = (me: Member) => has(me, 'operator', 'officer')
const NOTHING = { voucherId: '', firstId: '', words: '' }
const SHORT_ID = 4
/** What people call it, or the end of its id. */
const gateWord = ({ gateName, gateId }: TryRow) => gateName || gateId.slice(-SHORT_ID)
