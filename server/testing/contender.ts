// One of several processes that want the same goods (see contend.ts): says `ready` when its store is open, then how
// many it got of what it was told to want.
import { and, eq, gt, gte, sql } from 'drizzle-orm'
import { openEngine } from '../store/open.ts'
import type { Store } from '../store/store.ts'

export interface Contest {
  want: 'claim' | 'stock'
  /** The coupon or the spec. */
  id: string
  tries: number
}

class Gone extends Error {}

/** One claim of a coupon: the row of the member first, then the last one there is, or nothing at all. */
export async function claim(store: Store, couponId: string, memberId: string): Promise<boolean> {
  const { claims, coupons } = store.schema
  try {
    return await store.tx(
      async (tx) => {
        const fresh = await tx
          .insert(claims)
          .values({ couponId, memberId, nth: 1, claimedAt: 1, orderId: '' })
          .onConflictDoNothing()
          .returning({ memberId: claims.memberId })
        if (!fresh.length) return false
        const [left] = await tx
          .update(coupons)
          .set({ left: sql`${coupons.left} - 1` })
          .where(and(eq(coupons.id, couponId), gt(coupons.left, 0)))
          .returning({ left: coupons.left })
        if (!left) throw new Gone()
        return true
      },
      { hot: `coupon:${couponId}` }
    )
  } catch (error) {
    if (error instanceof Gone) return false
    throw error
  }
}

/** Reads, waits, then writes what it read less one: right only where units are serializable. */
export async function takeNaively(store: Store, specId: string): Promise<boolean> {
  const { specs } = store.schema
  return store.tx(async (tx) => {
    const [spec] = await tx.select({ stock: specs.stock }).from(specs).where(eq(specs.id, specId))
    await new Promise(setImmediate)
    if (!spec || spec.stock < 1) return false
    await tx
      .update(specs)
      .set({ stock: spec.stock - 1 })
      .where(and(eq(specs.id, specId), gte(specs.stock, 1)))
    return true
  })
}

if (process.send && process.argv[1] === import.meta.filename) {
  const { name, ...place } = JSON.parse(process.argv[2]!) as {
    databaseUrl: string
    dataDir: string
    name: string
  }
  const store = await openEngine(place)
  process.on('message', async ({ want, id, tries }: Contest) => {
    const got = await Promise.all(
      Array.from({ length: tries }, (_, i) =>
        want === 'claim' ? claim(store, id, `${name}-${i}`) : takeNaively(store, id)
      )
    )
    process.send!(got.filter(Boolean).length)
  })
  process.send('ready')
}
