import type { Answer, QueryOf } from '../../shared/contract.ts'
import {
  STATEMENT_PAGE,
  type exportStatement,
  type getMoneyOfOrder,
  type getStatement,
  type StatementLine
} from '../../shared/contracts/ledger.ts'
import type { OrderState } from '../../shared/contracts/orders.ts'
import type { Unit } from '../../shared/contracts/catalogue.ts'
import { dayOf } from '../../shared/day.ts'
import { Problem } from '../../shared/problems.ts'
import type { Member } from '../members/member.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import type { BankAccounts } from './bank-accounts.ts'
import type { OrderMoney } from './ledger.ts'
import { moneySheet, moneyText, type Cell } from './money-sheet.ts'
import { payoutStore } from './payout-store.ts'
import { paidOutBy, shareOf, type FeeRule } from './posting.ts'
import { totalOf, whereOf, wordsOf } from './statement.ts'
import { ledgerStore, type Part, type PostingRow } from './store.ts'

const PAYOUTS_SHOWN = 24
/** A longer one is asked for payout by payout. */
const SHEET_LINES = 5_000
const SHEET_PAGE = 500

/** What a statement asks of orders besides their money. */
export interface OrderWords extends OrderMoney {
  title: string
  buyer: string
  lines: readonly (OrderMoney['lines'][number] & { title: string; specName: string; unit: Unit })[]
}

export type WordsOf = (on: Tx | Reader, orderIds: readonly string[]) => Promise<Map<string, OrderWords>>

type Asked = QueryOf<typeof exportStatement>

export type Statements = ReturnType<typeof openStatements>

