import { mkdtempSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { scheduleShow } from '../../shared/contracts/live.ts'
import { openVillage } from '../app.ts'
import { readSettings } from '../settings.ts'
import { people } from '../testing/village.ts'

/** The whole village on disk-durable SQLite with one show, and helpers who may say as much as they like. */
const helpers = Number(process.argv[2] ?? 4)
const dataDir = mkdtempSync(path.join(tmpdir(), 'yujia-fanout-'))
const village = await openVillage({ ...readSettings({ DEMO: '0', LOG_LEVEL: 'error' }), dataDir })
const { signIn } = people(village)
const host = await signIn('王秀兰', 'host')
const { json } = await host.call(scheduleShow, {
  body: { title: '赶海', cover: '', startsAt: village.clock.now(), productIds: [] }
})
const cookies: string[] = []
for (let i = 0; i < helpers; i++) cookies.push((await signIn(`帮手${i}`, 'operator')).cookie)

await village.http.listen({ port: 0, host: '127.0.0.1', backlog: 4096 })
village.start()
process.send!({
  port: (village.http.server.address() as AddressInfo).port,
  path: `/ws/rooms/${json.show.id}`,
  cookies,
  dataDir
})
