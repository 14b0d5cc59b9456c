import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { endShow } from '../../shared/contracts/live.ts'
import { engines } from '../testing/engines.ts'
import { MORNING, settableClock } from '../testing/clock.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'
import { watch, type Viewer } from '../testing/viewer.ts'
import { goOnAir, newShow } from './testing.ts'

describe.each(engines)('talk in a room on $name', (engine) => {
  const clock = settableClock()
  let v: TestVillage
  let host: SignedIn
  let buyer: SignedIn
  let other: SignedIn
  let operator: SignedIn
  let showId: string
  let room: string
  const open: Viewer[] = []

  async function enter(who?: SignedIn) {
    const viewer = await watch(v.village, room, who)
    await vi.waitFor(() => expect(viewer.all('welcome')).toHaveLength(1))
    open.push(viewer)
    return viewer
  }

  beforeAll(async () => {
    v = await testVillage({ engine, clock })
    host = await v.signIn('王秀兰', 'host')
    buyer = await v.signIn('小李')
    other = await v.signIn('小张')
    operator = await v.signIn('帮手', 'operator')
    showId = await newShow(v, host)
    room = `/ws/rooms/${showId}`
  })
  afterAll(async () => {
    for (const viewer of open) viewer.ws.terminate()
    await v.close()
  })

  it('lets a guest read and asks her to sign in before she talks', async () => {
    const guest = await enter()
    expect(guest.heard[0]![2]).toBe('welcome')
    expect(guest.all('welcome')[0]).toMatchObject({ version: expect.any(Number) })
    expect(guest.all('welcome')[0]).not.toHaveProperty('member')
    guest.say('g1', '我能说话吗')
    await vi.waitFor(() =>
      expect(guest.all('refused')).toEqual([{ id: 'g1', code: 'sign_in_first', message: '请先登录' }])
    )
  })

  it('colours a host’s line, and gives a visiting host no colour', async () => {
    const visitor = await v.signIn('李桂英', 'host')
    const speaking = [await enter(host), await enter(visitor), await enter(operator)]
    const guest = await enter()
    for (const [i, viewer] of speaking.entries()) {
      viewer.say(`c${i}`, '大家好')
      await vi.waitFor(() => expect(guest.all('message_said')).toHaveLength(i + 1))
    }
    expect(guest.all('message_said').map(({ name, role }) => [name, role])).toEqual([
      ['王秀兰', 'host'],
      ['李桂英', 'buyer'],
      ['帮手', 'operator']
    ])
  })

  it('says a message once that a phone sends again after it lost the line', async () => {
    clock.pass(60_000)
    const guest = await enter()
    const before = await enter(buyer)
    before.say('again-1', '有海蛎子吗')
    await vi.waitFor(() => expect(before.all('said')).toEqual([{ id: 'again-1' }]))
    const after = await enter(buyer)
    after.say('again-1', '有海蛎子吗')
    await vi.waitFor(() => expect(after.all('said')).toEqual([{ id: 'again-1' }]))
    after.say('again-2', '有')
    await vi.waitFor(() =>
      expect(guest.all('message_said').map(({ id }) => id)).toEqual(['again-1', 'again-2'])
    )
  })

  it('does not let anyone take the id of another’s message', async () => {
    clock.pass(60_000)
    const mine = await enter(buyer)
    const hers = await enter(other)
    mine.say('mine-1', '我的话')
    await vi.waitFor(() => expect(mine.all('said')).toHaveLength(1))
    hers.say('mine-1', '不是我的话')
    await vi.waitFor(() => expect(hers.all('refused')).toMatchObject([{ id: 'mine-1', code: 'bad_message' }]))
    expect(hers.all('message_said').filter(({ text }) => text === '不是我的话')).toEqual([])
  })

  it('refuses what is empty or too long by its characters, and takes links out', async () => {
    clock.pass(60_000)
    const viewer = await enter(buyer)
    viewer.say('e1', ' \u200b\u202e ')
    viewer.say('e2', '蛤'.repeat(121))
    viewer.say('e3', '🦪'.repeat(120))
    viewer.say('e4', '加微信 https://bad.example/x?y 买')
    viewer.say('e5', '半个字\ud83e')
    await vi.waitFor(() => expect(viewer.all('said')).toHaveLength(3))
    expect(viewer.all('refused').map(({ id, code }) => [id, code])).toEqual([
      ['e1', 'message_empty'],
      ['e2', 'message_long']
    ])
    const texts = viewer.all('message_said').map(({ text }) => text)
    expect(texts).toEqual(['🦪'.repeat(120), '加微信 买', '半个字'])
  })

  it('lets a buyer say five lines in five seconds and tells her how long to wait', async () => {
    clock.set(MORNING + 3_600_000)
    const viewer = await enter(buyer)
    for (let i = 0; i < 5; i++) viewer.say(`f${i}`, `第${i}句`)
    clock.pass(1_000)
    viewer.say('f5', '第六句')
    await vi.waitFor(() => expect(viewer.all('refused')).toHaveLength(1))
    expect(viewer.all('refused')).toMatchObject([{ id: 'f5', code: 'too_fast', waitMs: expect.any(Number) }])
    clock.pass(5_000)
    viewer.say('f6', '可以了')
    await vi.waitFor(() => expect(viewer.all('said')).toHaveLength(6))
  })

  it('keeps a crowded room readable for buyers and never holds back host and helpers', async () => {
    clock.set(MORNING + 7_200_000)
    const crowd = await Promise.all(
      Array.from({ length: 6 }, async (_, i) => enter(await v.signIn(`路人${i}`)))
    )
    const helper = await enter(operator)
    const guest = await enter()
    for (const [i, viewer] of crowd.entries()) {
      for (let line = 0; line < 5; line++) viewer.say(`crowd-${i}-${line}`, '多少钱')
    }
    await vi.waitFor(() => {
      const answered = crowd.flatMap((viewer) => [...viewer.all('said'), ...viewer.all('refused')])
      expect(answered).toHaveLength(30)
    })
    const refused = crowd.flatMap((viewer) => viewer.all('refused'))
    expect(refused.map(({ code }) => code)).toEqual(Array.from({ length: 5 }, () => 'room_crowded'))
    for (let line = 0; line < 40; line++) helper.say(`help-${line}`, '三十九块九')
    await vi.waitFor(() => expect(helper.all('said')).toHaveLength(40))
    expect(helper.all('refused')).toEqual([])
    await vi.waitFor(() => expect(guest.all('message_said')).toHaveLength(65))
  })

  it('closes who sends what nobody can read, and who sends too much', async () => {
    const muddled = await enter()
    muddled.send('not json')
    muddled.send(Buffer.from([1, 2, 3]))
    muddled.send('{"t":"say","id":7}')
    expect(await muddled.closed).toEqual({ code: 4002, words: '这条消息看不懂，没有发出去' })
    expect(muddled.all('refused').map(({ code }) => code)).toEqual(
      Array.from({ length: 3 }, () => 'bad_message')
    )

    const flooding = await enter()
    for (let i = 0; i < 150; i++) flooding.send({ t: 'ping' })
    expect(await flooding.closed).toEqual({ code: 4003, words: '您点得太快了，歇几秒再试' })
    expect(flooding.all('pong').length).toBeLessThanOrEqual(100)
  })

  it('sums hearts and keeps them', async () => {
    const guest = await enter()
    for (const n of [3, 1_000_000, 2]) guest.send({ t: 'hearts', n })
    await vi.waitFor(() => expect(guest.all('hearts')).toEqual([{ total: 25 }]), 5_000)
  })

  it('is silent once the show is over', async () => {
    const over = await newShow(v, host)
    await goOnAir(v, host, over)
    await host.call(endShow, { params: { showId: over } })
    const viewer = await watch(v.village, `/ws/rooms/${over}`, buyer)
    open.push(viewer)
    viewer.say('late', '还在吗')
    await vi.waitFor(() => expect(viewer.all('refused')).toMatchObject([{ code: 'show_over' }]))
  })
})
