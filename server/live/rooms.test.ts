import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { CATCH_UP_EVENTS } from '../../shared/room.ts'
import { banMember } from '../../shared/contracts/members.ts'
import { engines } from '../testing/engines.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'
import { watch, type Viewer } from '../testing/viewer.ts'
import { newShow } from './testing.ts'

describe.each(engines)('a room on $name', (engine) => {
  let v: TestVillage
  let host: SignedIn
  const open: Viewer[] = []

  beforeAll(async () => {
    v = await testVillage({ engine })
    host = await v.signIn('王秀兰', 'host')
  })
  afterAll(async () => {
    for (const viewer of open) viewer.ws.terminate()
    await v.close()
  })

  /** So many facts, one unit of work each, told all at once. */
  const tell = (roomId: string, count: number, from = 1) =>
    Promise.all(
      Array.from({ length: count }, (_, i) =>
        v.village.rooms.act(
          (_tx, tell) => tell(roomId, 'product_pinned', { productId: `p${from + i}` }, host.me.id),
          { hot: `room:${roomId}` }
        )
      )
    )
  const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

  async function enter(showId: string, query = '', who?: SignedIn) {
    const viewer = await watch(v.village, `/ws/rooms/${showId}${query}`, who)
    open.push(viewer)
    await vi.waitFor(() => expect(viewer.heard[0]?.[2]).toBe('welcome'))
    return viewer
  }

  it('numbers what happens without a gap, and everybody hears it once and in order', async () => {
    const showId = await newShow(v, host)
    const viewers = await Promise.all(Array.from({ length: 5 }, () => enter(showId)))
    await tell(showId, 40)
    for (const viewer of viewers) {
      await vi.waitFor(() => expect(viewer.numbers()).toHaveLength(40))
      expect(viewer.numbers()).toEqual(upTo(1, 40))
    }
  })

  it('tells nobody of a unit that failed, and leaves no gap for it', async () => {
    const showId = await newShow(v, host)
    const viewer = await enter(showId)
    const failing = v.village.rooms.act(async (_tx, tell) => {
      await tell(showId, 'product_pinned', { productId: 'never' }, host.me.id)
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    await tell(showId, 1)
    await vi.waitFor(() => expect(viewer.all('product_pinned')).toEqual([{ productId: 'p1' }]))
    expect(viewer.numbers()).toEqual([1])
  })

  it('gives a phone that was away what it missed, after the welcome, and then the rest', async () => {
    const showId = await newShow(v, host)
    await tell(showId, 20)
    const viewer = await enter(showId, '?after=12')
    await tell(showId, 3, 21)
    await vi.waitFor(() => expect(viewer.numbers()).toEqual(upTo(13, 23)))
    viewer.send({ t: 'since', n: 21 })
    await vi.waitFor(() => expect(viewer.numbers()).toEqual([...upTo(13, 23), 22, 23]))
  })

  it('misses nothing when phones come while the host is busy', async () => {
    const showId = await newShow(v, host)
    const busy = (async () => {
      for (let i = 0; i < 30; i++) await tell(showId, 2, 2 * i + 1)
    })()
    const viewers: Viewer[] = []
    for (let i = 0; i < 10; i++) viewers.push(await enter(showId, '?after=0'))
    await busy
    for (const viewer of viewers) {
      await vi.waitFor(() => expect(viewer.numbers().at(-1)).toBe(60))
      expect(viewer.numbers()).toEqual(upTo(1, 60))
    }
  })

  it('asks who missed too much to load the room anew: the last that fits, and one more', async () => {
    const showId = await newShow(v, host)
    await tell(showId, CATCH_UP_EVENTS + 1)
    const fits = await enter(showId, '?after=1')
    await vi.waitFor(() => expect(fits.numbers()).toEqual(upTo(2, CATCH_UP_EVENTS + 1)))
    expect(fits.all('reload')).toEqual([])
    const tooMuch = await enter(showId, '?after=0')
    await vi.waitFor(() => expect(tooMuch.all('reload')).toHaveLength(1))
    expect(tooMuch.numbers()).toEqual([])
    const dreamer = await enter(showId, `?after=${CATCH_UP_EVENTS + 50}`)
    await vi.waitFor(() => expect(dreamer.all('reload')).toHaveLength(1))
  })

  it('heals when a hint got lost: the log is asked for what nobody said', async () => {
    const showId = await newShow(v, host)
    const viewer = await enter(showId)
    const { rooms, roomEvents } = v.village.store.schema
    // Written past the room, as by a server that died between commit and hint.
    await v.village.store.tx(async (tx) => {
      await tx.update(rooms).set({ version: 2 })
      for (const n of [1, 2]) {
        await tx.insert(roomEvents).values({
          roomId: showId,
          n,
          at: 1,
          type: 'product_pinned',
          body: { productId: `lost${n}` },
          actorId: host.me.id,
          key: null
        })
      }
    })
    await vi.waitFor(() => expect(viewer.numbers()).toEqual([1, 2]), 5_000)
    await tell(showId, 1)
    await vi.waitFor(() => expect(viewer.numbers()).toEqual([1, 2, 3]))
  })

  it('sends hints at most once a second, the last value last, and never numbers them', async () => {
    const showId = await newShow(v, host)
    const viewer = await enter(showId)
    for (let left = 50; left > 0; left--) {
      v.village.rooms.hint(showId, 'coupon_left', { couponId: 'a', left })
      v.village.rooms.hint(showId, 'coupon_left', { couponId: 'b', left })
    }
    await vi.waitFor(() => expect(viewer.all('coupon_left')).toHaveLength(4), 3_000)
    expect(viewer.all('coupon_left')).toEqual([
      { couponId: 'a', left: 50 },
      { couponId: 'b', left: 50 },
      { couponId: 'a', left: 1 },
      { couponId: 'b', left: 1 }
    ])
    expect(viewer.numbers()).toEqual([])
  })

  it('counts who watches and not who works there, and remembers the most', async () => {
    const showId = await newShow(v, host)
    const herself = await enter(showId, '', host)
    expect(herself.all('welcome')).toMatchObject([{ viewers: 0 }])
    const viewers = await Promise.all(Array.from({ length: 3 }, () => enter(showId)))
    await vi.waitFor(() => expect(viewers[0]!.all('viewers').at(-1)).toEqual({ count: 3 }), 5_000)
    await viewers[1]!.leave()
    await vi.waitFor(() => expect(viewers[0]!.all('viewers').at(-1)).toEqual({ count: 2 }), 5_000)
    await vi.waitFor(async () => expect((await v.village.shows.get(showId)).peakViewers).toBe(3))
  })

  it('puts right what it told a phone that came again before its first connection was gone', async () => {
    const showId = await newShow(v, host)
    const first = await enter(showId)
    await vi.waitFor(() => expect(first.all('viewers').at(-1)).toEqual({ count: 1 }), 5_000)
    const again = await enter(showId)
    expect(again.all('welcome')).toMatchObject([{ viewers: 2 }])
    await first.leave()
    await vi.waitFor(() => expect(again.all('viewers').at(-1)).toEqual({ count: 1 }), 5_000)
  })

  it('does not tell viewers what belongs to the desk', async () => {
    const showId = await newShow(v, host)
    const guest = await enter(showId)
    const desk = await watch(v.village, `/ws/desks/${showId}`, host)
    open.push(desk)
    await vi.waitFor(() => expect(desk.all('welcome')).toHaveLength(1))
    const order = { orderId: 'o1', buyer: '小*', title: '蛤蜊', qty: 1, payFen: 3990, test: true }
    await v.village.rooms.act((_tx, tell) => tell(`desk:${showId}`, 'order_placed', order, host.me.id))
    await tell(showId, 1)
    await vi.waitFor(() => expect(desk.all('order_placed')).toEqual([order]))
    await vi.waitFor(() => expect(guest.numbers()).toEqual([1]))
    expect(guest.heard.some(([, , type]) => type.startsWith('order_'))).toBe(false)
  })

  it('lets nobody in from a foreign page or into a room that is not', async () => {
    const showId = await newShow(v, host)
    const url = `/ws/rooms/${showId}`
    await expect(watch(v.village, '/ws/rooms/nowhere')).rejects.toThrow('404')
    await expect(watch(v.village, url, { headers: { origin: 'https://evil.example' } })).rejects.toThrow(
      '403'
    )
  })

  it('has room for a thousand phones behind one address, and asks the next to close a page', async () => {
    const showId = await newShow(v, host)
    const headers = { 'x-forwarded-for': '203.0.113.7' }
    const knock = () => watch(v.village, `/ws/rooms/${showId}`, { headers })
    const phones: Viewer[] = []
    for (let i = 0; i < 10; i++) phones.push(...(await Promise.all(Array.from({ length: 100 }, knock))))
    await expect(knock()).rejects.toThrow('too_many_sockets')
    const elsewhere = { 'x-forwarded-for': '203.0.113.8' }
    open.push(await watch(v.village, `/ws/rooms/${showId}`, { headers: elsewhere }))
    await phones.pop()!.leave()
    await vi.waitFor(async () => phones.push(await knock()))
    for (const phone of phones) phone.ws.terminate()
  })

  it('closes the sockets of a member who was banned', async () => {
    const showId = await newShow(v, host)
    const officer = await v.signIn('工会', 'officer')
    const rude = await v.signIn('路人')
    const viewer = await enter(showId, '', rude)
    const guest = await enter(showId)
    await officer.call(banMember, {
      params: { memberId: rude.me.id },
      body: { banned: true, reason: '骂人' }
    })
    expect((await viewer.closed).code).toBe(4001)
    expect(guest.ws.readyState).toBe(guest.ws.OPEN)
  })

  it('loses nothing with 200 phones and 50 messages', async () => {
    const showId = await newShow(v, host)
    const viewers = await Promise.all(Array.from({ length: 200 }, () => enter(showId)))
    const speaker = await enter(showId, '', host)
    for (let i = 0; i < 50; i++) speaker.say(`m${i}`, `第${i}句`)
    for (const viewer of viewers) {
      await vi.waitFor(() => expect(viewer.numbers()).toHaveLength(50), 10_000)
      expect(viewer.numbers()).toEqual(upTo(1, 50))
    }
  })
})
