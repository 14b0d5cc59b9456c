import type { Wait } from '../../shared/contracts/lots.ts'
import { Problem } from '../../shared/problems.ts'
import type { Products } from '../catalogue/products.ts'
import type { Clock } from '../clock.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Member } from '../members/member.ts'
import type { News } from '../notices/notice.ts'
import { newId } from '../store/id.ts'
import type { Store, Tx } from '../store/store.ts'
import type { Line, Uses } from './uses.ts'
import { OFFER_MS, offersOf, openKeyOf } from './wait.ts'
import { waitStore, type WaitRow } from './wait-store.ts'

/** An offer that lapsed reaches the next in line within a breath. */
const SWEEP_MS = 3_000
const SWEEP_PAGE = 50
const SWEEP_PAGES = 20
/** Who wait for one spec: a whole restock is offered in one unit. */
export const MAX_IN_LINE = 200
/** For how many different things one member waits. */
export const MAX_WAITS = 20

export type Waits = ReturnType<typeof openWaits>

/** 候补: she waits for what is sold out and is offered it in her turn. An offer holds stock until it lapses. */
export function openWaits({
  store,
  clock,
  jobs,
  report,
  goods,
  uses,
  tellIn
}: {
  store: Store
  clock: Clock
  jobs: Jobs
  report: (error: unknown, what: string) => void
  goods: Pick<Products, 'specIn' | 'takeOffIn' | 'giveBackIn' | 'changed' | 'productsByIds'>
  uses: Pick<Uses, 'useIn' | 'giveBackIn'>
  tellIn: (tx: Tx, news: News) => Promise<void>
}) {
  const waits = waitStore(store)
  jobs.every('stock offers', SWEEP_MS, sweep)

  return {
    /**
     * She waits for so many of what is sold out; asked again, her wait of before is the answer. Problems: no_such_spec,
     * product_off_sale, still_there {left}, wait_line_full, too_many_waits.
     */
    async join(me: Member, specId: string, qty: number): Promise<Wait> {
      const openKey = openKeyOf(specId, me.id)
      const row = await store.tx(
        async (tx) => {
          const spec = await goods.specIn(tx, specId)
          if (!spec) throw new Problem('no_such_spec')
          if (!spec.onSale) throw new Problem('product_off_sale', { productId: spec.productId })
          const before = await waits.openOf(tx, openKey)
          if (before) return before
          if (spec.stock > 0) throw new Problem('still_there', { left: spec.stock })
          if ((await waits.openCount(tx, me.id)) >= MAX_WAITS) throw new Problem('too_many_waits')
          if ((await waits.inLine(tx, specId)) >= MAX_IN_LINE) throw new Problem('wait_line_full')
          const now = clock.now()
          const wait: WaitRow = {
            id: newId(now),
            specId,
            memberId: me.id,
            qty,
            state: 'waiting',
            openKey,
            askedAt: now,
            offerUntil: 0,
            orderId: ''
          }
          await waits.add(tx, wait)
          return wait
        },
        { hot: `spec:${specId}` }
      )
      return (await views([row]))[0]!
    },

    /** She waits no longer; what she was offered goes to the next. Problem no_such_wait. */
    async leave(me: Member, waitId: string): Promise<void> {
      const wait = await waits.one(store.read, waitId)
      if (wait?.memberId !== me.id) throw new Problem('no_such_wait')
      await close(wait.id, wait.specId, 'left')
    },

    mine: async (me: Member): Promise<Wait[]> => views(await waits.mine(me.id, MAX_WAITS)),

    /** How many wait for each of these specs. */
    lines: waits.lines,

    /**
     * Before an order takes its lines off the stock, in the same unit: what was kept for her of them is put there, so
     * that she gets it. Answers the specs of which she may have been offered more than she takes: give them to `freedIn`
     * once the order has its goods.
     */
    async takeOffersIn(tx: Tx, memberId: string, orderId: string, lines: readonly Line[]): Promise<string[]> {
      const specIds: string[] = []
      for (const specId of new Set(lines.map((line) => line.specId))) {
        const wait = await waits.openOf(tx, openKeyOf(specId, memberId))
        if (!wait) continue
        // One who still waits and finds it on the shelf needs to wait no longer.
        const kept = wait.state === 'offered' && wait.offerUntil > clock.now()
        if (wait.state === 'offered' && !kept) continue // the sweep gives it to the next
        if (!(await waits.move(tx, wait, { state: 'bought', orderId }))) continue
        if (!kept) continue
        await putBackIn(tx, wait)
        specIds.push(specId)
      }
      return specIds
    },

    /** What is kept for her now, by spec: it is hers to buy though the shelf says it is gone. */
    async offeredTo(memberId: string, specIds: readonly string[]): Promise<Map<string, number>> {
      const kept = new Map<string, number>()
      for (const specId of new Set(specIds)) {
        const wait = await waits.openOf(store.read, openKeyOf(specId, memberId))
        if (wait?.state === 'offered' && wait.offerUntil > clock.now()) kept.set(specId, wait.qty)
      }
      return kept
    },

    /** What she was offered does not come: she stands in line again, where she stood. False: there is no such offer. */
    async withdrawIn(tx: Tx, waitId: string): Promise<boolean> {
      const wait = await waits.one(tx, waitId)
      if (wait?.state !== 'offered') return false
      await waits.move(tx, wait, { state: 'waiting', offerUntil: 0 })
      await putBackIn(tx, wait)
      await freedIn(tx, [wait.specId])
      return true
    },

    freedIn,
    sweep
  }

  /** There is stock of these again, in the same unit: it is offered to who waits, the first first. */
  async function freedIn(tx: Tx, specIds: readonly string[]): Promise<void> {
    for (const specId of [...new Set(specIds)].sort()) {
      const line = await waits.line(tx, specId, MAX_IN_LINE)
      if (!line.length) continue
      const spec = await goods.specIn(tx, specId)
      if (!spec) {
        for (const wait of line) await waits.move(tx, wait, { state: 'lapsed' })
        continue
      }
      if (!spec.onSale) continue
      const offerUntil = clock.now() + OFFER_MS
      for (const { wait, qty } of offersOf(line, spec.stock)) {
        await goods.takeOffIn(tx, { specId, qty })
        await uses.useIn(tx, wait.id, [{ specId, qty }])
        await waits.move(tx, wait, { state: 'offered', qty, offerUntil })
        const { title, specName, productId } = spec
        await tellIn(tx, {
          memberId: wait.memberId,
          kind: 'stock_offered',
          about: { title, spec: specName, qty: `${qty}`, wanted: `${wait.qty}`, until: `${offerUntil}` },
          href: `/product/${productId}`
        })
      }
    }
  }

  /** Ends one wait; what it held goes back and on to the next. Once, however many try. */
  async function close(waitId: string, specId: string, state: 'left' | 'lapsed') {
    const productId = await store.tx(
      async (tx) => {
        const wait = await waits.one(tx, waitId)
        if (wait?.state !== 'offered' && wait?.state !== 'waiting') return undefined
        if (state === 'lapsed' && (wait.state !== 'offered' || wait.offerUntil > clock.now()))
          return undefined
        await waits.move(tx, wait, { state })
        if (wait.state === 'waiting') return undefined
        await putBackIn(tx, wait)
        await freedIn(tx, [specId])
        const spec = await goods.specIn(tx, specId)
        if (spec && state === 'lapsed') {
          await tellIn(tx, {
            memberId: wait.memberId,
            kind: 'stock_lapsed',
            about: { title: spec.title, spec: spec.specName },
            href: `/product/${spec.productId}`
          })
        }
        return spec?.productId
      },
      { hot: `spec:${specId}` }
    )
    if (productId) goods.changed([productId])
  }

  async function putBackIn(tx: Tx, { id, specId, qty }: WaitRow) {
    await goods.giveBackIn(tx, [{ specId, qty }])
    await uses.giveBackIn(tx, id)
  }

  /** Offers have a timer of their own: it stands in the database and outlives any server. */
  async function sweep() {
    for (let n = 0; n < SWEEP_PAGES; n++) {
      const due = await waits.overdue(clock.now(), SWEEP_PAGE)
      for (const { id, specId } of due) {
        try {
          await close(id, specId, 'lapsed')
        } catch (error) {
          report(error, `ending the offer ${id}`) // one that fails does not keep the others' goods
        }
      }
      if (due.length < SWEEP_PAGE) break
    }
  }

  async function views(rows: WaitRow[]): Promise<Wait[]> {
    const shown: Wait[] = []
    for (const row of rows) {
      const spec = await goods.specIn(store.read, row.specId)
      if (!spec) continue
      const { productId, title, specName, photo, unit, priceFen } = spec
      const { id, specId, qty, askedAt, offerUntil } = row
      const state = row.state === 'offered' ? ('offered' as const) : ('waiting' as const)
      const before = state === 'waiting' ? await waits.before(store.read, row) : 0
      const goodsOf = { specId, productId, title, specName, photo, unit, priceFen }
      shown.push({ id, ...goodsOf, qty, state, askedAt, offerUntil, before })
    }
    return shown
  }
}
