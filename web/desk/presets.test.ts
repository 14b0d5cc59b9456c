import { describe, expect, it } from 'vitest'
import { couponOf, PRESETS, TYPED, type TypedCoupon, type WrongField } from './presets.ts'

const typed: TypedCoupon = { ...TYPED, off: '5', threshold: '39', total: '50', perMember: '1', lasts: '10' }
const percent: Partial<TypedCoupon> = { amount: 'percent', zhe: '8.5', cap: '20' }

describe('a coupon that a host makes herself', () => {
  it('turns yuan and minutes into fen and milliseconds, and says nothing that she did not choose', () => {
    expect(couponOf(typed)).toEqual(PRESETS[0])
    expect(couponOf({ ...typed, threshold: '0' })).toMatchObject({ thresholdFen: 0 })
    expect(couponOf(TYPED)).toMatchObject({ offFen: 1000 })
  })

  it.each<[string, Partial<TypedCoupon>, object]>([
    ['85 折 up to a cap', percent, { offFen: 2000, offPermyriad: 1500 }],
    [
      'a cap above the threshold, for a percentage never reaches it',
      { ...percent, cap: '99' },
      { offFen: 9900 }
    ],
    ['a beginning', { startsIn: '5' }, { startsInMs: 300_000 }],
    ['days', { lasts: '30', startsIn: '1', unit: 'days' }, { lifeMs: 2_592_000_000, startsInMs: 86_400_000 }],
    ['minutes to watch', { kind: 'watch', watch: '5' }, { kind: 'watch', watchMs: 300_000 }],
    ['a word', { kind: 'code', code: ' 赶海 ' }, { kind: 'code', code: '赶海' }],
    ['some goods', { scope: 'products', productIds: ['p'] }, { scope: 'products', productIds: ['p'] }],
    ['new buyers', { newBuyer: true }, { newBuyer: true }],
    ['a pot of its own', { pot: 'own', potYuan: '200' }, { budgetFen: 20_000 }],
    ['a pot that is there', { pot: 'b1' }, { budgetId: 'b1' }],
    ['the union’s money', { scope: 'union', pot: 'b1' }, { scope: 'union', budgetId: 'b1' }]
  ])('has %s', (_what, changes, expected) => {
    expect(couponOf({ ...typed, ...changes })).toMatchObject(expected)
  })

  it.each<[WrongField, Partial<TypedCoupon>]>([
    ['off', { off: '0' }],
    ['tooGenerous', { off: '39' }],
    ['tooGenerous', { off: '40' }],
    ['off', { off: '五块' }],
    ['off', { off: '10000.01' }],
    ['zhe', { ...percent, zhe: '10' }],
    ['zhe', { ...percent, zhe: '0.5' }],
    ['zhe', { ...percent, zhe: '85' }],
    ['off', { ...percent, cap: '' }],
    ['threshold', { threshold: '' }],
    ['total', { total: '0' }],
    ['total', { total: '1.5' }],
    ['total', { total: '100001' }],
    ['perMember', { perMember: '11' }],
    ['lasts', { lasts: '0' }],
    ['lasts', { lasts: '43201' }],
    ['lasts', { lasts: '31', unit: 'days' }],
    ['startsIn', { startsIn: '8', unit: 'days' }],
    ['startsIn', { startsIn: '10081' }],
    ['watch', { kind: 'watch', watch: '0' }],
    ['watch', { kind: 'watch', watch: '10' }],
    ['word', { kind: 'code', code: '海 ' }],
    ['goods', { scope: 'products' }],
    ['needsPot', { scope: 'union' }],
    ['needsPot', { scope: 'union', pot: 'own' }],
    ['pot', { pot: 'own', potYuan: '0' }],
    ['smallPot', { pot: 'own', potYuan: '4.99' }]
  ])('is not dropped when %s is wrong: %o', (field, changes) => {
    expect(couponOf({ ...typed, ...changes })).toBe(field)
  })
})
