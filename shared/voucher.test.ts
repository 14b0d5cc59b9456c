import { expect, it } from 'vitest'
import { digitsIn, spokenDigits, ticketIn, ticketText } from './voucher.ts'

const ticket = {
  voucherId: '0lq1x',
  shopId: 'demo-shop-1',
  specId: 's2',
  issuedAt: 1_790_000_000_000,
  expiresAt: 1_797_782_399_999
}
const signature = 'a-_9'.padEnd(86, 'Z')

it('the code of a voucher says what was put into it', () => {
  const signed = ticketText(ticket)
  expect(ticketIn(` ${signed}.${signature}\n`)).toEqual({ ticket, signed, signature })
})

it.each([
  '',
  '.',
  '123456',
  'https://example.com',
  ticketText(ticket),
  `${ticketText(ticket)}.${signature}x`,
  `${ticketText(ticket).replace('yj1', 'yj2')}.${signature}`,
  `${ticketText(ticket)}.extra.${signature}`,
  `${ticketText({ ...ticket, voucherId: 'v'.repeat(500) })}.${signature}`
])('what is no code of ours is none: %s', (text) => {
  expect(ticketIn(text)).toBeUndefined()
})

it('six digits are read however they were parted, and nothing else is', () => {
  expect(['123456', ' 123 456 ', '１２３-４５６'].map(digitsIn)).toEqual(['123456', '123456', '123456'])
  expect(['12345', '1234567', '12345a', 'yj1.x'].map(digitsIn)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined
  ])
  expect(spokenDigits('012345')).toBe('012 345')
})
