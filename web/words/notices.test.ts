import { afterEach, expect, it } from 'vitest'
import { NOTICE_KINDS } from '../../shared/contracts/notices.ts'
import { told } from './notices.ts'
import { tongue } from './speak.svelte.ts'

const NOW = Date.parse('2026-11-23T04:00:00Z')
const TOMORROW_AT_TWO = String(Date.parse('2026-11-24T06:00:00Z'))

afterEach(() => {
  tongue.language = 'zh'
})

it('says in both languages what happened, with moments as words', () => {
  const about = { title: '直播带货', startsAt: TOMORROW_AT_TWO, place: '妇女微家' }
  expect(told({ kind: 'seat_offered', about }, NOW)).toEqual({
    title: '候补到您了：直播带货',
    more: '明天 14:00 · 妇女微家 · 不能来请退掉，让给后面的姐妹'
  })
  tongue.language = 'en'
  expect(told({ kind: 'seat_offered', about }, NOW).title).toBe('A seat is yours: 直播带货')
})

it('has a sentence for every kind in both languages, and none shows a gap where a word is missing', () => {
  for (const language of ['zh', 'en'] as const) {
    tongue.language = language
    for (const kind of NOTICE_KINDS) {
      const { title, more } = told({ kind, about: {} }, NOW)
      expect(title, kind).not.toBe('')
      expect(title + more, kind).not.toMatch(/undefined|NaN|Invalid/)
    }
  }
})

it('tells a document that runs out from one that has', () => {
  const due = (days: string) => told({ kind: 'document_due', about: { kind: 'health', days } }, NOW).title
  expect(due('7')).toBe('您的健康证还有 7 天到期')
  expect(due('0')).toBe('您的健康证到期了')
})

it('names in the chosen language what an officer decided', () => {
  const about = { kind: 'join', decision: 'refused', words: '请补身份证' }
  expect(told({ kind: 'case_decided', about }, NOW)).toEqual({
    title: '入会申请没有通过',
    more: '请补身份证'
  })
  tongue.language = 'en'
  expect(told({ kind: 'case_decided', about }, NOW).title).toBe('Your request to join was refused')
})
