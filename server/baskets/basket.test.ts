import { expect, it } from 'vitest'
import { MAX_QTY } from '../../shared/contracts/orders.ts'
import { standing, together } from './basket.ts'

it('says what became of something since it was put in', () => {
  expect(standing(2, { onSale: true, left: 2 })).toBe('ok')
  expect(standing(2, { onSale: true, left: 1 })).toBe('short')
  expect(standing(2, { onSale: true, left: 0 })).toBe('sold_out')
  expect(standing(2, { onSale: false, left: 9 })).toBe('off_sale')
})

it('takes no more of one thing than a buyer carries', () => {
  expect(together(0, 3)).toBe(3)
  expect(together(MAX_QTY - 1, 1)).toBe(MAX_QTY)
  expect(together(MAX_QTY, 1)).toBe(MAX_QTY)
})
