import { beforeEach, describe, expect, it, vi } from 'vitest'
import { issueCertificates, listCandidates } from '../../shared/contracts/practice.ts'
import type { Contract } from '../../shared/contract.ts'
import { BATCH, Candidates, missingOf, type CandidateRow } from './candidates.svelte.ts'

type Reply = (input: { body?: unknown }) => Promise<unknown>
const server = vi.hoisted(() => new Map<string, Reply>())
vi.mock('../call.ts', () => ({
  call: (contract: Contract, input: Parameters<Reply>[0]) =>
    server.get(contract.url + contract.method)!(input)
}))
const on = (contract: Contract, reply: Reply) => server.set(contract.url + contract.method, reply)

const row = (memberId: string, more: Partial<CandidateRow> = {}): CandidateRow => ({
  memberId,
  name: memberId,
  attended: 1,
  lessonsDone: 3,
  quiz: true,
  passes: 2,
  passesWanted: 2,
  ready: true,
  certified: false,
  ...more
})

describe('who gets the certificate', () => {
  beforeEach(() => server.clear())

  it('is said with what is missing', () => {
    expect(missingOf(row('lan'))).toEqual([])
    expect(missingOf(row('lan', { ready: false, attended: 0, quiz: false, passes: 1 }))).toEqual([
      'attended',
      'quiz',
      'practical'
    ])
  })

  it('is picked already when she is ready, never more than one batch takes', async () => {
    const rows = Array.from({ length: BATCH + 5 }, (_, i) => row(`w-${i}`))
    on(listCandidates, async () => ({ items: [...rows, row('not-yet', { ready: false, quiz: false })] }))
    const list = new Candidates('selling')
    await list.load()
    expect(list.picked.size).toBe(BATCH)
    list.toggle(`w-${BATCH}`)
    expect(list.picked.size).toBe(BATCH)
    list.toggle('w-0')
    list.toggle(`w-${BATCH}`)
    expect(list.picked.has(`w-${BATCH}`)).toBe(true)
  })

  it('is not whoever was struck off, and who was not ready after all is named', async () => {
    on(listCandidates, async () => ({ items: [row('lan'), row('mei'), row('yun')] }))
    const list = new Candidates('selling')
    await list.load()
    list.toggle('mei')
    const issue = vi.fn<Reply>(async () => ({ issued: [{ code: 'ABCD' }], notReady: ['yun'] }))
    on(issueCertificates, issue)
    expect(await list.issue()).toEqual({ codes: ['ABCD'], names: ['yun'] })
    expect(issue.mock.lastCall![0].body).toEqual({ memberIds: ['lan', 'yun'] })
  })
})
