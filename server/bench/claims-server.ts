import { fileURLToPath } from 'node:url'
import path from 'node:path'
import { count, inArray, max } from 'drizzle-orm'
import type { Role } from '../../shared/contract.ts'
import { claimCoupon } from '../../shared/contracts/coupons.ts'
import { openVillage } from '../app.ts'
import { systemClock } from '../clock.ts'
import { readSettings } from '../settings.ts'
import { newId } from '../store/id.ts'
import { openSqlite } from '../store/sqlite.ts'
import { crowd } from '../testing/crowd.ts'

// A whole village in a process of its own: `node claims-server.ts FOLDER [UNITS_PER_COMMIT]`.

export type Question =
  | { ask: 'crowd'; members: number }
  | { ask: 'drop'; coupons: number; total: number }
  | { ask: 'check'; couponIds: string[] }

/** What the store holds of some coupons after a round. */
export interface Books {
  rows: number
  taken: number
  mostOfOne: number
}

const LIFE_MS = 3_600_000
export const CEILING_URL = '/bench/coupons/:couponId/claim'

async function serve([folder, units]: string[]) {
  const store = openSqlite({
    file: path.join(folder!, 'village.db'),
    ...(units && { unitsPerCommit: Number(units), flushInCommit: true })
  })
  const settings = readSettings({ DEMO: '0', DATA_DIR: folder!, LOG_LEVEL: 'error' })
  const village = await openVillage(settings, { store, ...(units && { seats: Number(units) }) })
  const { members, shops, shows, http } = village
  const { claims, coupons: dropped } = store.schema

  // The same contract, edge, session and answer; only nobody writes anything down.
  http.route({
    ...claimCoupon,
    url: CEILING_URL,
    handler: async ({ me, params }) => ({ couponId: params.couponId, nth: 1, left: me.id.length })
  })

  const roles: Role[] = ['host']
  const host = { id: await members.enrol({ name: '王姐', phone: '13800000001', roles }), name: '王姐', roles }
  const shop = await shops.openMine(host, { name: '王姐海货', village: '红岛村', story: '', portrait: '' })
  const startsAt = systemClock.now()
  const show = await shows.schedule(host, { title: '抢券', cover: '', startsAt, productIds: [] })

  const answer = {
    crowd: async ({ members: many }: { members: number }) =>
      (await crowd(village, many)).map((phone) => phone.cookie),
    async drop({ coupons: many, total }: { coupons: number; total: number }) {
      const now = systemClock.now()
      const rows = Array.from({ length: many }, () => ({
        id: newId(now),
        shopId: shop.id,
        hostId: host.id,
        showId: show.id,
        kind: 'plain' as const,
        offFen: 100,
        thresholdFen: 0,
        total,
        left: total,
        perMember: 1,
        endsAt: now + LIFE_MS,
        createdBy: host.id,
        createdAt: now
      }))
      // Written at once: a room does not take so many from its host.
      await store.tx((tx) => tx.insert(dropped).values(rows))
      return rows.map((row) => row.id)
    },
    async check({ couponIds }: { couponIds: string[] }): Promise<Books> {
      const of = inArray(claims.couponId, couponIds)
      const held = await store.read
        .select({ nth: max(claims.nth), rows: count() })
        .from(claims)
        .where(of)
      const left = await store.read.select().from(dropped).where(inArray(dropped.id, couponIds))
      const taken = left.reduce((sum, coupon) => sum + coupon.total - coupon.left, 0)
      return { rows: held[0]!.rows, taken, mostOfOne: Number(held[0]!.nth ?? 0) }
    }
  }
  process.on('message', (question: Question) => {
    const { ask } = question
    void answer[ask](question as never).then((value: unknown) => process.send!(value as object))
  })

  process.once('disconnect', () => process.exit(0)) // never outlives the bench
  await http.listen({ port: 0, host: '127.0.0.1' })
  process.send!({ port: (http.server.address() as { port: number }).port })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await serve(process.argv.slice(2))
