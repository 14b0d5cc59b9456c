import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { scheduleShow } from '../../shared/contracts/live.ts'
import { engines } from '../testing/engines.ts'
import { testVillage, type SignedIn, type TestVillage } from '../testing/village.ts'
import { watch } from '../testing/viewer.ts'

describe.each(engines)('a room on $name', (engine) => {
  let v: TestVillage
  let host: SignedIn
  let buyer: SignedIn

  beforeAll(async () => {
    v = await testVillage({ engine })
    host = await v.signIn('王秀兰', 'host')
    buyer = await v.signIn('小李')
  })
  afterAll(() => v.close())

  async function newShow() {
    const { json } = await host.call(scheduleShow, {
      body: { title: '赶海', cover: '', startsAt: Date.now() + 60_000, productIds: [] }
    })
    return json.show.id
  }

  it('greets a guest first, and she hears what members say', async () => {
    const showId = await newShow()
    const guest = await watch(v.village, `/ws/rooms/${showId}`)
    const member = await watch(v.village, `/ws/rooms/${showId}`, buyer)
    await vi.waitFor(() =>
      expect(guest.heard[0]).toMatchObject([0, expect.any(Number), 'welcome', { version: 0 }])
    )
    member.say('a1', '蛤蜊新鲜吗？')
    await vi.waitFor(() =>
      expect(guest.all('message_said')).toEqual([
        { id: 'a1', name: '小李', role: 'buyer', text: '蛤蜊新鲜吗？' }
      ])
    )
    await vi.waitFor(() => expect(member.all('said')).toEqual([{ id: 'a1' }]))
  })
})
