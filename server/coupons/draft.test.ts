import { describe, expect, it } from 'vitest'
import type { CouponDraft } from '../../shared/contracts/coupons.ts'
import { faultOf, wordOf } from './draft.ts'

const MINUTE = 60_000
const draft: CouponDraft = {
  kind: 'plain',
  offFen: 500,
  thresholdFen: 3000,
  total: 10,
  perMember: 1,
  lifeMs: 10 * MINUTE
}
const field = (changes: Partial<CouponDraft>, inRoom = true) => {
  const fault = faultOf({ ...draft, ...changes }, inRoom)
  return fault && ('details' in fault ? fault.details.field : fault.code)
}

describe('a draft', () => {
  it.each<[string, Partial<CouponDraft>]>([
    ['of the simplest kind', {}],
    ['with a percentage whose cap is above its threshold', { offPermyriad: 1500, offFen: 9000 }],
    ['for who watches until the last but one moment', { kind: 'watch', watchMs: 10 * MINUTE - 1 }],
    ['for who may watch before it begins', { kind: 'watch', watchMs: 12 * MINUTE, startsInMs: 5 * MINUTE }],
    ['of two letters', { kind: 'code', code: '赶海' }],
    ['for some goods', { scope: 'products', productIds: ['p'] }],
    ['of the union', { scope: 'union', budgetId: 'b' }]
  ])('%s may be dropped', (_what, changes) => {
    expect(field(changes)).toBeUndefined()
  })

  it.each<[string, Partial<CouponDraft>, boolean?]>([
    ['coupon_too_generous', { offFen: 3000 }],
    ['/watchMs', { kind: 'watch' }],
    ['/watchMs', { kind: 'watch', watchMs: MINUTE - 1 }],
    ['/watchMs', { kind: 'watch', watchMs: 10 * MINUTE }],
    ['/code', { kind: 'code' }],
    ['/code', { kind: 'code', code: ' 海。' }],
    ['/productIds', { scope: 'products' }],
    ['/budgetFen', { budgetId: 'b', budgetFen: 5 }],
    ['budget_needed', { scope: 'union' }],
    ['budget_needed', { scope: 'union', budgetFen: 5000 }],
    ['/scope', {}, false],
    ['/kind', { kind: 'follow', scope: 'union', budgetId: 'b' }, false],
    ['/kind', { kind: 'watch', watchMs: MINUTE, scope: 'union', budgetId: 'b' }, false]
  ])('is refused for %s: %o', (expected, changes, inRoom) => {
    expect(field(changes, inRoom)).toBe(expected)
  })
})

it('a word is the same however it is typed', () => {
  for (const typed of ['赶海６６６', ' 赶海 666 ', '赶海，666！', '“赶海666”'])
    expect(wordOf(typed)).toBe('赶海666')
  expect(wordOf('Low Tide')).toBe('lowtide')
})
