import { expect, it } from 'vitest'
import { fenOf, yuan } from './money.ts'

it('shows fen as the yuan a buyer reads', () => {
  expect(yuan(1999)).toBe('19.99')
  expect(yuan(2000)).toBe('20')
  expect(yuan(5)).toBe('0.05')
  expect(yuan(-150)).toBe('-1.50')
})

it('reads a typed price to the fen and refuses what is not one', () => {
  expect(fenOf('19.9')).toBe(1990)
  expect(fenOf('¥ 59.90')).toBe(5990)
  expect(fenOf('0.01')).toBe(1)
  expect(fenOf('1.999')).toBeUndefined()
  expect(fenOf('-5')).toBeUndefined()
  expect(fenOf('五块')).toBeUndefined()
})
