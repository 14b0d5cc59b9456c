import { count, eq, inArray, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contenders } from '../testing/contend.ts'
import { claim, takeNaively } from '../testing/contender.ts'
import { engines } from '../testing/engines.ts'
import { openPostgres } from './postgres.ts'
import { openSqlite } from './sqlite.ts'
import { TransactionError, type Store } from './store.ts'

const LIMIT_MS = 700
/** Processes take their time to start on a machine that runs every other suite as well. */
const PROCESSES_MS = 60_000

/** Another turn of the event loop, in which other units may come in. */
const turn = () => new Promise((resolve) => setTimeout(resolve, 5))
const got = (answers: boolean[]) => answers.filter(Boolean).length
const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: Error & { cause?: Error }) => `${error.message} ${error.cause?.message ?? ''}`
  )

describe.each(engines)('the store on $name', ({ name, make }) => {
  let store: Store
  let place: Awaited<ReturnType<typeof make>>

  beforeAll(async () => {
    place = await make()
    store =
      name === 'sqlite'
        ? openSqlite({ file: `${place.dataDir}/village.db`, limitMs: LIMIT_MS })
        : await openPostgres({ url: place.databaseUrl, limitMs: LIMIT_MS })
  })
  afterAll(async () => {
    await store.close()
    await place.drop()
  })

  const shop = (id: string) => ({
    id,
    ownerId: `owner of ${id}`,
    name: '秀英海鲜',
    village: '红岛',
    story: '',
    portrait: '',
    createdAt: 1
  })
  const addShop = (id: string) => store.tx((tx) => tx.insert(store.schema.shops).values(shop(id)).returning())
  const shops = (...ids: string[]) =>
    store.read.$count(store.schema.shops, inArray(store.schema.shops.id, ids))

  async function dropCoupon(id: string, total: number) {
    await store.tx((tx) =>
      tx
        .insert(store.schema.coupons)
        .values({
          id,
          shopId: 's',
          hostId: 'h',
          showId: 'w',
          kind: 'plain',
          offFen: 500,
          thresholdFen: 0,
          total,
          left: total,
          perMember: 1,
          endsAt: 9e12,
          createdBy: 'h',
          createdAt: 1
        })
        .returning()
    )
  }
  async function leftOf(id: string) {
    const { coupons } = store.schema
    const [row] = await store.read.select({ left: coupons.left }).from(coupons).where(eq(coupons.id, id))
    return row!.left
  }
  const claimsOf = (id: string) =>
    store.read.$count(store.schema.claims, eq(store.schema.claims.couponId, id))

  async function stockUp(id: string, stock: number) {
    await store.tx((tx) =>
      tx
        .insert(store.schema.specs)
        .values({ id, productId: 'p', name: '大', unit: 'jin', priceFen: 1999, stock, position: 0 })
        .returning()
    )
  }
  async function stockOf(id: string) {
    const { specs } = store.schema
    const [row] = await store.read.select({ stock: specs.stock }).from(specs).where(eq(specs.id, id))
    return row!.stock
  }

  describe('what is promised once is given once', () => {
    it('never gives out more coupons than there are, nor two to one member', async () => {
      await dropCoupon('twenty', 20)
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, i) => claim(store, 'twenty', `m${i % 60}`))
      )
      expect(got(answers)).toBe(20)
      expect(await leftOf('twenty')).toBe(0)
      expect(await claimsOf('twenty')).toBe(20)
    })

    it('never sells more than there is, even to code that reads first and writes later', async () => {
      await stockUp('clams', 10)
      const answers = await Promise.all(Array.from({ length: 40 }, () => takeNaively(store, 'clams')))
      expect(got(answers)).toBe(10)
      expect(await stockOf('clams')).toBe(0)
    })

    it(
      'gives the last coupon to one of 64 members, and sells the last ten once, from two processes',
      async () => {
        const two = await contenders(2, place)
        try {
          await dropCoupon('last', 1)
          const claimed = await two.want({ want: 'claim', id: 'last', tries: 32 })
          expect(claimed[0]! + claimed[1]!).toBe(1)
          expect([await leftOf('last'), await claimsOf('last')]).toEqual([0, 1])

          await stockUp('oysters', 10)
          const sold = await two.want({ want: 'stock', id: 'oysters', tries: 12 })
          expect(sold[0]! + sold[1]!).toBe(10)
          expect(await stockOf('oysters')).toBe(0)
        } finally {
          await two.leave()
        }
      },
      PROCESSES_MS
    )

    it('lets no stock fall below zero, whatever the code does', async () => {
      await stockUp('few', 1)
      const { specs } = store.schema
      const below = store.tx((tx) =>
        tx.update(specs).set({ stock: -1 }).where(eq(specs.id, 'few')).returning()
      )
      expect(await errorOf(below)).toMatch(/specs_stock/)
      expect(await stockOf('few')).toBe(1)
    })
  })

  describe('a unit of work', () => {
    it('happens wholly or not at all', async () => {
      const failing = store.tx(async (tx) => {
        await tx.insert(store.schema.shops).values(shop('half-1'))
        await tx.insert(store.schema.shops).values(shop('half-2'))
        throw new Error('the tide came')
      })
      await expect(failing).rejects.toThrow('the tide came')
      expect(await shops('half-1', 'half-2')).toBe(0)
    })

    it('takes no neighbour with it when it fails', async () => {
      const answers = await Promise.allSettled(
        Array.from({ length: 10 }, (_, i) =>
          store.tx(async (tx) => {
            await tx.insert(store.schema.shops).values(shop(`n${i}`))
            if (i % 2) throw new Error('no')
          })
        )
      )
      expect(answers.filter((answer) => answer.status === 'rejected')).toHaveLength(5)
      expect(await shops(...Array.from({ length: 10 }, (_, i) => `n${i}`))).toBe(5)
    })

    it('shows nothing of itself before it is done', async () => {
      const { shops: table } = store.schema
      const seen: number[] = []
      let open = true
      const unit = store.tx(async (tx) => {
        await tx.insert(table).values(shop('hidden'))
        while (seen.length < 5) await turn()
        await tx.delete(table).where(eq(table.id, 'hidden'))
      })
      const looking = (async () => {
        while (open && seen.length < 5) seen.push(await shops('hidden'))
      })()
      await unit
      open = false
      await looking
      expect(seen).toEqual([0, 0, 0, 0, 0])
    })

    it('refuses a unit inside a unit, and a look past itself', async () => {
      await expect(store.tx(() => addShop('nested'))).rejects.toThrow(TransactionError)
      expect(await errorOf(store.tx(() => shops('s')))).toContain('read through the tx')
      expect(await shops('nested')).toBe(0)
    })

    it('leaves what it started free to use the store after its end', async () => {
      let after!: () => void
      const ended = new Promise<void>((resolve) => (after = resolve))
      let later!: Promise<unknown>
      await store.tx(async (tx) => {
        await tx.$count(store.schema.shops)
        later = ended.then(() => addShop('later'))
      })
      after()
      await later
      expect(await shops('later')).toBe(1)
    })

    it('runs no query that comes after its end', async () => {
      let after!: () => void
      const ended = new Promise<void>((resolve) => (after = resolve))
      let late!: Promise<unknown>
      await store.tx(async (tx) => {
        late = ended.then(async () => tx.insert(store.schema.shops).values(shop('late')))
        late.catch(() => {})
      })
      await store.tx(async (tx) => {
        after()
        await errorOf(late)
        await tx.$count(store.schema.shops)
      })
      expect(await errorOf(late)).toContain('after the end')
      expect(await shops('late')).toBe(0)
    })

    it('cannot be used to read and write through store.read', async () => {
      const write = (async () => {
        await (store.read as unknown as Pick<Store['each'], 'insert'>)
          .insert(store.schema.shops)
          .values(shop('sly'))
      })()
      expect(await errorOf(write)).toMatch(/readonly|read-only|not a function/)
      expect(await shops('sly')).toBe(0)
    })

    it('is cut when it hangs, and the next one runs', async () => {
      const hung = store.tx(async (tx) => {
        await tx.insert(store.schema.shops).values(shop('hung'))
        await new Promise(() => {})
      })
      const next = addShop('next')
      await expect(hung).rejects.toThrow(`still open after ${LIMIT_MS} ms`)
      await next
      expect(await shops('hung', 'next')).toBe(1)
    })

    it('fails as a whole when one of its queries failed, even if nobody looked', async () => {
      await addShop('twice')
      const swallowed = (first: string, then: string) =>
        store.tx(async (tx) => {
          if (first) await tx.insert(store.schema.shops).values(shop(first))
          await tx
            .insert(store.schema.shops)
            .values(shop('twice'))
            .then(
              () => {},
              () => {}
            )
          if (then) await tx.insert(store.schema.shops).values(shop(then))
        })
      expect(await errorOf(swallowed('before', ''))).toMatch(/unique/i)
      expect(await errorOf(swallowed('', 'after'))).toMatch(/unique/i)
      const unawaited = store.tx(async (tx) => {
        await tx.insert(store.schema.shops).values(shop('careless'))
        void (async () => tx.insert(store.schema.shops).values(shop('twice')))().catch(() => {})
      })
      expect(await errorOf(unawaited)).toMatch(/unique|nobody waited/i)
      expect(await shops('before', 'after', 'careless')).toBe(0)
    })

    it('lets the timers of the village tick while units never end', async () => {
      let writing = true
      let units = 0
      const endless = Array.from({ length: 8 }, async (_, i) => {
        for (let n = 0; writing; n++) {
          await addShop(`e${i}-${n}`)
          units++
        }
      })
      let ticks = 0
      const timer = setInterval(() => ticks++, 1)
      while (ticks < 20) await turn()
      writing = false
      clearInterval(timer)
      await Promise.all(endless)
      expect(units).toBeGreaterThan(0)
    })

    it('is refused after the store is closed', async () => {
      const other = await make()
      const closed =
        name === 'sqlite'
          ? openSqlite({ file: `${other.dataDir}/village.db` })
          : await openPostgres({ url: other.databaseUrl })
      await closed.close()
      expect(await errorOf(closed.tx((tx) => tx.$count(closed.schema.shops)))).toMatch(
        /closed|after calling end/
      )
      await other.drop()
    })
  })

  describe('for libraries', () => {
    it('makes every statement a unit of work of its own', async () => {
      const { shops: table } = store.schema
      await Promise.all(
        Array.from({ length: 10 }, async (_, i) => store.each.insert(table).values(shop(`lib-${i}`)))
      )
      const [changed] = await store.each
        .update(table)
        .set({ story: '三代人赶海' })
        .where(eq(table.id, 'lib-3'))
        .returning()
      expect(changed).toEqual({ ...shop('lib-3'), story: '三代人赶海' })
      expect(await store.each.select().from(table).where(eq(table.id, 'lib-3'))).toEqual([changed])
      await store.each.delete(table).where(eq(table.id, 'lib-4'))
      expect(await shops('lib-3', 'lib-4', 'lib-5')).toBe(2)
    })

    it('lets them join several statements, and keeps them out of a unit of ours', async () => {
      const { shops: table } = store.schema
      const failing = store.each.transaction(async (tx) => {
        await tx.insert(table).values(shop('lib-joined'))
        throw new Error('they gave up')
      })
      await expect(failing).rejects.toThrow('they gave up')
      const inside = store.tx(async () => {
        await store.each.insert(table).values(shop('lib-inside'))
      })
      expect(await errorOf(inside)).toContain('store.tx inside store.tx')
      expect(await shops('lib-joined', 'lib-inside')).toBe(0)
    })
  })

  describe('values', () => {
    it('come back as they went in', async () => {
      const { verification, jobs } = store.schema
      const at = new Date(1_750_000_000_123)
      const code = { id: 'v', identifier: '王秀英', value: '海', expiresAt: at, createdAt: at, updatedAt: at }
      await store.tx((tx) => tx.insert(verification).values(code).returning())
      const [kept] = await store.read.select().from(verification).where(eq(verification.id, 'v'))
      expect(kept).toEqual(code)
      expect(kept!.expiresAt).toBeInstanceOf(Date)

      const payloads = [{ a: [1, null, '海'], d: { x: true } }, 'words', [], 7]
      await store.tx((tx) =>
        tx
          .insert(jobs)
          .values(
            payloads.map((payload, i) => ({
              id: `j${i}`,
              kind: 'k',
              payload,
              runAt: 1_750_000_000_123,
              attempts: 0,
              lease: '',
              error: ''
            }))
          )
          .returning()
      )
      const rows = await store.read.select().from(jobs).orderBy(jobs.id)
      expect(rows.map((row) => row.payload)).toEqual(payloads)
      const [sums] = await store.read
        .select({
          latest: sql<number>`max(${jobs.runAt})`,
          n: count(),
          sum: sql<number>`sum(${jobs.runAt})`.mapWith(Number)
        })
        .from(jobs)
      expect(sums).toEqual({ latest: 1_750_000_000_123, n: 4, sum: 4 * 1_750_000_000_123 })
    })

    it('are added to what is there by an upsert', async () => {
      const { follows } = store.schema
      for (const followedAt of [5, 7]) {
        await store.tx((tx) =>
          tx
            .insert(follows)
            .values({ memberId: 'm', hostId: 'h', followedAt })
            .onConflictDoUpdate({
              target: [follows.memberId, follows.hostId],
              set: { followedAt: sql`excluded.followed_at + ${follows.followedAt}` }
            })
            .returning()
        )
      }
      const [row] = await store.read.select().from(follows).where(eq(follows.memberId, 'm'))
      expect(row!.followedAt).toBe(12)
    })

    it('sort by code point on both engines', async () => {
      const { devInbox } = store.schema
      const letters = ['a', 'B', '_', '海', 'Z', 'é']
      await store.tx((tx) =>
        tx
          .insert(devInbox)
          .values(letters.map((text) => ({ id: `sort ${text}`, phone: 'sort', text, code: '', sentAt: 9 })))
          .returning()
      )
      const rows = await store.read
        .select({ text: devInbox.text })
        .from(devInbox)
        .where(eq(devInbox.phone, 'sort'))
        .orderBy(devInbox.text)
      expect(rows.map((row) => row.text).join('')).toBe('BZ_aé海')
    })
  })

  describe('a compiled statement', () => {
    const named = () =>
      store.statement((query) =>
        query
          .update(store.schema.specs)
          .set({ stock: sql`${store.schema.specs.stock} + ${sql.placeholder('more')}` })
          .where(eq(store.schema.specs.id, sql.placeholder('id')))
          .returning({ id: store.schema.specs.id, stock: store.schema.specs.stock })
      )
    const looked = () =>
      store.statement((query) =>
        query
          .select({ id: store.schema.specs.id, stock: store.schema.specs.stock })
          .from(store.schema.specs)
          .where(eq(store.schema.specs.id, sql.placeholder('id')))
      )

    it('runs inside a unit and on committed data, and sees what each of them sees', async () => {
      await stockUp('seen', 1)
      const [more, look] = [named(), looked()]
      await store.tx(async (tx) => {
        expect(await more(tx, { id: 'seen', more: 4 })).toEqual([{ id: 'seen', stock: 5 }])
        expect(await look(tx, { id: 'seen' })).toEqual([{ id: 'seen', stock: 5 }])
      })
      expect(await look(store.read, { id: 'seen' })).toEqual([{ id: 'seen', stock: 5 }])
      expect(await errorOf(more(store.read, { id: 'seen', more: 1 }))).toMatch(/readonly|read-only/)
      expect(await stockOf('seen')).toBe(5)
    })

    it('is rolled back with its unit', async () => {
      await stockUp('rolled', 1)
      const more = named()
      await expect(
        store.tx(async (tx) => {
          await more(tx, { id: 'rolled', more: 4 })
          throw new Error('no')
        })
      ).rejects.toThrow('no')
      expect(await stockOf('rolled')).toBe(1)
    })

    it('does not run for a unit that has ended, nor for a stranger', async () => {
      await stockUp('ended', 1)
      const more = named()
      let ended: unknown
      await store.tx(async (tx) => void (ended = tx))
      expect(await errorOf(more(ended as never, { id: 'ended', more: 1 }))).toContain('after the end')
      await expect(more({} as never, { id: 'ended', more: 1 })).rejects.toThrow(TypeError)
      expect(await stockOf('ended')).toBe(1)
    })

    it('always runs in the unit that called it, however many call it at the same moment', async () => {
      const ids = Array.from({ length: 24 }, (_, i) => `turn-${i}`)
      for (const id of ids) await stockUp(id, 0)
      const [more, look] = [named(), looked()]
      const units = ids.map((id, i) =>
        store.tx(async (tx) => {
          for (let n = 1; n <= 5; n++) {
            const [, mine] = await Promise.all([
              more(tx, { id, more: 1 }),
              look(tx, { id }),
              errorOf(look(tx, { id: 'nobody' }))
            ])
            expect(mine[0]!.stock).toBe(n)
            await turn()
          }
          if (i % 3 === 0) throw new Error('every third gives up')
        })
      )
      const reads = Array.from({ length: 60 }, async () => look(store.read, { id: ids[1]! }))
      const answers = await Promise.all(units.map(errorOf))
      for (const [i, id] of ids.entries()) {
        expect([answers[i]?.trim(), await stockOf(id)]).toEqual(
          i % 3 === 0 ? ['every third gives up', 0] : [undefined, 5]
        )
      }
      for (const [row] of await Promise.all(reads)) expect([0, 5]).toContain(row!.stock)
    })

    it('runs again with its unit when two units collide', async () => {
      await stockUp('collide', 0)
      const [more, look] = [named(), looked()]
      const all = Array.from({ length: 6 }, () =>
        store.tx(async (tx) => {
          const [row] = await look(tx, { id: 'collide' })
          await turn()
          await more(tx, { id: 'collide', more: 1 })
          return row!.stock
        })
      )
      expect((await Promise.all(all)).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5])
      expect(await stockOf('collide')).toBe(6)
    })
  })
})
