import fc from 'fast-check'
import { expect, it } from 'vitest'
import { payerOf } from './payer.ts'
import { ofPlainMoment, plainMoment, zonedMoment } from './village-time.ts'
import { fenOfYuan, inYuan } from './yuan.ts'

it('fen become yuan and fen again, to the last one', () => {
  expect(inYuan(5)).toBe('0.05')
  expect(inYuan(4503599627370495)).toBe('45035996273704.95')
  fc.assert(
    fc.property(fc.nat({ max: 99_999_999_999_999 }), (fen) => {
      expect(fenOfYuan(inYuan(fen))).toBe(fen)
      expect(fenOfYuan(`-${inYuan(fen)}`)).toBe(fen ? -fen : 0)
    })
  )
})

it.each(['', '1.005', '1e3', '1,000.00', '0x10', '.5', '--1', 'NaN'])('%s is no sum', (text) => {
  expect(() => fenOfYuan(text)).toThrow('no yuan and fen')
})

it('moments are written in the village’s time and read back', () => {
  const at = Date.UTC(2026, 10, 21, 16, 5, 9)
  expect(plainMoment(at)).toBe('2026-11-22 00:05:09')
  expect(zonedMoment(at)).toBe('2026-11-22T00:05:09+08:00')
  expect(ofPlainMoment(plainMoment(at))).toBe(at)
  for (const no of ['', '2026-11-22', '2026-11-22 00:05:09Z', '2026-99-99 00:00:00'])
    expect(ofPlainMoment(no)).toBeNaN()
})

it.each([
  ['Mozilla/5.0 (Windows NT 10.0) Chrome/120', 'desk'],
  ['', 'desk'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_0)', 'phone'],
  ['Mozilla/5.0 (Linux; Android 10) Mobile', 'phone'],
  ['Mozilla/5.0 (Phone; OpenHarmony 5.0) ArkWeb Mobile', 'phone'],
  ['Mozilla/5.0 (iPhone) MicroMessenger/8.0', 'wechat']
])('%s is a %s', (agent, device) => {
  expect(payerOf(agent, '1.2.3.4')).toEqual({ device, ip: '1.2.3.4' })
})
