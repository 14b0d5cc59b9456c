import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ShowPermit } from '../../shared/contracts/licences.ts'
import { Problem } from '../../shared/problems.ts'
import { isLicenceRefusal, Permit, refusedGoods } from './permit.svelte.ts'

const { server } = vi.hoisted(() => ({ server: { answer: undefined as unknown, asked: 0 } }))
vi.mock('../call.ts', () => ({
  call: async () => {
    server.asked++
    if (server.answer instanceof Error) throw server.answer
    return server.answer
  }
}))

const certificate = {
  what: 'certificate' as const,
  why: 'none' as const,
  topic: 'live_selling',
  courseId: 'first-show',
  courseTitle: '第一场怎么开',
  classes: [],
  document: '' as const
}
const permit = (changes: Partial<ShowPermit> = {}): ShowPermit => ({
  mayGoLive: false,
  supervised: false,
  show: [certificate],
  goods: [],
  saleStopped: '',
  ...changes
})

describe('the permit of a show', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    server.asked = 0
  })
  afterEach(() => vi.useRealTimers())

  it('names what is missing, but not what her mentor stands in for', async () => {
    const hers = new Permit('show')
    server.answer = permit()
    await hers.ask()
    expect(hers.missing).toEqual([certificate])
    server.answer = permit({ supervised: true, mentor: { id: 'lan', name: '兰姐', connected: false } })
    await hers.ask()
    expect(hers.missing).toEqual([])
  })

  it('hears within five seconds that the mentor has come, and asks no more once nobody looks', async () => {
    const hers = new Permit('show')
    server.answer = permit({ supervised: true, mentor: { id: 'lan', name: '兰姐', connected: false } })
    const leave = hers.watch()
    await vi.advanceTimersByTimeAsync(0)
    expect(hers.now?.mentor?.connected).toBe(false)
    server.answer = permit({ supervised: true, mentor: { id: 'lan', name: '兰姐', connected: true } })
    await vi.advanceTimersByTimeAsync(5_000)
    expect(hers.now?.mentor?.connected).toBe(true)
    leave()
    const asked = server.asked
    await vi.advanceTimersByTimeAsync(60_000)
    expect(server.asked).toBe(asked)
  })

  it('keeps what it knew while the network is away, and asks on', async () => {
    const hers = new Permit('show')
    server.answer = permit()
    const leave = hers.watch()
    await vi.advanceTimersByTimeAsync(0)
    server.answer = new Error('no network')
    await vi.advanceTimersByTimeAsync(5_000)
    expect(hers.stale).toBe(true)
    expect(hers.now?.show).toEqual([certificate])
    server.answer = permit({ show: [], mayGoLive: true })
    await vi.advanceTimersByTimeAsync(5_000)
    expect(hers.stale).toBe(false)
    expect(hers.missing).toEqual([])
    leave()
  })
})

describe('a refusal for want of papers', () => {
  it('names the goods and what each is missing', () => {
    const refused = [{ productId: 'fish-balls', title: '手打鱼丸', missing: [certificate] }]
    expect(refusedGoods(new Problem('goods_not_licensed', { refused }))).toEqual(refused)
  })

  it('is told from every other refusal', () => {
    expect(isLicenceRefusal(new Problem('mentor_away'))).toBe(true)
    expect(isLicenceRefusal(new Problem('another_show_live'))).toBe(false)
    expect(refusedGoods(new Problem('shelf_full', { refused: [1] }))).toEqual([])
  })
})
