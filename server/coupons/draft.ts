import { CODE_CHARS, WATCH_MS, type CouponDraft } from '../../shared/contracts/coupons.ts'
import { tooGenerous } from './coupon.ts'

/** 口令 as it is compared: as people hear it, not as they type it. */
export const wordOf = (typed: string) =>
  typed
    .normalize('NFKC')
    .replace(/[\s\p{P}]/gu, '')
    .toLowerCase()

/** A draft with everything that it does not say. */
export function wholeOf(draft: CouponDraft) {
  const { kind, scope = 'shop' } = draft
  return {
    kind,
    scope,
    offFen: draft.offFen,
    offPermyriad: draft.offPermyriad ?? 0,
    productIds: scope === 'products' ? (draft.productIds ?? []) : [],
    payer: scope === 'union' ? ('union' as const) : ('host' as const),
    newBuyer: draft.newBuyer ?? false,
    thresholdFen: draft.thresholdFen,
    total: draft.total,
    left: draft.total,
    perMember: draft.perMember,
    watchMs: kind === 'watch' ? (draft.watchMs ?? 0) : 0,
    code: kind === 'code' ? wordOf(draft.code ?? '') : ''
  }
}

export type Fault =
  | { code: 'coupon_too_generous' }
  | { code: 'budget_needed' }
  | { code: 'bad_input'; details: { field: string } }

/** What is wrong with a draft that its schema cannot say; undefined: nothing. */
export function faultOf(draft: CouponDraft, inRoom: boolean): Fault | undefined {
  const bad = (field: string): Fault => ({ code: 'bad_input', details: { field } })
  const { kind, scope, productIds, watchMs, code, ...offer } = wholeOf(draft)
  if (tooGenerous(offer)) return { code: 'coupon_too_generous' }
  if (!inRoom && (kind === 'follow' || kind === 'watch')) return bad('/kind')
  if (!inRoom && scope !== 'union') return bad('/scope')
  if (scope === 'products' && !productIds.length) return bad('/productIds')
  // Whoever came in with it must be able to have watched so long before it is over.
  if (kind === 'watch' && (watchMs < WATCH_MS.min || watchMs >= (draft.startsInMs ?? 0) + draft.lifeMs))
    return bad('/watchMs')
  if (kind === 'code' && code.length < CODE_CHARS.min) return bad('/code')
  if (draft.budgetId && draft.budgetFen) return bad('/budgetFen')
  if (scope === 'union' && !draft.budgetId) return { code: 'budget_needed' }
  return undefined
}
