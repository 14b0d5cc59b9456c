import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CouponCard } from '../../shared/contracts/coupons.ts'
import type { RoomView } from '../../shared/contracts/live.ts'
import { Problem } from '../../shared/problems.ts'
import type { Fact, RoomCommand, RoomFrame } from '../../shared/room.ts'
import { session } from '../me/session.svelte.ts'
import { Room } from './room.svelte.ts'

const sent: RoomCommand[] = []
vi.mock('./socket.ts', () => ({
  RoomSocket: class {
    send(command: RoomCommand) {
      sent.push(command)
    }
    again() {}
    close() {}
  }
}))

const answers = new Map<string, () => unknown>()
const asked: string[] = []
vi.mock('../call.ts', () => ({
  call: async ({ method, url }: { method: string; url: string }) => {
    const route = `${method} ${url}`
    asked.push(route)
    const answer = answers.get(route)
    if (!answer) throw new Error(`nobody answers ${route}`)
    return answer()
  }
}))

const host = { id: 'h1', name: '海燕', shopId: 's1', shopName: '海燕蛤蜊滩', village: '红岛', portrait: '' }
const coupon: CouponCard = {
  id: 'c1',
  shopId: 's1',
  shopName: '海燕蛤蜊滩',
  hostId: 'h1',
  kind: 'follow',
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
  stoppedAt: 0,
  watchMs: 0,
  endsAt: Date.now() + 60_000
}
const view = (): RoomView => ({
  version: 40,
  now: Date.now(),
  show: {
    id: 'sh1',
    title: '早潮',
    cover: '',
    state: 'live',
    startsAt: 0,
    openedAt: 0,
    host,
    playlist: '/live/x/master.m3u8',
    viewers: 1,
    demo: true,
    kind: 'public' as const,
    paused: false,
    saleStopped: ''
  },
  shelf: [
    {
      number: 1,
      productId: 'p1',
      title: '蛤蜊',
      photo: '',
      fromFen: 1500,
      unit: 'jin',
      left: 5,
      perishable: true
    }
  ],
  pinnedProductId: '',
  flash: [],
  coupons: [coupon],
  chat: [],
  hearts: 0
})

/** How the shelf names what is left. */
const line = { fromFen: 990, unit: 'jin' as const }

const said = (n: number, id: string, text = '你好'): Fact => [
  n,
  1_000,
  'message_said',
  { id, name: '小芳', role: 'buyer', text }
]

let room: Room
let leave: () => void

beforeEach(() => {
  sent.length = 0
  asked.length = 0
  answers.clear()
  session.me = { id: 'b1', name: '小芳', phone: '13800000101', roles: ['buyer'] }
  room = new Room('sh1', view())
  leave = room.enter()
})
afterEach(() => {
  leave()
  vi.useRealTimers()
})

describe('the numbered log', () => {
  it('applies the next fact, ignores what it knows, and asks for what is missing', () => {
    room.hear([said(41, 'a')])
    room.hear([said(41, 'a'), said(40, 'z')])
    expect(room.chat.map((line) => line.id)).toEqual(['a'])
    room.hear([said(43, 'c')])
    expect(room.view!.version).toBe(41)
    expect(sent).toEqual([{ t: 'since', n: 41 }])
    room.hear([said(42, 'b'), said(43, 'c')])
    expect(room.chat.map((line) => line.id)).toEqual(['a', 'b', 'c'])
  })

  it('asks once for a gap however many facts come after it', () => {
    room.hear([said(43, 'c'), said(44, 'd'), [0, 1, 'version', { version: 45 }]])
    expect(sent).toEqual([{ t: 'since', n: 40 }])
  })

  it('changes the card of every viewer when a product is pinned', () => {
    expect(room.pinned).toBeUndefined()
    room.hear([[41, 1, 'product_pinned', { productId: 'p1' }]])
    expect(room.pinned?.title).toBe('蛤蜊')
  })

  it('loads the room anew when the server says that too much was missed', async () => {
    answers.set('GET /api/rooms/:showId', () => ({ ...view(), version: 900 }))
    room.hear([[0, 1, 'reload', {}]] as RoomFrame)
    await vi.waitFor(() => expect(room.view!.version).toBe(900))
  })
})

