import { mkdtempSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { addProduct, openShop } from '../../shared/contracts/catalogue.ts'
import { dropCoupon } from '../../shared/contracts/coupons.ts'
import { scheduleShow } from '../../shared/contracts/live.ts'
import { openVillage } from '../app.ts'
import { readSettings } from '../settings.ts'
import { people } from '../testing/village.ts'

const PRODUCTS = 24
const LINES = 30

/** The whole village with one full room: shelf, coupon and talk as on a good evening. */
const dataDir = mkdtempSync(path.join(tmpdir(), 'yujia-reads-'))
const village = await openVillage({ ...readSettings({ DEMO: '0', LOG_LEVEL: 'error' }), dataDir })
const { signIn } = people(village)
const host = await signIn('王秀兰', 'host')
await host.call(openShop, {
  body: { name: '秀兰蛤蜊', village: '红岛', story: '当天潮水现捞', portrait: '' }
})
const productIds: string[] = []
for (let i = 0; i < PRODUCTS; i++) {
  const { json } = await host.call(addProduct, {
    body: {
      title: `红岛蛤蜊 鲜活现捞 ${i}`,
      about: '当天潮水现捞，吐沙十二小时',
      kind: 'goods',
      origin: '青岛红岛',
      caughtOn: '2026-11-22',
      perishable: true,
      photos: [],
      specs: [{ name: '两斤装', unit: 'jin', priceFen: 2990 + i, stock: 500 }],
      state: 'on_sale'
    }
  })
  productIds.push(json.product.id)
}
const { json } = await host.call(scheduleShow, {
  body: { title: '赶海', cover: '', startsAt: village.clock.now(), productIds }
})
const showId = json.show.id
await host.call(dropCoupon, {
  params: { showId },
  body: { kind: 'plain', offFen: 500, thresholdFen: 3000, total: 100, perMember: 1, lifeMs: 3_600_000 }
})
await village.rooms.act(async (_tx, tell) => {
  for (let i = 0; i < LINES; i++) {
    const said = { id: `m${i}`, name: '小李', role: 'buyer' as const, text: '这个蛤蜊多少钱一斤？' }
    await tell(showId, 'message_said', said, host.me.id)
  }
})

await village.http.listen({ port: 0, host: '127.0.0.1', backlog: 4096 })
// The same room without what is kept of it, for the row beside: every request asks the store.
if (process.argv[2] === 'per-request') {
  village.http.server.prependListener('request', () => village.views.changed(showId))
}
process.send!({
  port: (village.http.server.address() as AddressInfo).port,
  path: `/api/rooms/${showId}`,
  dataDir
})
