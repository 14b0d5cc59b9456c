import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gramsIn, jinOf, MAX_GRAMS } from './weight.ts'

const anyGrams = fc.integer({ min: 1, max: MAX_GRAMS })

const MANY = { numRuns: 2_000 }

describe('a weight', () => {
  it('is the same after it was written in 斤 and read again, whatever it is', () => {
    expect(
      fc.check(
        fc.property(anyGrams, (grams) => gramsIn(jinOf(grams)) === grams),
        MANY
      )
    ).toMatchObject({ failed: false })
  })

  it('in 斤 has at most three decimals, and no empty ones at its end', () => {
    expect(
      fc.check(
        fc.property(anyGrams, (grams) => /^\d+(\.\d{0,2}[1-9])?$/.test(jinOf(grams))),
        MANY
      )
    ).toMatchObject({ failed: false })
  })

  it('of more than another is never written as less', () => {
    const more = fc.integer({ min: 1, max: 1000 })
    expect(
      fc.check(fc.property(anyGrams, more, (a, b) => Number(jinOf(a + b)) > Number(jinOf(a))))
    ).toMatchObject({ failed: false })
  })

  it('in 斤 and 两 and 克 is the sum of them', () => {
    const parts = fc.record({
      jin: fc.integer({ min: 1, max: 9999 }),
      liang: fc.integer({ min: 0, max: 9 }),
      g: fc.integer({ min: 0, max: 49 })
    })
    expect(
      fc.check(
        fc.property(
          parts,
          (of) => gramsIn(`${of.jin}斤${of.liang}两${of.g}克`) === of.jin * 500 + of.liang * 50 + of.g
        )
      )
    ).toMatchObject({ failed: false })
  })

  it.each([
    ['3.256', 1628],
    ['0.002', 1],
    ['120斤', 60_000],
    [' 3 斤 2 两 ', 1600],
    ['３．５斤', 1750],
    ['12.5公斤', 12_500],
    ['1.001kg', 1001],
    ['800克', 800],
    ['3斤2', undefined],
    ['0.001', undefined],
    ['3.2561', undefined],
    ['2两3斤', undefined],
    ['3斤3斤', undefined],
    ['3公斤3千克', undefined],
    ['0', undefined],
    ['', undefined],
    ['-3', undefined],
    ['三斤', undefined],
    ['1e3', undefined],
    ['200001', undefined],
    ['200000', MAX_GRAMS]
  ])('%s is %s g', (written, grams) => {
    expect(gramsIn(written)).toBe(grams)
  })
})