describe('my own line', () => {
  it('is shown at once, and once only when the room has heard it', async () => {
    await room.say('  多大个儿？ ')
    const [line] = room.chat
    expect(line).toMatchObject({ text: '多大个儿？', own: 'sending' })
    expect(sent).toEqual([{ t: 'say', id: line!.id, text: '多大个儿？' }])
    room.hear([said(41, line!.id, '多大个儿？')])
    expect(room.chat).toHaveLength(1)
    expect(room.chat[0]!.own).toBeUndefined()
  })

  it('is not sent when nothing comes back, and the second try carries the same id', async () => {
    vi.useFakeTimers()
    await room.say('在吗')
    const { id } = room.chat[0]!
    vi.advanceTimersByTime(8_000)
    expect(room.chat[0]!.own).toBe('failed')
    room.resend(id)
    expect(room.chat[0]!.own).toBe('sending')
    expect(sent.map((command) => 'id' in command && command.id)).toEqual([id, id])
  })

  it('says why it was refused and how long to wait', async () => {
    await room.say('快')
    const { id } = room.chat[0]!
    const { message } = new Problem('too_fast')
    room.hear([[0, 1, 'refused', { id, code: 'too_fast', message, waitMs: 3_000 }]])
    expect(room.chat[0]).toMatchObject({ own: 'failed', why: message })
    expect(room.quietSeconds).toBeGreaterThan(0)
  })

  it('is said again after the line was lost, with the same id', async () => {
    await room.say('还在')
    room.hear([
      [0, Date.now(), 'welcome', { version: 40, viewers: 2, member: { name: '小芳', role: 'buyer' } }]
    ])
    expect(sent).toHaveLength(2)
    expect(sent[0]).toEqual(sent[1])
  })

  it('is not even shown when nobody signs in', async () => {
    session.me = undefined
    session.loaded = true
    const saying = room.say('我是谁')
    await vi.waitFor(() => expect(session.asking).toBe(true))
    session.dismissed()
    await saying
    expect(room.chat).toEqual([])
    expect(sent).toEqual([])
  })
})

describe('a coupon', () => {
  const granted = () => ({ couponId: 'c1', nth: 1, left: 2 })

  it('drops in as a ticket while it can be claimed; one that is gone makes room for it', () => {
    const gone = { ...coupon, id: 'c0', left: 0 }
    room.view = { ...room.view!, coupons: [gone, coupon] }
    expect(room.ticket([])?.id).toBe('c1')
    expect(room.ticket(['c1'])?.id).toBe('c0')
    room.mine = { ...room.mine, claimed: ['c1'] }
    expect(room.ticket([])?.id).toBe('c0')
    expect(room.ticket(['c0', 'c1'])).toBeUndefined()
  })

  it('follows and claims in one tap, and is mine only after the server said so', async () => {
    answers.set('PUT /api/hosts/:hostId/follow', () => ({ following: true }))
    let grant: (answer: unknown) => void = () => {}
    answers.set('POST /api/coupons/:couponId/claim', () => new Promise((go) => (grant = go)))
    const claiming = room.claim(coupon)
    await vi.waitFor(() => expect(asked).toContain('POST /api/coupons/:couponId/claim'))
    expect(room.claimedOf('c1')).toBe(0)
    expect(room.claiming).toBe('c1')
    grant(granted())
    expect(await claiming).toBe(true)
    expect(asked).toEqual(['PUT /api/hosts/:hostId/follow', 'POST /api/coupons/:couponId/claim'])
    expect(room.claimedOf('c1')).toBe(1)
    expect(room.coupons[0]!.left).toBe(2)
    expect(room.mine.following).toBe(true)
  })

  it('does not follow anybody for a plain one', async () => {
    answers.set('POST /api/coupons/:couponId/claim', granted)
    await room.claim({ ...coupon, kind: 'plain' })
    expect(asked).toEqual(['POST /api/coupons/:couponId/claim'])
  })

  it('that is all claimed shows so and stays refused', async () => {
    answers.set('POST /api/coupons/:couponId/claim', () => {
      throw new Problem('coupon_gone')
    })
    await expect(room.claim({ ...coupon, kind: 'plain' })).rejects.toThrow(new Problem('coupon_gone').message)
    expect(room.coupons[0]!.left).toBe(0)
    expect(room.claimedOf('c1')).toBe(0)
  })

  it('whose answer was lost is mine when the server says that it already is', async () => {
    answers.set('POST /api/coupons/:couponId/claim', () => {
      throw new Problem('coupon_claimed')
    })
    expect(await room.claim({ ...coupon, kind: 'plain' })).toBe(true)
    expect(room.claimedOf('c1')).toBe(1)
  })

  it('cannot be tapped twice at once', async () => {
    answers.set('POST /api/coupons/:couponId/claim', granted)
    const plain = { ...coupon, kind: 'plain' as const }
    await Promise.all([room.claim(plain), room.claim(plain)])
    expect(asked).toHaveLength(1)
  })
})

