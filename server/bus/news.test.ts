import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { banMember, rename } from '../../shared/contracts/members.ts'
import { setStock } from '../../shared/contracts/catalogue.ts'
import { newProduct, newShop, newShow } from '../live/testing.ts'
import { engines } from '../testing/engines.ts'
import { ownRedis } from '../testing/redis.ts'
import { testVillage, type TestVillage } from '../testing/village.ts'
import { watch } from '../testing/viewer.ts'
import { memoryBus } from './memory.ts'
import { openNews } from './news.ts'

describe('news', () => {
  it('are heard once by every server, here before the call returns', async () => {
    const bus = memoryBus(() => {})
    const here: string[] = []
    const there: string[] = []
    const ours = await openNews<string>(bus, 'goods', (what) => void here.push(what))
    const theirs = await openNews<string>(bus, 'goods', (what) => void there.push(what))
    ours.tell('蛤蜊')
    expect(here).toEqual(['蛤蜊'])
    await ours.close()
    await theirs.close()
    expect([here, there]).toEqual([['蛤蜊'], ['蛤蜊']])
  })
})

describe.skipIf(!inject('redisUrl'))('a village whose Redis has died', () => {
  let village: TestVillage
  let redis: Awaited<ReturnType<typeof ownRedis>>
  beforeAll(async () => {
    redis = await ownRedis()
    village = await testVillage({ engine: engines[0]!, settings: { redisUrl: redis.url } })
  })
  afterAll(async () => {
    await village.close()
    await redis.drop()
  })

  it('does what it is asked, and puts the banned out at once', async () => {
    const officer = await village.signIn('王主任', 'officer')
    const host = await village.signIn('王秀兰', 'host')
    const buyer = await village.signIn('小周')
    await newShop(host)
    const product = await newProduct(host, '蛤蜊')
    const viewer = await watch(village.village, `/ws/rooms/${await newShow(village, host)}`, buyer)
    await vi.waitFor(() => expect(viewer.all('welcome')).toHaveLength(1))
    await redis.kill()

    const asked = await Promise.all([
      host.call(setStock, { params: { specId: product.specs[0]!.id }, body: { stock: 5 } }),
      host.call(rename, { body: { name: '兰姐' } }),
      officer.call(banMember, {
        params: { memberId: buyer.me.id },
        body: { banned: true, reason: '刷屏' }
      })
    ])
    expect(asked.map(({ status }) => status)).toEqual([200, 200, 200])
    expect((await viewer.closed).code).toBe(4001)
  })
})
