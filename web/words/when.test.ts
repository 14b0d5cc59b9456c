import { afterEach, expect, it } from 'vitest'
import { tongue } from './speak.svelte.ts'
import { aboutWhen } from './when.ts'

const NOW = Date.parse('2026-11-23T09:00:00+08:00')
const at = (time: string) => Date.parse(`2026-11-24T${time}:00+08:00`)

afterEach(() => {
  tongue.language = 'zh'
})

it('says of what nobody knows to the minute which part of which day it is', () => {
  expect(['00:29', '06:00', '12:00', '18:00', '23:59'].map((time) => aboutWhen(at(time), NOW))).toEqual([
    '明天早上',
    '明天上午',
    '明天下午',
    '明天晚上',
    '明天晚上'
  ])
  tongue.language = 'en'
  expect(aboutWhen(at('13:00'), NOW)).toBe('tomorrow afternoon')
})