describe('what may be lost', () => {
  it('gathers taps on the heart into one word', () => {
    vi.useFakeTimers()
    for (let tap = 0; tap < 5; tap++) room.heart()
    expect(room.hearts).toBe(5)
    vi.advanceTimersByTime(700)
    expect(sent).toEqual([{ t: 'hearts', n: 5 }])
  })

  it('never counts hearts backwards, and tells stock by spec', () => {
    room.hear([
      [0, 1, 'hearts', { total: 9 }],
      [0, 1, 'hearts', { total: 4 }],
      [0, 1, 'stock_left', { productId: 'p1', specId: 'x1', left: 0, shelf: { ...line, left: 3 } }]
    ])
    expect(room.hearts).toBe(9)
    expect(room.stock).toEqual({ x1: 0 })
  })

  it('shows on its shelf at once that goods are sold out, sold ahead, and there again', () => {
    const told = (more: { left: number; landsAt?: number }) => {
      const shelf = { ...line, ...more }
      room.hear([[0, 1, 'stock_left', { productId: 'p1', specId: 'x1', left: shelf.left, shelf }]])
      const { left, fromFen, landsAt } = room.view!.shelf.find(({ productId }) => productId === 'p1')!
      return { left, fromFen, landsAt }
    }
    expect(told({ left: 0 })).toEqual({ left: 0, fromFen: 990 })
    expect(told({ left: 4, landsAt: 5000 })).toEqual({ left: 4, fromFen: 990, landsAt: 5000 })
    expect(told({ left: 9 })).toEqual({ left: 9, fromFen: 990 })
  })
})

describe('a show that may not sell', () => {
  it('says why while its sale is stopped, and sells again', () => {
    room.hear([[41, 1, 'sale_stopped', { reason: '价钱写错了，马上改好' }]])
    expect([room.stopped, room.view?.show.saleStopped]).toEqual(['stopped', '价钱写错了，马上改好'])
    room.hear([[42, 2, 'sale_resumed', {}]])
    expect(room.stopped).toBe('')
  })

  it('is away for its viewers while the mentor is', () => {
    room.hear([[41, 1, 'show_paused', {}]])
    expect([room.paused, room.stopped]).toEqual([true, 'paused'])
    room.hear([[42, 2, 'show_resumed', {}]])
    expect([room.paused, room.stopped]).toEqual([false, ''])
  })

  it('is not away any more when it ends while the mentor is away', () => {
    room.hear([
      [41, 1, 'show_paused', {}],
      [42, 2, 'show_ended', { replay: '/replay.m3u8' }]
    ])
    expect([room.paused, room.stopped]).toEqual([false, ''])
  })

  it('sells nothing in a rehearsal', () => {
    const rehearsal = new Room('sh1', { ...view(), show: { ...view().show, kind: 'rehearsal' } })
    expect([rehearsal.closed, rehearsal.stopped]).toEqual([true, 'closed'])
  })
})
