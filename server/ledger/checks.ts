import { MAX_TROUBLES, type BookCheck, type BookTrouble } from '../../shared/contracts/ledger.ts'
import type { Clock } from '../clock.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import type { Audit } from './bank-accounts.ts'
import { added, differing, NO_ACCOUNTS, trouble, wholeOf } from './check.ts'
import { backOf, saleKey, type MoneyOf } from './ledger.ts'
import { nextNight } from './night.ts'
import { dueOf } from './payout.ts'
import { payoutStore, type BatchRow } from './payout-store.ts'
import { accounts, gathered, standing, sumOf } from './posting.ts'
import { ledgerStore, type PostingRow } from './store.ts'

const CHECK_JOB = 'ledger_check'
/** How often we see to it that tonight’s check stands in the book of jobs. */
const PLAN_MS = 10 * 60_000
const PAGE = 200
const CHECKS_SHOWN = 30
/** Who writes the lines of the audit, and what they are about. */
const LEDGER = 'ledger'
const CHECKED = 'books_checked'

export interface Neighbours {
  /** Whether the orders from before there was a ledger are in it. */
  olderAreIn: () => Promise<boolean>
  moneyOf: MoneyOf
  /** Orders that were paid, in the order of their ids. */
  paidAfter: (on: Tx | Reader, after: string, limit: number) => Promise<string[]>
  paidAmong: (on: Tx | Reader, orderIds: readonly string[]) => Promise<Set<string>>
  /** The payments behind these orders: what they took and gave back, and what the orders they paid say. */
  paymentsBehind: (
    on: Tx | Reader,
    orderIds: readonly string[]
  ) => Promise<
    {
      paymentId: string
      /** One of those that it paid. */
      orderId: string
      amountFen: number
      refundedFen: number
      payFen: number
      backFen: number
    }[]
  >
  /** What the refunds of these orders come to that did not fail. */
  refundedOf: (on: Tx | Reader, orderIds: readonly string[]) => Promise<Map<string, number>>
  audit: Audit
  auditOf: (
    subjects: readonly string[],
    actions: readonly string[],
    limit: number
  ) => PromiseLike<{ details: Record<string, unknown> }[]>
  /** Something about money that a person has to look at. */
  alert: (
    tx: Tx,
    line: { action: string; subject: string; details: Record<string, unknown> }
  ) => Promise<void>
}

export type Checks = ReturnType<typeof openChecks>

