import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { faultOf, isOver, running, whyNot, type Sale } from './sale.ts'

const NOON = 1_783_000_000_000
const sale: Sale = { total: 200, left: 3, perMember: 2, startsAt: NOON, endsAt: NOON + 60_000, stoppedAt: 0 }

describe('a flash sale', () => {
  it('counts from its first millisecond to its last, and not one more', () => {
    expect(running(sale, NOON - 1)).toBe(false)
    expect(running(sale, NOON)).toBe(true)
    expect(running(sale, NOON + 59_999)).toBe(true)
    expect(running(sale, NOON + 60_000)).toBe(false)
    expect(isOver(sale, NOON + 60_000)).toBe(true)
  })

  it('stands still while the picture is away, however long that is', () => {
    const away = { ...sale, stoppedAt: NOON + 59_000 }
    fc.assert(
      fc.property(fc.integer({ min: 59_000, max: 86_400_000 }), (later) => {
        expect(running(away, NOON + later)).toBe(true)
        expect(isOver(away, NOON + later)).toBe(false)
      })
    )
  })

  it('that had not begun when the picture went does not begin meanwhile', () => {
    expect(running({ ...sale, startsAt: NOON + 10, stoppedAt: NOON }, NOON + 50)).toBe(false)
  })

  it('says what is in the way: its time, her share, what is left', () => {
    expect(whyNot(sale, 0, 2, NOON)).toBeUndefined()
    expect(whyNot(sale, 1, 2, NOON)).toBe('flash_share')
    expect(whyNot({ ...sale, left: 1 }, 0, 2, NOON)).toBe('flash_gone')
    expect(whyNot(sale, 0, 1, NOON + 60_000)).toBe('flash_over')
  })

  it('is cheaper than usual and never more than there is', () => {
    const spec = { priceFen: 3990, stock: 200 }
    expect(faultOf({ priceFen: 990, total: 200, perMember: 2 }, spec)).toBeUndefined()
    expect(faultOf({ priceFen: 3990, total: 200, perMember: 2 }, spec)).toBe('flash_no_cheaper')
    expect(faultOf({ priceFen: 990, total: 201, perMember: 2 }, spec)).toBe('flash_too_many')
    expect(faultOf({ priceFen: 990, total: 1, perMember: 2 }, spec)).toBe('flash_too_many')
  })
})
