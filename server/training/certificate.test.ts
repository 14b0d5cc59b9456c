import { describe, expect, it } from 'vitest'
import { lastDayIn } from './calendar.ts'
import { asPrinted, codeFrom, isReady, maskedName, spentUpTo, stateOf } from './certificate.ts'

const village = (text: string) => Date.parse(`${text}+08:00`)

describe('a certificate', () => {
  it('is good for its months, up to the end of the last day in the village', () => {
    expect(lastDayIn(12, village('2026-11-22T08:00'))).toBe(village('2027-11-22T23:59:59.999'))
    expect(lastDayIn(1, village('2027-01-31T08:00'))).toBe(village('2027-02-28T23:59:59.999'))
    expect(lastDayIn(1, village('2028-01-31T08:00')), 'a leap year').toBe(village('2028-02-29T23:59:59.999'))
    expect(lastDayIn(3, village('2026-11-30T23:59:59'))).toBe(village('2027-02-28T23:59:59.999'))
    expect(lastDayIn(1, village('2026-12-01T00:00')), 'still the day before in London').toBe(
      village('2027-01-01T23:59:59.999')
    )
  })

  it('is valid to its last moment, expired a moment later, and revoked whenever somebody took it back', () => {
    const dates = { validUntil: 1_000, revokedAt: 0 }
    expect(stateOf(dates, 1_000)).toBe('valid')
    expect(stateOf(dates, 1_001)).toBe('expired')
    expect(stateOf({ validUntil: 0, revokedAt: 0 }, 9e15), 'for good').toBe('valid')
    expect(stateOf({ validUntil: 1_000, revokedAt: 500 }, 900)).toBe('revoked')
    expect(stateOf({ validUntil: 1_000, revokedAt: 500 }, 2_000)).toBe('revoked')
  })

  it('stands on a class, on the quiz and on enough trainers', () => {
    const practical = { practical: true, assessors: 2 }
    const done = { attended: 1, quiz: true, passes: 2 }
    expect(isReady(practical, done)).toBe(true)
    expect(isReady(practical, { ...done, attended: 0 })).toBe(false)
    expect(isReady(practical, { ...done, quiz: false })).toBe(false)
    expect(isReady(practical, { ...done, passes: 1 })).toBe(false)
    expect(isReady({ practical: false, assessors: 2 }, { ...done, passes: 0 })).toBe(true)
  })

  it('uses up what she did: the next one after it is over stands on something new', () => {
    const last = { issuedAt: 100, validUntil: 1_000, revokedAt: 0 }
    expect(spentUpTo(undefined, 500)).toBe(0)
    expect(spentUpTo(last, 500), 'while it is good').toBe(0)
    expect(spentUpTo(last, 1_001), 'a refresher before the end counts').toBe(100)
    expect(spentUpTo({ ...last, revokedAt: 700 }, 800), 'nothing up to the revocation does').toBe(700)
  })

  it('has a code of twelve signs that nobody mistakes, and is found however they were copied', () => {
    let n = 0
    const all = codeFrom(() => n++) + codeFrom(() => n++) + codeFrom(() => Math.min(n++, 31))
    expect(all).toMatch(/^[A-HJ-NP-Z2-9]{36}$/)
    expect(new Set(all).size).toBe(32)
    expect(asPrinted(' k7pm-q2wx 9hra ')).toBe('K7PMQ2WX9HRA')
  })

  it('shows strangers a masked name', () => {
    expect(maskedName('王秀霞')).toBe('王*霞')
    expect(maskedName('李梅')).toBe('李*')
    expect(maskedName('欧阳秀霞')).toBe('欧**霞')
    expect(maskedName('𠮷野家')).toBe('𠮷*家')
    expect(maskedName(' ')).toBe('')
  })
})