/** 对账单: what a host’s shop brought, line by line, and what of it is when on her bank account. */
export function openStatements({
  store,
  fee,
  shopOf,
  orderWords,
  bankAccounts,
  demoOnly
}: {
  store: Store
  fee: FeeRule
  shopOf: (hostId: string) => Promise<{ id: string } | undefined>
  orderWords: WordsOf
  bankAccounts: Pick<BankAccounts, 'shownOf'>
  /** No real money can move here at all. */
  demoOnly: () => boolean
}) {
  const rows = ledgerStore(store)
  const payouts = payoutStore(store)

  async function myShop(me: Member): Promise<string> {
    const shop = await shopOf(me.id)
    if (!shop) throw new Problem('no_such_shop')
    return shop.id
  }

  /** Only real money is ever in a batch. */
  const bookOf = ({ book, batchId }: Asked) => (batchId ? 'real' : (book ?? (demoOnly() ? 'demo' : 'real')))

  async function partOf(shopId: string, { part = 'all', batchId }: Asked): Promise<Part> {
    if (!batchId) return { is: part }
    if (!(await payouts.ofShop(shopId, PAYOUTS_SHOWN)).some(({ batch }) => batch.id === batchId))
      throw new Problem('no_such_batch')
    return { is: 'batch', batchId }
  }

  async function linesOf(shopId: string, found: readonly PostingRow[]): Promise<StatementLine[]> {
    const [entries, orders] = await Promise.all([
      rows.entriesOf(
        store.read,
        found.map(({ id }) => id)
      ),
      orderWords(store.read, [...new Set(found.map(({ orderId }) => orderId).filter(Boolean))])
    ])
    const entriesOf = Map.groupBy(entries, ({ postingId }) => postingId)
    return found.map((posting) => {
      const { id, at, kind, orderId, words } = posting
      const its = entriesOf.get(id) ?? []
      return {
        id,
        at,
        kind,
        orderId,
        words,
        title: orders.get(orderId)?.title ?? '',
        share: shareOf(its, shopId),
        where: whereOf(posting),
        batchId: posting.batchId || paidOutBy(its)
      }
    })
  }

  async function everything(me: Member, asked: Asked): Promise<StatementLine[]> {
    const shopId = await myShop(me)
    const part = await partOf(shopId, asked)
    const lines: StatementLine[] = []
    for (let from: PostingRow | undefined; ;) {
      const page = await rows.ofShopQuery({ shopId, test: bookOf(asked) === 'demo', part }, from, SHEET_PAGE)
      lines.push(...(await linesOf(shopId, page)))
      if (lines.length > SHEET_LINES) throw new Problem('sheet_too_long', { rows: SHEET_LINES })
      if (page.length < SHEET_PAGE) return lines
      from = page.at(-1)
    }
  }

  return {
    async mine(me: Member, asked: QueryOf<typeof getStatement>): Promise<Answer<typeof getStatement>> {
      const shopId = await myShop(me)
      const book = bookOf(asked)
      const test = book === 'demo'
      const from = asked.after === undefined ? undefined : await rows.one(store.read, asked.after)
      if (asked.after !== undefined && from?.shopId !== shopId)
        throw new Problem('bad_input', { field: '/after' })
      const part = await partOf(shopId, asked)
      const [found, waiting, due, paidOut, other, bank] = await Promise.all([
        rows.ofShopQuery({ shopId, test, part }, from, STATEMENT_PAGE),
        rows.shareOfShop({ shopId, test, part: { is: 'waiting' } }),
        rows.shareOfShop({ shopId, test, part: { is: 'due' } }),
        test ? [] : payouts.ofShop(shopId, PAYOUTS_SHOWN),
        rows.ofShopQuery({ shopId, test: !test, part: { is: 'all' } }, undefined, 1),
        bankAccounts.shownOf(shopId)
      ])
      return {
        book,
        both: other.length > 0,
        waiting,
        due,
        payouts: paidOut.map(({ payout: { fen, payee }, batch }) => ({
          batchId: batch.id,
          fen,
          payee,
          state: batch.state,
          at: batch.secondAt || batch.createdAt
        })),
        ...(bank && { bank }),
        feePermyriad: fee.permyriad,
        items: await linesOf(shopId, found)
      }
    },

    /** One order as money. Problem no_such_order, also for somebody else’s. */
    async ofOrder(me: Member, orderId: string): Promise<Answer<typeof getMoneyOfOrder>> {
      const shopId = await myShop(me)
      const order = (await orderWords(store.read, [orderId])).get(orderId)
      const written = order?.shopId === shopId ? await rows.ofOrders(store.read, [orderId]) : []
      if (!order || !written.length) throw new Problem('no_such_order')
      const items = await linesOf(shopId, written)
      const paidBy = (who: 'host' | 'union') =>
        order.coupons.reduce((sum, { payer, offFen }) => sum + (payer === who ? offFen : 0), 0)
      return {
        orderId,
        state: order.state as OrderState,
        buyer: order.buyer,
        test: order.test,
        paidAt: order.paidAt ?? 0,
        goods: order.lines.map(({ specId, title, specName, unit, qty, priceFen, offFen, refundedFen }) => ({
          specId,
          title,
          specName,
          unit,
          qty,
          priceFen,
          offFen,
          refundedFen
        })),
        hostCouponFen: paidBy('host'),
        unionCouponFen: paidBy('union'),
        freightFen: order.freightFen,
        payFen: order.payFen,
        refundedFen: order.refundedFen,
        fen: totalOf(items.map(({ share }) => share)).fen,
        items
      }
    },

    sheet: async (me: Member, asked: Asked) =>
      moneySheet('对账单', HEADINGS, rowsOf(await everything(me, asked), bookOf(asked))),
    text: async (me: Member, asked: Asked) =>
      moneyText(HEADINGS, rowsOf(await everything(me, asked), bookOf(asked)))
  }
}

const HEADINGS = [
  '日期',
  '事由',
  '说明',
  '订单号',
  '买家付货款',
  '工会补券',
  '运费',
  '工会费',
  '打到银行',
  '合计',
  '现在'
]

/** The lines and, under them, what they come to. */
function rowsOf(lines: readonly StatementLine[], book: string): Cell[][] {
  const demo = book === 'demo' ? '演示' : ''
  const money = (share: StatementLine['share']): Cell[] =>
    [share.buyerFen, share.couponFen, share.freightFen, share.feeFen, share.paidOutFen, share.fen].map(
      (fen) => ({ fen })
    )
  return [
    ...lines.map((line) => {
      const { kind, about, where } = wordsOf(line)
      return [dayOf(line.at), demo + kind, about, line.orderId, ...money(line.share), where]
    }),
    ['', `${demo}合计`, '', '', ...money(totalOf(lines.map(({ share }) => share))), '']
  ]
}
