import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  followHost,
  forgetAddress,
  myAddresses,
  saveAddress,
  unfollowHost
} from '../../shared/contracts/members.ts'
import { settableClock } from '../testing/clock.ts'
import { engines } from '../testing/engines.ts'
import { testVillage, type TestVillage } from '../testing/village.ts'

const home = { receiver: '李梅', phone: '13512345678', region: '山东省青岛市城阳区', detail: '红岛街道 1 号' }

describe.each(engines)('an address book on $name', (engine) => {
  const clock = settableClock()
  let village: TestVillage
  beforeAll(async () => {
    village = await testVillage({ engine, clock })
  })
  afterAll(() => village.close())

  it('keeps addresses, the one used last first', async () => {
    const buyer = await village.signIn('青岛的老李')
    const { address: first } = (await buyer.call(saveAddress, { body: home })).json
    clock.pass(1)
    const { address: work } = (await buyer.call(saveAddress, { body: { ...home, detail: '码头' } })).json
    const book = async () => (await buyer.call(myAddresses)).json.items
    expect(await book()).toEqual([work, first])

    clock.pass(1)
    await village.village.store.tx((tx) => village.village.members.useAddressIn(tx, buyer.me.id, first.id))
    expect(await book()).toEqual([first, work])
    expect(await village.village.members.lastAddress(buyer.me.id)).toEqual(first)

    const changed = (await buyer.call(saveAddress, { body: { ...home, id: work.id, detail: '新码头' } })).json
    expect(changed.address).toEqual({ ...work, detail: '新码头' })
    expect((await buyer.call(forgetAddress, { params: { addressId: first.id } })).json).toEqual({})
    expect(await book()).toEqual([changed.address])
  })

  it('is hers alone: nobody else reads, changes, forgets or ships to an address in it', async () => {
    const hers = await village.signIn('小满')
    const stranger = await village.signIn('路人', 'operator', 'officer')
    const { address } = (await hers.call(saveAddress, { body: home })).json
    const params = { addressId: address.id }
    expect((await stranger.call(myAddresses)).json.items).toEqual([])
    expect((await stranger.call(saveAddress, { body: { ...home, id: address.id } })).json.code).toBe(
      'no_such_address'
    )
    expect((await stranger.call(forgetAddress, { params })).json.code).toBe('no_such_address')
    const { members, store } = village.village
    await expect(members.addressOf(store.read, stranger.me.id, address.id)).rejects.toThrow(
      '没有这个收货地址'
    )
    expect(await members.addressOf(store.read, hers.me.id, address.id)).toEqual(address)
  })

  it('takes twenty addresses and not one more', async () => {
    const buyer = await village.signIn('收藏家')
    for (let i = 1; i <= 20; i++)
      expect((await buyer.call(saveAddress, { body: { ...home, detail: `${i} 号` } })).status).toBe(200)
    expect((await buyer.call(saveAddress, { body: home })).json.code).toBe('address_book_full')
    expect((await buyer.call(myAddresses)).json.items).toHaveLength(20)
  })

  it('refuses an address that no parcel could reach', async () => {
    const buyer = await village.signIn('糊涂')
    for (const wrong of [{ receiver: ' ' }, { phone: '110' }, { region: '' }, { detail: '长'.repeat(121) }])
      expect((await buyer.call(saveAddress, { body: { ...home, ...wrong } })).json.code).toBe('bad_input')
  })
})

describe.each(engines)('following on $name', (engine) => {
  let village: TestVillage
  beforeAll(async () => {
    village = await testVillage({ engine })
  })
  afterAll(() => village.close())

  it('counts a follower once, however often she taps, and forgets her when she stops', async () => {
    const { members, store } = village.village
    const host = await village.signIn('海燕', 'host')
    const buyer = await village.signIn('潮汐')
    const params = { hostId: host.me.id }
    const taps = await Promise.all([1, 2, 3].map(() => buyer.call(followHost, { params })))
    expect(taps.map(({ json }) => json.following)).toEqual([true, true, true])
    expect(await members.followerCount(host.me.id)).toBe(1)
    expect(await members.followsIn(store.read, buyer.me.id, host.me.id)).toBe(true)
    expect(await members.followsIn(store.read, host.me.id, buyer.me.id)).toBe(false)
    expect((await buyer.call(unfollowHost, { params })).json).toEqual({ following: false })
    expect((await buyer.call(unfollowHost, { params })).json).toEqual({ following: false })
    expect(await members.followerCount(host.me.id)).toBe(0)
  })

  it('is for hosts', async () => {
    const buyer = await village.signIn('潮汐')
    const other = await village.signIn('路人')
    for (const hostId of [other.me.id, 'nobody'])
      expect((await buyer.call(followHost, { params: { hostId } })).json.code).toBe('no_such_member')
  })

  it('shows names and roles of people, and nothing else', async () => {
    const host = await village.signIn('桂兰', 'host')
    const names = await village.village.members.namesOf([host.me.id, host.me.id, 'nobody'])
    expect([...names]).toEqual([[host.me.id, { id: host.me.id, name: '桂兰', roles: ['buyer', 'host'] }]])
  })
})
