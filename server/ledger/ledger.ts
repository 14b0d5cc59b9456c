import type { Clock } from '../clock.ts'
import { newId } from '../store/id.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import {
  accounts,
  gathered,
  negative,
  NOTHING_BACK,
  refundEntries,
  saleEntries,
  standing,
  sumOf,
  taken,
  together,
  type Back,
  type Entry,
  type FeeRule,
  type Sold
} from './posting.ts'
import { ledgerStore, type PostingRow } from './store.ts'

/** Who did what nobody did: the clock. */
const NOBODY = ''
/** Before there was a ledger, no union kept a fee. */
const NO_FEE: FeeRule = { permyriad: 0 }
const WORDS_CHARS = 120

/** What an order says of its money now. */
export interface OrderMoney extends Sold {
  orderId: string
  /** Money of the demo cashier. */
  test: boolean
  state: string
  payFen: number
  refundedFen: number
  paidAt: number | null
  doneAt: number | null
  /** When nothing of it was left. */
  closedAt: number | null
  lines: readonly (Sold['lines'][number] & { refundedQty: number; refundedFen: number })[]
}

/** Answers what is known of these orders; one that nobody knows is missing. */
export type MoneyOf = (on: Tx | Reader, orderIds: readonly string[]) => Promise<Map<string, OrderMoney>>

/** Something that happened to money; its entries sum to 0. */
export interface Posting extends Pick<
  PostingRow,
  'key' | 'kind' | 'orderId' | 'shopId' | 'test' | 'words' | 'actorId'
> {
  entries: readonly Entry[]
  /** Since when the host’s share of it may be paid out. */
  dueAt?: number
  /** Left out: now. */
  at?: number
}

/** One act of paying back, as order_refunds has it. */
export interface RefundAct {
  orderId: string
  refundId: string
  lines: Back['lines']
  freightFen: number
  words: string
  actorId: string
}

export type Ledger = ReturnType<typeof openLedger>

