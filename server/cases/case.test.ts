import { describe, expect, it } from 'vitest'
import {
  dueAtOf,
  inOrder,
  isOverdue,
  onceClosed,
  openKeyOf,
  shownForm,
  whyNotDecide,
  type Case
} from './case.ts'

const ASKED_AT = Date.UTC(2026, 10, 22, 1)
const join: Case = {
  kind: 'join',
  openedBy: 'wang',
  state: 'open',
  waiting: true,
  dueAt: dueAtOf('join', ASKED_AT),
  version: 3
}

describe('a case', () => {
  it('is to be answered before the seventh day after it ends in the village', () => {
    expect(new Date(join.dueAt + 8 * 3_600_000).toISOString()).toBe('2026-11-29T23:59:59.999Z')
    expect(isOverdue(join, join.dueAt)).toBe(false)
    expect(isOverdue(join, join.dueAt + 1)).toBe(true)
    expect(isOverdue({ ...join, waiting: false }, join.dueAt + 1)).toBe(false)
  })

  it('is decided by another officer, once, and only as she saw it', () => {
    expect(whyNotDecide(join, 'officer', 3)).toBeUndefined()
    expect(whyNotDecide(join, 'officer', 2)).toBe('case_changed')
    expect(whyNotDecide(join, 'wang', 3)).toBe('case_own')
    expect(whyNotDecide({ ...join, waiting: false }, 'officer', 3)).toBe('case_closed')
  })

  it('is one of its kind for a woman, but one for each of her documents', () => {
    expect(openKeyOf('join', 'wang', 'east')).toBe(openKeyOf('join', 'wang', 'west'))
    expect(openKeyOf('document', 'wang', 'health')).not.toBe(openKeyOf('document', 'wang', 'licence'))
    expect(openKeyOf('leave', 'wang', '')).not.toBe(openKeyOf('join', 'wang', ''))
  })

  it('shows what was asked and nothing that is sealed or empty', () => {
    expect(shownForm({ name: '王秀英', _sealedId: 'x', words: '', branch: '东港' })).toEqual([
      { name: 'name', value: '王秀英' },
      { name: 'branch', value: '东港' }
    ])
  })

  it('shows it in the order in which it was asked, whatever the store makes of it, also once it is closed', () => {
    const asked = inOrder({ 姓名: '王秀英', 身份证号: '3702', 支会: '东港', _sealedId: 'x' })
    const stored = Object.fromEntries(Object.entries(asked).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    for (const form of [stored, onceClosed(stored)])
      expect(shownForm(form).map(({ name }) => name)).toEqual(['姓名', '身份证号', '支会'])
    expect(onceClosed(stored)).not.toHaveProperty('_sealedId')
  })
})
