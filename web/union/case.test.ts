import { describe, expect, it, vi } from 'vitest'
import type { CaseView } from '../../shared/contracts/cases.ts'
import { Problem } from '../../shared/problems.ts'
import { OpenCase } from './case.svelte.ts'

const { server } = vi.hoisted(() => ({ server: { answer: undefined as unknown, sent: [] as unknown[] } }))
vi.mock('../call.ts', () => ({
  call: async (_: unknown, input: { body?: unknown }) => {
    if (input.body) server.sent.push(input.body)
    if (server.answer instanceof Error) throw server.answer
    return { case: server.answer }
  }
}))

const asked = (changes: Partial<CaseView> = {}): CaseView => ({
  id: 'case',
  kind: 'join',
  state: 'open',
  by: { id: 'mei', name: '梅' },
  owner: { id: '', name: '' },
  openedAt: 0,
  dueAt: 1,
  overdue: false,
  version: 3,
  form: [],
  lines: [],
  ...changes
})

describe('a case on an officer’s desk', () => {
  it('is decided as she has read it, not as it has become meanwhile', async () => {
    const open = new OpenCase('case')
    server.answer = asked()
    await open.load()
    server.sent = []
    server.answer = new Problem('case_changed')
    expect(await open.decide(true, '欢迎')).toBe(false)
    expect(server.sent).toEqual([{ version: 3, approve: true, words: '欢迎' }])
    expect(open.clash).toBe(true)
    expect(open.view?.state, 'nothing is shown as done').toBe('open')

    server.answer = asked({ version: 4 })
    await open.load()
    expect(open.clash).toBe(false)
    server.answer = asked({ version: 5, state: 'approved' })
    expect(await open.decide(true, '欢迎')).toBe(true)
    expect(open.waits).toBe(false)
  })

  it('keeps a question that the network has swallowed, and clears it once it is sent', async () => {
    const open = new OpenCase('case')
    open.question = '身份证照片能再拍一张吗？ '
    server.answer = new Error('no signal')
    await expect(open.ask()).rejects.toThrow('no signal')
    expect(open.question).toBe('身份证照片能再拍一张吗？ ')
    server.answer = asked({ state: 'asked' })
    server.sent = []
    expect(await open.ask()).toBe(true)
    expect(server.sent).toEqual([{ words: '身份证照片能再拍一张吗？', fileIds: [] }])
    expect(open.question).toBe('')
  })

  it('says every other refusal aloud', async () => {
    const open = new OpenCase('case')
    server.answer = asked()
    await open.load()
    server.answer = new Problem('case_own')
    await expect(open.decide(true, '')).rejects.toThrow('自己的事要请别的干部来办')
    expect(open.clash).toBe(false)
    expect(open.sending).toBe(false)
  })
})
