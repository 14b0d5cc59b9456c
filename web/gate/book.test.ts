import { describe, expect, it } from 'vitest'
import { UNDO_MS } from '../../shared/voucher.ts'
import {
  conflictsIn,
  isFull,
  LIST_SLACK_MS,
  MAX_WAITING,
  merge,
  trimmed,
  undo,
  waitingIn,
  type Act
} from './book.ts'
import { aTry, aVoucher, HOUR_MS, NOW } from './testing.ts'

const act = (id: string, more: Partial<Act> = {}): Act => ({
  id,
  text: '482901',
  voucher: aVoucher(1),
  at: NOW,
  aheadMs: 0,
  state: 'waiting',
  ...more
})
const clock = { now: NOW + HOUR_MS, aheadMs: 0 }
const undone = { at: NOW + 1, words: '点错了' }

describe('what the village says to what it is told', () => {
  it('ends the waiting', () => {
    const book = merge([act('a'), act('b')], [aTry('a')], clock)
    expect(waitingIn(book).map(({ id }) => id)).toEqual(['b'])
    expect(book[0]).toMatchObject({ state: 'told', heardAt: NOW })
  })

  it('is a conflict when she was let in and should not have been', () => {
    const first = { at: NOW - 1, byName: '海燕', gateName: '餐厅', sameGate: false }
    const no = aTry('a', { outcome: 'conflict', reason: 'redeemed', first })
    const late = aTry('b', { outcome: 'refused', reason: 'expired' })
    const book = merge([act('a'), act('b')], [no, late], clock)
    expect(conflictsIn(book)).toMatchObject([
      { id: 'a', reason: 'redeemed', first },
      { id: 'b', reason: 'expired' }
    ])
    expect(waitingIn(book)).toEqual([])
  })

  it('is no conflict when it was taken back here', () => {
    const no = aTry('a', { outcome: 'conflict', reason: 'redeemed' })
    expect(merge([act('a', { undone })], [no], clock)).toEqual([])
    expect(merge([act('a', { undone })], [aTry('a', { outcome: 'undone' })], clock)).toEqual([])
  })

  it('does not hide that it heard only of the redemption, not of its undoing', () => {
    const book = merge([act('a', { undone })], [aTry('a')], clock)
    expect(waitingIn(book)).toMatchObject([{ id: 'a', state: 'told', undone }])
  })

  it('about an impossible hour puts the hour right, then takes its own', () => {
    const no = [aTry('a', { outcome: 'refused', reason: 'clock' })]
    const before = [
      act('a', { aheadMs: 0, at: NOW - 30 * HOUR_MS, undone: { at: NOW - 30 * HOUR_MS + 9, words: '' } })
    ]
    const once = merge(before, no, { now: NOW, aheadMs: 29 * HOUR_MS })
    expect(once).toMatchObject([{ state: 'waiting', at: NOW - HOUR_MS, undone: { at: NOW - HOUR_MS + 9 } }])
    expect(merge(once, no, { now: NOW, aheadMs: 29 * HOUR_MS })).toMatchObject([
      { state: 'waiting', at: NOW }
    ])
  })

  it('about anything else changes nothing', () => {
    const told = act('a', { state: 'told', heardAt: NOW })
    expect(merge([told], [aTry('a', { outcome: 'conflict' }), aTry('z')], clock)).toEqual([told])
  })
})

describe('taking back', () => {
  it('is for five minutes, once, and of what the village has not heard of', () => {
    expect(undo([act('a')], 'a', { at: NOW + UNDO_MS, words: '点错了' })).toMatchObject([{ undone: {} }])
    expect(undo([act('a')], 'a', { at: NOW + UNDO_MS + 1, words: '点错了' })).toBeUndefined()
    expect(undo([act('a', { undone })], 'a', undone)).toBeUndefined()
    expect(undo([act('a', { state: 'told' })], 'a', undone)).toBeUndefined()
    expect(undo([], 'a', undone)).toBeUndefined()
  })
})

describe('the book', () => {
  it('is full with five hundred that wait, not with those that the village knows', () => {
    const many = Array.from({ length: MAX_WAITING - 1 }, (_, i) => act(`a${i}`))
    expect(isFull([...many, act('told', { state: 'told' })])).toBe(false)
    expect(isFull([...many, act('last')])).toBe(true)
  })

  const heardAt = NOW - LIST_SLACK_MS - 1

  it('forgets the oldest that a newer list accounts for, and nothing else', () => {
    const told = Array.from({ length: 102 }, (_, i) => act(`t${i}`, { state: 'told', heardAt }))
    const others = [
      act('waits'),
      act('no', { state: 'conflict' }),
      act('undone', { state: 'told', heardAt, undone }),
      act('after', { state: 'told', heardAt: NOW - 1 })
    ]
    const left = trimmed([...told, ...others], { at: NOW, items: [] }).map(({ id }) => id)
    expect(left.slice(0, 2)).toEqual(['t2', 't3'])
    expect(left.slice(-4)).toEqual(['waits', 'no', 'undone', 'after'])
    expect(left).toHaveLength(104)
  })

  it('hears from a newer list what was taken back at another gate, and not what the list may not know yet', () => {
    const book = [act('old', { state: 'told', heardAt }), act('new', { state: 'told', heardAt: heardAt + 2 })]
    expect(trimmed(book, { at: NOW, items: [aVoucher(1)] }).map(({ id }) => id)).toEqual(['new'])
  })
})