/** 分录: what happened to money, in two places at once, in the unit in which it happened. */
export function openLedger({
  store,
  clock,
  fee,
  moneyOf
}: {
  store: Store
  clock: Clock
  fee: FeeRule
  moneyOf: MoneyOf
}) {
  const rows = ledgerStore(store)

  /** Writes one posting; the same key twice is written once. Throws where its entries do not sum to 0. */
  async function postIn(
    tx: Tx,
    { entries, dueAt = 0, at = clock.now(), ...posting }: Posting
  ): Promise<boolean> {
    const over = sumOf(entries)
    if (over !== 0) throw new Error(`posting ${posting.key} is ${over} fen off`)
    const words = Array.from(posting.words).slice(0, WORDS_CHARS).join('')
    return rows.add(tx, { ...posting, words, id: newId(at), at, dueAt, batchId: '' }, entries)
  }

  /** An order was paid, also one with nothing to pay. */
  async function saleIn(tx: Tx, orderId: string, actorId = NOBODY): Promise<void> {
    await writeSale(tx, orderId, actorId, fee)
  }

  /** An order from before there was a ledger; one that is written already stays as it is. */
  const olderSaleIn = (tx: Tx, orderId: string) => writeSale(tx, orderId, NOBODY, NO_FEE)

  async function writeSale(tx: Tx, orderId: string, actorId: string, rule: FeeRule): Promise<void> {
    if (await rows.byKey(tx, saleKey(orderId))) return
    const money = await known(tx, orderId)
    const { shopId, test } = money
    await postIn(tx, {
      key: saleKey(orderId),
      kind: 'sale',
      orderId,
      shopId,
      test,
      words: '',
      actorId,
      entries: saleEntries(money, rule),
      at: money.paidAt ?? clock.now()
    })
  }

  /** An order was done, or wholly paid back: what it brought may go to the host’s bank with the next batch. */
  async function doneIn(tx: Tx, orderId: string, at = clock.now()): Promise<void> {
    await rows.due(tx, orderId, at)
  }

  /**
   * Part of an order is paid back. The rows of the order say so already: what is written is what they say now, less
   * what they said without this refund.
   */
  async function refundIn(tx: Tx, act: RefundAct): Promise<void> {
    const money = await known(tx, act.orderId)
    const after = backOf(money)
    await backIn(tx, money, `refund:${act.refundId}`, act, together(after, taken(act)), after)
  }

  /** The gateway would not pay it back, so it was paid some other way: its money is still with the gateway. */
  async function byHandIn(
    tx: Tx,
    { orderId, refundId, words, actorId }: RefundAct,
    fen: number
  ): Promise<void> {
    const { gateway, test } = await known(tx, orderId)
    // Of no order: what order and host have of it was written when it was asked for.
    await postIn(tx, {
      key: `refund-by-hand:${refundId}`,
      kind: 'correction',
      orderId: '',
      shopId: '',
      test,
      words,
      actorId,
      entries: [
        { account: accounts.cash(gateway), fen },
        { account: accounts.cash('hand'), fen: -fen }
      ]
    })
  }

  /** An order is over: what was paid back by nobody of ours is written too, and what it brought is due. */
  async function refundedIn(tx: Tx, orderId: string): Promise<void> {
    const money = await known(tx, orderId)
    await olderSaleIn(tx, orderId)
    const written = await rows.ofOrders(tx, [orderId])
    const its = await rows.entriesOf(
      tx,
      written.map(({ id }) => id)
    )
    const sale = written.find(({ key }) => key === saleKey(orderId))!
    const feeFen =
      0 - sumOf(its.filter(({ postingId, account }) => postingId === sale.id && account === accounts.fee))
    const rest = gathered([...standing(money, feeFen, backOf(money)), ...negative(its)])
    const { shopId, test } = money
    if (rest.length) {
      const about = { orderId, shopId, test, words: '在收款渠道那边退的', actorId: NOBODY }
      await postIn(tx, { ...about, key: `refund-rest:${orderId}`, kind: 'refund', entries: rest })
    }
    await doneIn(tx, orderId)
  }

  async function backIn(
    tx: Tx,
    money: OrderMoney,
    key: string,
    { words, actorId }: Pick<RefundAct, 'words' | 'actorId'>,
    before: Back,
    after: Back,
    at = clock.now()
  ) {
    const { orderId, shopId, test } = money
    await olderSaleIn(tx, orderId)
    const sale = (await rows.byKey(tx, saleKey(orderId)))!
    const entries = refundEntries(money, await feeFenOf(tx, sale), before, after)
    if (!entries.length) return
    const dueAt = sale.dueAt ? at : 0
    await postIn(tx, { key, kind: 'refund', orderId, shopId, test, words, actorId, entries, dueAt, at })
  }

  /** What the union kept of a sale. */
  async function feeFenOf(on: Tx | Reader, sale: PostingRow): Promise<number> {
    const its = await rows.entriesOf(on, [sale.id])
    return 0 - sumOf(its.filter(({ account }) => account === accounts.fee))
  }

  async function known(on: Tx | Reader, orderId: string): Promise<OrderMoney> {
    const money = (await moneyOf(on, [orderId])).get(orderId)
    if (!money) throw new Error(`no order ${orderId} to write into the ledger`)
    return money
  }

  return {
    postIn,
    saleIn,
    doneIn,
    refundIn,
    byHandIn,
    refundedIn,

    /** An order that was paid before there was a ledger: what it would say of it, once. */
    async olderIn(tx: Tx, orderId: string): Promise<void> {
      await olderSaleIn(tx, orderId)
      const money = await known(tx, orderId)
      const { refundedFen, state, doneAt, closedAt } = money
      const overAt = doneAt ?? closedAt ?? clock.now()
      const written = await rows.ofOrders(tx, [orderId])
      const isOlder = written.every(({ kind }) => kind === 'sale')
      if (isOlder && refundedFen > 0) {
        const act = { words: '', actorId: NOBODY }
        await backIn(tx, money, `refund-older:${orderId}`, act, NOTHING_BACK, backOf(money), overAt)
      }
      if (state === 'done' || state === 'refunded') await doneIn(tx, orderId, overAt)
    }
  }
}

export const saleKey = (orderId: string) => `sale:${orderId}`

/** What of an order has been given back in all, as its rows say. */
export function backOf({ lines, refundedFen }: OrderMoney): Back {
  const goodsFen = lines.reduce((sum, line) => sum + line.refundedFen, 0)
  return {
    lines: lines.map(({ specId, refundedQty: qty, refundedFen: fen }) => ({ specId, qty, fen })),
    freightFen: refundedFen - goodsFen
  }
}
