import { describe, expect, it } from 'vitest'
import { digitsOf, grouped, isNumber, looksWrong } from './bank.ts'
import { partsOf } from './money.svelte.ts'

describe('an amount on a statement', () => {
  const nothing = { buyerFen: 0, couponFen: 0, freightFen: 0, feeFen: 0, paidOutFen: 0, fen: 0 }
  it('is explained where it is made of several things, and is itself where it is one', () => {
    expect(partsOf({ ...nothing, buyerFen: 1000, fen: 1000 })).toEqual([])
    expect(partsOf({ ...nothing, paidOutFen: -1000, fen: -1000 })).toEqual([])
    expect(partsOf({ ...nothing, buyerFen: 1000, feeFen: -25, fen: 975 })).toEqual([
      { part: 'buyerFen', fen: 1000 },
      { part: 'feeFen', fen: -25 }
    ])
  })
})

describe('a card number', () => {
  it('is its digits, whatever is typed between them, and is shown as on the card', () => {
    expect(digitsOf(' 6228-4804 0256x4890018 ')).toBe('6228480402564890018')
    expect(grouped('6228480402564890018')).toBe('6228 4804 0256 4890 018')
    expect(grouped('62284804')).toBe('6228 4804')
  })

  it('of eight to thirty digits can be one', () => {
    expect([
      isNumber('1234567'),
      isNumber('12345678'),
      isNumber('1'.repeat(30)),
      isNumber('1'.repeat(31))
    ]).toEqual([false, true, true, false])
  })

  it('looks wrong where a digit slipped, and accounts of companies are left alone', () => {
    expect(looksWrong('6228480402564890018')).toBe(false)
    expect(looksWrong('6228480402564890019')).toBe(true)
    expect(looksWrong('6228480402546890018')).toBe(true)
    expect(looksWrong('38010101040012345')).toBe(false)
  })
})
