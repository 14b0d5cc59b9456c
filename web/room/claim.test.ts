import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WATCH_BEAT_MS, type CouponCard } from '../../shared/contracts/coupons.ts'
import type { RoomView } from '../../shared/contracts/live.ts'
import { Problem } from '../../shared/problems.ts'
import { clock } from '../clock.svelte.ts'
import { session } from '../me/session.svelte.ts'
import { Room } from './room.svelte.ts'

vi.mock('./socket.ts', () => ({
  RoomSocket: class {
    send() {}
    again() {}
    close() {}
  }
}))

const answers = new Map<string, (sent: never) => unknown>()
const asked: [string, unknown][] = []
vi.mock('../call.ts', () => ({
  call: async ({ method, url }: { method: string; url: string }, sent: { body?: unknown } = {}) => {
    const route = `${method} ${url}`
    asked.push([route, sent.body])
    const answer = answers.get(route)
    if (!answer) throw new Error(`nobody answers ${route}`)
    return answer(sent as never)
  }
}))

const BEGAN = 1_000_000_000
const coupon = (changes: Partial<CouponCard> = {}): CouponCard => ({
  id: 'c1',
  shopId: 's1',
  shopName: '海燕蛤蜊滩',
  hostId: 'h1',
  kind: 'plain',
  scope: 'shop',
  productIds: [],
  payer: 'host',
  newBuyer: false,
  offFen: 500,
  offPermyriad: 0,
  thresholdFen: 3000,
  total: 10,
  left: 3,
  perMember: 1,
  startsAt: 0,
  endsAt: BEGAN + 3_600_000,
  stoppedAt: 0,
  watchMs: 0,
  ...changes
})
const roomWith = (coupons: CouponCard[]) => {
  const view: Partial<RoomView> = {
    version: 1,
    now: BEGAN,
    show: {
      id: 'sh1',
      title: '早潮',
      cover: '',
      state: 'live',
      startsAt: 0,
      openedAt: 0,
      host: { id: 'h1', name: '海燕', shopId: 's1', shopName: '', village: '', portrait: '' },
      playlist: '/x',
      viewers: 1,
      demo: true,
      kind: 'public',
      paused: false,
      saleStopped: ''
    },
    shelf: [],
    pinnedProductId: '',
    coupons,
    chat: [],
    hearts: 0
  }
  return new Room('sh1', view as RoomView)
}
const CLAIM = 'POST /api/coupons/:couponId/claim'
const WORD = 'POST /api/coupons/code'
const BEAT = 'POST /api/shows/:showId/watched'
const routes = () => asked.map(([route]) => route)

beforeEach(() => {
  vi.useFakeTimers({ now: BEGAN })
  clock.set(BEGAN)
  answers.clear()
  asked.length = 0
  session.me = { id: 'b1', name: '小芳', phone: '13800000101', roles: ['buyer'] }
  answers.set(CLAIM, () => ({ couponId: 'c1', nth: 1, left: 2 }))
})
afterEach(() => {
  session.me = undefined
  vi.useRealTimers()
})

/** The clock of the page ticks once a second, by a timer that is older than these tests. */
const pass = async (ms: number) => {
  await vi.advanceTimersByTimeAsync(ms)
  clock.set(Date.now())
}

describe('a coupon by word', () => {
  it('is claimed with the word, and the coupon of that word is hers', async () => {
    const room = roomWith([coupon({ kind: 'code' })])
    answers.set(WORD, () => ({ coupon: coupon(), nth: 1, left: 2 }))
    expect(await room.claim(room.coupons[0]!, '赶海')).toBe(true)
    expect(asked).toEqual([[WORD, { code: '赶海' }]])
    expect(room.claimedOf('c1')).toBe(1)
    expect(room.coupons[0]!.left).toBe(2)
  })

  it('is not hers with a wrong word', async () => {
    const room = roomWith([coupon({ kind: 'code' })])
    answers.set(WORD, () => {
      throw new Problem('coupon_code_wrong')
    })
    await expect(room.claim(room.coupons[0]!, '赶')).rejects.toMatchObject({ code: 'coupon_code_wrong' })
    expect(room.claimedOf('c1')).toBe(0)
  })
})

describe('a coupon for who watches', () => {
  const watchMs = 3 * WATCH_BEAT_MS
  let ms = 0
  beforeEach(() => {
    ms = 0
    answers.set(BEAT, () => ({ ms }))
  })

  it('counts on by the clock between the answers of the server, and no further than to the next', async () => {
    const room = roomWith([coupon({ kind: 'watch', watchMs })])
    expect(room.watches).toBe(true)
    const stop = room.watching.begin()
    await pass(0)
    expect(room.watchLeft(room.coupons[0]!)).toBe(watchMs)
    await pass(5_000)
    expect(room.watchLeft(room.coupons[0]!)).toBe(watchMs - 5_000)
    ms = WATCH_BEAT_MS - 1_000 // the server counted a little less
    await pass(WATCH_BEAT_MS - 5_000)
    expect(room.watchLeft(room.coupons[0]!)).toBe(watchMs - WATCH_BEAT_MS + 1_000)
    expect(routes()).toEqual([BEAT, BEAT])
    stop()
    await pass(10 * WATCH_BEAT_MS)
    expect(room.watchLeft(room.coupons[0]!)).toBe(watchMs - WATCH_BEAT_MS + 1_000)
    expect(asked).toHaveLength(2)
  })

  it('is asked for once the server says that she has watched enough', async () => {
    const room = roomWith([coupon({ kind: 'watch', watchMs })])
    ms = watchMs - 1
    expect(await room.claim(room.coupons[0]!)).toBe(false)
    expect(routes()).toEqual([BEAT])
    ms = watchMs
    expect(await room.claim(room.coupons[0]!)).toBe(true)
    expect(routes().slice(1)).toEqual([BEAT, CLAIM])
    expect(room.watches).toBe(false)
  })

  it('counts for no guest, not without a picture, and not while nobody looks', async () => {
    const room = roomWith([coupon({ kind: 'watch', watchMs })])
    session.me = undefined
    expect(room.watches).toBe(false)
    session.me = { id: 'b1', name: '小芳', phone: '', roles: ['buyer'] }
    expect(room.watches).toBe(true)
    room.hear([[2, BEGAN, 'show_away', {}]])
    expect(room.watches).toBe(false)

    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
    const stop = room.watching.begin()
    await pass(3 * WATCH_BEAT_MS)
    expect(asked).toEqual([])
    stop()
    hidden.mockRestore()
  })
})

describe('the ticket that drops in', () => {
  it('is the one that can be had now, before those that are still to come', () => {
    const later = coupon({ id: 'later', startsAt: BEGAN + 60_000 })
    const watch = coupon({ id: 'watch', kind: 'watch', watchMs: 60_000 })
    const room = roomWith([later, watch, coupon({ id: 'now' })])
    expect(room.ticket([])?.id).toBe('now')
    expect(room.ticket(['now'])?.id).toBe('later')
    clock.set(BEGAN + 60_000)
    expect(room.ticket(['now', 'watch'])?.id).toBe('later')
    expect(room.startsIn(later)).toBe(0)
  })

  it('stands still with the clock of its show', () => {
    const room = roomWith([coupon({ endsAt: BEGAN + 60_000, stoppedAt: BEGAN + 10_000 })])
    clock.set(BEGAN + 600_000)
    expect(room.coupons).toHaveLength(1)
    expect(room.endsIn(room.coupons[0]!)).toBe(50_000)
  })
})
