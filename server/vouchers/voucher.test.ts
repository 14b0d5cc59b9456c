import { describe, expect, it } from 'vitest'
import { GATE_CLOCK_MS, UNDO_MS } from '../../shared/voucher.ts'
import {
  goodUntil,
  isPossible,
  isTakenBack,
  momentOf,
  restUntil,
  undoableUntil,
  whyNotRedeemed,
  wordsOf,
  type Voucher
} from './voucher.ts'

const NOON = Date.UTC(2026, 10, 23, 4)
const open: Voucher = { state: 'open', createdAt: NOON, expiresAt: NOON + 1000 }

it('a voucher is good until the last moment of a day of the village', () => {
  expect(new Date(goodUntil(NOON, 1)).toISOString()).toBe('2026-11-24T15:59:59.999Z')
  expect(goodUntil(NOON, 0)).toBe(goodUntil(NOON, 90))
})

describe('a voucher at a gate', () => {
  it('is good to its last millisecond, and not after it', () => {
    for (const offline of [true, false]) {
      expect(whyNotRedeemed(open, { at: open.expiresAt, offline })).toBeUndefined()
      const refused = { outcome: 'refused', reason: 'expired' }
      expect(whyNotRedeemed(open, { at: open.expiresAt + 1, offline })).toEqual(refused)
    }
  })

  it('that was used is a conflict; one that was paid back only where somebody was let in with it', () => {
    const why = (state: Voucher['state'], offline: boolean) =>
      whyNotRedeemed({ ...open, state }, { at: NOON, offline })?.outcome
    expect([why('redeemed', false), why('redeemed', true)]).toEqual(['conflict', 'conflict'])
    for (const state of ['refunded', 'expired'] as const) {
      expect([why(state, false), why(state, true)]).toEqual(['refused', 'conflict'])
    }
  })

  it('was not there before it was bought, nor in the time to come; a clock may be a little wrong', () => {
    const now = NOON + 3_600_000
    expect(isPossible(NOON - GATE_CLOCK_MS, open, now)).toBe(true)
    expect(isPossible(NOON - GATE_CLOCK_MS - 1, open, now)).toBe(false)
    expect(isPossible(now + GATE_CLOCK_MS, open, now)).toBe(true)
    expect(isPossible(now + GATE_CLOCK_MS + 1, open, now)).toBe(false)
  })

  it('goes by the server’s clock where there is network, and by the gate’s where there is none', () => {
    expect(momentOf(NOON - GATE_CLOCK_MS, false, NOON)).toBe(NOON - GATE_CLOCK_MS)
    expect(momentOf(NOON - GATE_CLOCK_MS - 1, false, NOON)).toBe(NOON)
    expect(momentOf(NOON + 1, false, NOON)).toBe(NOON)
    expect(momentOf(0, true, NOON)).toBe(0)
  })
})

it('a redemption can be taken back for five minutes: from when it was heard of, or happened without network', () => {
  const tried = { outcome: 'redeemed' as const, at: NOON, heardAt: NOON + 10, offline: false }
  expect(undoableUntil(tried)).toBe(NOON + 10 + UNDO_MS)
  expect(undoableUntil({ ...tried, offline: true })).toBe(NOON + UNDO_MS)
  expect(undoableUntil({ ...tried, outcome: 'conflict' })).toBe(0)
  expect([undefined, NOON - 1, NOON + UNDO_MS + 1].map((at) => isTakenBack(NOON, at))).toEqual(
    Array(3).fill(false)
  )
  expect([NOON, NOON + UNDO_MS].map((at) => isTakenBack(NOON, at))).toEqual([true, true])
})

it('an order’s vouchers rest when none is open and none can be taken back', () => {
  const used = { state: 'redeemed' as const, redeemedAt: NOON }
  const back = { state: 'refunded' as const, redeemedAt: 0 }
  expect(restUntil([])).toBe(0)
  expect(restUntil([back])).toBe(0)
  expect(restUntil([used, back, { ...used, redeemedAt: NOON + 1 }])).toBe(NOON + 1 + UNDO_MS)
  expect(restUntil([used, { state: 'open', redeemedAt: 0 }])).toBe(Infinity)
})

it('whoever stands at the gate reads who was first, and where nobody knows a name no gap', () => {
  const first = { at: NOON, byName: '王秀兰', gateName: '码头' }
  const conflict = { outcome: 'conflict' as const, reason: 'redeemed' as const, words: '' }
  expect(wordsOf(conflict, first)).toBe('11月23日 12:00 已经在码头核销过了，经手人 王秀兰')
  expect(wordsOf(conflict, { at: NOON, byName: '', gateName: '' })).toBe(
    '11月23日 12:00 已经在别的手机核销过了'
  )
  expect(wordsOf({ ...conflict, reason: 'refunded' })).toContain('退了')
  expect(wordsOf({ outcome: 'undone', reason: '', words: '按错了' })).toBe('撤销了：按错了')
})
