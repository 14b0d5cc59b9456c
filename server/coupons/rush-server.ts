import { setTimeout as sleep } from 'node:timers/promises'
import type { Role } from '../../shared/contract.ts'
import { openVillage } from '../app.ts'
import { readSettings } from '../settings.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { crowd, type Phone } from '../testing/crowd.ts'
import { errandOf } from '../testing/mortal.ts'

// A server in a process of its own, for the suite that kills it.

export interface Place {
  env: Record<string, string>
  /** The first server of a village makes its crowd and drops the coupon they want. */
  begin?: { members: number; total: number }
  /** Answers before the commit: the mistake that the suite must be able to see. */
  early?: boolean
}

export interface Ready {
  port: number
  phones?: Phone[]
  couponId?: string
}

/** A boat answers whole; the kill must find it before its commit, also on a busy machine. */
const EARLY_MS = 150

/** A store whose units, once the rush is on, answer while they are still open. */
const early = (store: Store): Store => ({
  ...store,
  tx: (fn, hint) => {
    if (!rushing) return store.tx(fn, hint)
    return new Promise((resolve, reject) => {
      const unit = store.tx(async (tx) => {
        const value = await fn(tx)
        resolve(value)
        await sleep(EARLY_MS)
        return value
      }, hint)
      unit.catch(reject)
    })
  }
})
let rushing = false

const place = await errandOf<Place>()
const settings = readSettings({ DEMO: '0', LOG_LEVEL: 'error', ...place.env })
const store = await openStore(settings)
const village = await openVillage(settings, { store: place.early ? early(store) : store })
const ready: Ready = { port: 0 }
if (place.begin) {
  ready.phones = await crowd(village, place.begin.members)
  const roles: Role[] = ['host']
  const host = {
    id: await village.members.enrol({ name: '王姐', phone: '13800000001', roles }),
    name: '王姐',
    roles
  }
  await village.shops.openMine(host, { name: '王姐海货', village: '红岛村', story: '', portrait: '' })
  const startsAt = village.clock.now()
  const show = await village.shows.schedule(host, { title: '抢券', cover: '', startsAt, productIds: [] })
  const draft = { kind: 'plain', offFen: 100, thresholdFen: 0, perMember: 1, lifeMs: 3_600_000 } as const
  ready.couponId = (await village.coupons.drop(host, show.id, { ...draft, total: place.begin.total })).id
}
rushing = true
await village.http.listen({ port: 0, host: '127.0.0.1' })
ready.port = (village.http.server.address() as { port: number }).port
process.send!(ready)