/** Every night: does every posting sum to 0, and do the books say what orders, refunds and payments say? */
export function openChecks({
  store,
  clock,
  jobs,
  olderAreIn,
  moneyOf,
  paidAfter,
  paidAmong,
  paymentsBehind,
  refundedOf,
  audit,
  auditOf,
  alert
}: { store: Store; clock: Clock; jobs: Jobs } & Neighbours) {
  const rows = ledgerStore(store)
  const payouts = payoutStore(store)

  jobs.on(CHECK_JOB, async () => {
    if (!(await olderAreIn())) throw new Error('older orders are not in the ledger yet') // later tonight
    await now()
  })
  jobs.every('tonight’s check of the books', PLAN_MS, async () => {
    const { day, at } = nextNight(clock.now())
    await store.tx((tx) => jobs.add(tx, CHECK_JOB, {}, { id: `${CHECK_JOB}-${day}`, runAt: at }))
  })

  /** Looks at everything, page by page, while the shop goes on selling. */
  async function now(): Promise<BookCheck> {
    const at = clock.now()
    const troubles: BookTrouble[] = []
    const note = (found: BookTrouble[]) =>
      void troubles.push(...found.slice(0, MAX_TROUBLES - troubles.length))
    let orders = 0
    await eachPage(
      '',
      (after) => paidAfter(store.read, after, PAGE),
      (id) => id,
      async (ids) => {
        orders += ids.length
        note(await surely(ids, ordersWrong))
      }
    )
    let postings = 0
    const sums = { real: NO_ACCOUNTS, demo: NO_ACCOUNTS }
    await eachPage(
      '',
      (after) => rows.after(store.read, after, PAGE),
      (posting) => posting.id,
      async (some) => {
        postings += some.length
        note(await postingsWrong(some, sums))
      }
    )
    for (const book of [sums.real, sums.demo])
      if (wholeOf(book) !== 0)
        note([trouble('book_off', book === sums.real ? 'real' : 'demo', 0, wholeOf(book))])
    await eachPage(
      '',
      (after) => payouts.batchesAfter(store.read, after, PAGE),
      (batch) => batch.id,
      async (some) => note(await batchesWrong(some))
    )
    const check: BookCheck = { at, orders, postings, ...sums, troubles }
    await store.tx(async (tx) => {
      await audit(tx, { actorId: LEDGER, action: CHECKED, subject: LEDGER, details: { ...check } })
      if (!troubles.length) return
      const details = { troubles: troubles.length, first: troubles[0]!.subject }
      await alert(tx, { action: 'books_differ', subject: LEDGER, details })
    })
    return check
  }

  /** What looks wrong is looked at once more in one unit: an order that was paid between two reads is not wrong. */
  async function surely(
    ids: string[],
    look: (on: Tx | Reader, ids: string[]) => Promise<Map<string, BookTrouble[]>>
  ): Promise<BookTrouble[]> {
    const suspects = [...(await look(store.read, ids)).keys()].slice(0, MAX_TROUBLES)
    if (!suspects.length) return []
    return [...(await store.tx((tx) => look(tx, suspects))).values()].flat()
  }

  async function ordersWrong(on: Tx | Reader, ids: string[]): Promise<Map<string, BookTrouble[]>> {
    const money = await moneyOf(on, ids)
    const written = await rows.ofOrders(on, ids)
    const entries = await rows.entriesOf(
      on,
      written.map(({ id }) => id)
    )
    const refunds = await refundedOf(on, ids)
    const entriesOf = Map.groupBy(entries, ({ postingId }) => postingId)
    const writtenOf = Map.groupBy(written, ({ orderId }) => orderId)
    const wrong = new Map<string, BookTrouble[]>()
    const note = (id: string, found: BookTrouble[]) =>
      found.length && wrong.set(id, [...(wrong.get(id) ?? []), ...found])
    for (const [id, order] of money) {
      const its = writtenOf.get(id) ?? []
      const sale = its.find(({ key }) => key === saleKey(id))
      if (!sale) {
        note(id, [trouble('no_sale', id, order.payFen, 0)])
        continue
      }
      const fee = sumOf((entriesOf.get(sale.id) ?? []).filter(({ account }) => account === accounts.fee))
      const found = its.flatMap((posting) => entriesOf.get(posting.id) ?? [])
      note(id, differing(id, standing(order, 0 - fee, backOf(order)), gathered(found)))
      // Refunds from before there was a ledger have no rows of their own.
      const isOlder = its.some(({ key }) => key.startsWith('refund-older:'))
      const refunded = refunds.get(id) ?? 0
      if (!isOlder && refunded !== order.refundedFen)
        note(id, [trouble('refunds_differ', id, order.refundedFen, refunded)])
    }
    for (const { paymentId, orderId, ...each } of await paymentsBehind(on, ids)) {
      if (each.amountFen !== each.payFen)
        note(orderId, [trouble('payment_differs', paymentId, each.amountFen, each.payFen)])
      // Less is on its way, or was paid back by hand; more was paid back by somebody who is none of us.
      if (each.refundedFen > each.backFen)
        note(orderId, [trouble('payment_differs', paymentId, each.refundedFen, each.backFen)])
    }
    return wrong
  }

  async function postingsWrong(
    some: PostingRow[],
    sums: Pick<BookCheck, 'real' | 'demo'>
  ): Promise<BookTrouble[]> {
    const entries = await rows.entriesOf(
      store.read,
      some.map(({ id }) => id)
    )
    const paid = await paidAmong(store.read, [...new Set(some.map(({ orderId }) => orderId).filter(Boolean))])
    const entriesOf = Map.groupBy(entries, ({ postingId }) => postingId)
    return some.flatMap(({ id, key, test, orderId }) => {
      const its = entriesOf.get(id) ?? []
      const book = test ? 'demo' : 'real'
      sums[book] = added(sums[book], its)
      const over = sumOf(its)
      const isMixed = its.some((entry) => entry.test !== test)
      return [
        ...(over !== 0 || isMixed ? [trouble('posting_off', key, 0, over)] : []),
        ...(orderId && !paid.has(orderId) ? [trouble('no_order', key, 0, 0)] : [])
      ]
    })
  }

  async function batchesWrong(some: BatchRow[]): Promise<BookTrouble[]> {
    const found: BookTrouble[] = []
    for (const { id, state, totalFen } of some) {
      const shares = dueOf(await payouts.inBatch(store.read, id))
      const its = await payouts.payoutsOf(store.read, id)
      const lines = [...shares.values()].reduce((sum, { fen }) => sum + fen, 0)
      const paid = its.reduce((sum, { fen }) => sum + fen, 0)
      if (paid !== totalFen) found.push(trouble('batch_differs', id, totalFen, paid))
      if (lines !== (state === 'dropped' ? 0 : totalFen))
        found.push(trouble('batch_differs', id, state === 'dropped' ? 0 : totalFen, lines))
    }
    return found
  }

  return {
    now,

    /** What was found lately, newest first. */
    async lately(): Promise<BookCheck[]> {
      const lines = await auditOf([LEDGER], [CHECKED], CHECKS_SHOWN)
      return lines.map(({ details }) => details as unknown as BookCheck)
    }
  }
}

/** Page after page; between two of them everybody else has a turn. */
async function eachPage<Row>(
  from: string,
  page: (after: string) => Promise<Row[]>,
  idOf: (row: Row) => string,
  look: (rows: Row[]) => Promise<void>
) {
  for (let after = from; ;) {
    const found = await page(after)
    if (found.length) await look(found)
    if (found.length < PAGE) return
    after = idOf(found.at(-1)!)
    await new Promise(setImmediate)
  }
}
