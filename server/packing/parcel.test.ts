import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../shared/day.ts'
import {
  earliestCutoff,
  expectedAt,
  LONGEST_DAYS,
  placeKey,
  receivedByItselfAt,
  toSend,
  WAIT_DAYS,
  waitsUntil
} from './parcel.ts'

const HOUR_MS = 3_600_000
const home = { receiver: '李梅', phone: '13900000001', region: '山东 青岛 城阳', detail: '红岛街道 8 号' }

it('one person at one place is one, however the address was typed', () => {
  const typed = { ...home, region: '山东青岛', detail: '城阳红岛街道8号' }
  expect(placeKey('m', typed)).toBe(placeKey('m', home))
  for (const other of [{ receiver: '李海' }, { phone: '13900000002' }, { detail: '红岛街道 9 号' }]) {
    expect(placeKey('m', { ...home, ...other })).not.toBe(placeKey('m', home))
  }
  expect(placeKey('n', home)).not.toBe(placeKey('m', home))
})

it('vouchers go into no box, nor what was paid back', () => {
  expect(toSend({ kind: 'voucher', qty: 2, refundedQty: 0 })).toBe(0)
  expect(toSend({ kind: 'goods', qty: 2, refundedQty: 1 })).toBe(1)
})

it('the shop’s earliest promise holds for what goes together, and none where none was made', () => {
  expect(earliestCutoff([960, 0, 900])).toBe(900)
  expect(earliestCutoff([0, 0])).toBe(0)
  expect(earliestCutoff([])).toBe(0)
})

describe('what counts as received by itself', () => {
  it('does so after it should be there: cold things sooner, and never before', () => {
    const expected = expectedAt(0, 48)
    expect(expected).toBe(48 * HOUR_MS)
    expect(receivedByItselfAt('chilled', expected)).toBe(expected + 2 * DAY_MS)
    expect(receivedByItselfAt('frozen', expected)).toBe(expected + 3 * DAY_MS)
    expect(receivedByItselfAt('ambient', expected)).toBe(expected + 7 * DAY_MS)
    expect(expectedAt(0, 0)).toBe(72 * HOUR_MS)
  })

  it('waits when she says that it is not there, some days each time, and not for ever', () => {
    const first = 4 * DAY_MS
    const later = waitsUntil(first, 0, first - HOUR_MS)!
    expect(later).toBe(first + WAIT_DAYS * DAY_MS)
    let until = later
    for (let next: number | undefined = until; next !== undefined; next = waitsUntil(until, 0, until))
      until = next
    expect(until).toBe(LONGEST_DAYS * DAY_MS)
  })
})
