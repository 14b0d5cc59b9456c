import type { Answer } from '../../shared/contract.ts'
import { MAX_PAYOUTS, type Batch, type getDue, type WholeBatch } from '../../shared/contracts/ledger.ts'
import { yuan } from '../../shared/money.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import type { Notices } from '../notices/notices.ts'
import { newId } from '../store/id.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import type { Audit, BankAccounts } from './bank-accounts.ts'
import type { Ledger } from './ledger.ts'
import { moneySheet, type Cell } from './money-sheet.ts'
import { dueOf, problemOf } from './payout.ts'
import { payoutStore, type BatchRow, type PayoutRow } from './payout-store.ts'
import { accounts } from './posting.ts'

const BATCHES = 50
const DEEDS = 50
/** Two officers who draw up at once line up. */
const HOT = { hot: 'payouts' }
const DEEDS_SHOWN = [
  'payout_drawn_up',
  'payout_sheet_made',
  'payout_first_yes',
  'payout_paid',
  'payout_not_paid',
  'payout_dropped'
]

export interface Neighbours {
  shopsByIds: (
    ids: string[]
  ) => Promise<ReadonlyMap<string, { name: string; hostId: string; hostName: string }>>
  namesOf: (ids: string[]) => Promise<ReadonlyMap<string, { name: string }>>
  audit: Audit
  auditOf: (
    subjects: readonly string[],
    actions: readonly string[],
    limit: number
  ) => PromiseLike<{ actorId: string; action: string; at: number; details: Record<string, unknown> }[]>
  /** Orders of which something is open: a complaint, goods on their way back, a refund that is not done. */
  openOrders: (on: Tx | Reader) => Promise<string[]>
  /** What the last check of the books found. */
  lastTroubles: () => Promise<number>
  tellIn: Notices['tellIn']
}

export type Payouts = ReturnType<typeof openPayouts>

/** 打款: what is due goes to the hosts’ banks in one sheet, and counts as paid when two people have said so. */
export function openPayouts({
  store,
  clock,
  ledger,
  bankAccounts,
  shopsByIds,
  namesOf,
  audit,
  auditOf,
  openOrders,
  lastTroubles,
  tellIn
}: {
  store: Store
  clock: Clock
  ledger: Pick<Ledger, 'postIn'>
  bankAccounts: Pick<BankAccounts, 'openIn'>
} & Neighbours) {
  const rows = payoutStore(store)

  /** Who would get what now, and who can’t. */
  async function dueNow(on: Tx | Reader) {
    const withoutOrders = await openOrders(on)
    const upTo = clock.now()
    const due = dueOf(await rows.due(on, upTo, withoutOrders))
    const banks = await rows.bank(on, [...due.keys()])
    const all = [...due].map(([shopId, { fen }]) => {
      const payee = banks.get(shopId)?.shown ?? ''
      return { shopId, fen, payee, problem: problemOf(fen, payee) }
    })
    // One batch has its bounds; the largest first, so that nobody with much waits for the next one.
    const paid = all
      .filter(({ problem }) => problem === '')
      .toSorted((a, b) => b.fen - a.fen || (a.shopId < b.shopId ? -1 : 1))
      .slice(0, MAX_PAYOUTS)
    return { all, paid, totalFen: paid.reduce((sum, { fen }) => sum + fen, 0), upTo, withoutOrders, banks }
  }

  async function mustBe(on: Tx | Reader, batchId: string): Promise<BatchRow> {
    const batch = await rows.batch(on, batchId)
    if (!batch) throw new Problem('no_such_batch')
    return batch
  }

  async function whole(me: Member, batchId: string): Promise<WholeBatch> {
    const batch = await mustBe(store.read, batchId)
    const its = await rows.payoutsOf(store.read, batchId)
    const shopIds = its.map(({ shopId }) => shopId)
    const [shops, banks, lines, deeds] = await Promise.all([
      shopsByIds(shopIds),
      rows.bank(store.read, shopIds),
      rows.linesIn(batchId),
      auditOf([batchId], DEEDS_SHOWN, DEEDS)
    ])
    const names = await namesOf(deeds.map(({ actorId }) => actorId))
    return {
      batch: await shown(batch, its.length),
      mine: batch.state === 'half_paid' && batch.firstBy === me.id,
      payouts: its.map(({ shopId, fen, payee }) => ({
        shopId,
        fen,
        payee,
        shopName: shops.get(shopId)?.name ?? '',
        hostName: shops.get(shopId)?.hostName ?? '',
        lines: lines.get(shopId) ?? 0,
        payeeChanged: isOpen(batch) && hasChanged(batch, payee, banks.get(shopId))
      })),
      deeds: deeds.map(({ action, actorId, at, details }) => ({
        what: action,
        byName: names.get(actorId)?.name ?? '',
        at,
        words: typeof details.words === 'string' ? details.words : ''
      }))
    }
  }

  async function shown(batch: BatchRow, shops: number): Promise<Batch> {
    const { id, state, totalFen, upTo, createdAt, createdBy, firstBy, firstAt, secondBy, secondAt } = batch
    const names = await namesOf([createdBy, firstBy, secondBy].filter(Boolean))
    const nameOf = (who: string) => names.get(who)?.name ?? ''
    return {
      id,
      state,
      totalFen,
      shops,
      upTo,
      createdAt,
      createdByName: nameOf(createdBy),
      firstByName: nameOf(firstBy),
      firstAt,
      secondByName: nameOf(secondBy),
      secondAt
    }
  }

  return {
    async due(): Promise<Answer<typeof getDue>> {
      const { all, totalFen, withoutOrders, banks } = await dueNow(store.read)
      const shops = await shopsByIds(all.map(({ shopId }) => shopId))
      const last = await rows.lastBatchOf(all.map(({ shopId }) => shopId))
      return {
        items: all
          .map(({ shopId, ...rest }) => ({
            shopId,
            shopName: shops.get(shopId)?.name ?? '',
            hostName: shops.get(shopId)?.hostName ?? '',
            ...rest,
            newPayee: (banks.get(shopId)?.updatedAt ?? 0) > (last.get(shopId) ?? Number.MAX_SAFE_INTEGER)
          }))
          .toSorted((a, b) => b.fen - a.fen)
          .slice(0, 2 * MAX_PAYOUTS),
        totalFen,
        heldOrders: withoutOrders.length,
        demoFen: await rows.demoOwed(),
        troubles: await lastTroubles()
      }
    },

    /** Draws up a batch of what is due; throws `payout_changed` when that is not what she saw, `nothing_due`. */
    async drawUp(officer: Member, totalFen: number): Promise<WholeBatch> {
      const id = await store.tx(async (tx) => {
        const due = await dueNow(tx)
        if (!due.paid.length) throw new Problem('nothing_due')
        if (due.totalFen !== totalFen) throw new Problem('payout_changed', { totalFen: due.totalFen })
        const { paid, upTo, withoutOrders } = due
        const now = clock.now()
        const batchId = newId(now)
        const its: PayoutRow[] = paid.map(({ shopId, fen, payee }) => ({ batchId, shopId, fen, payee }))
        await rows.addBatch(
          tx,
          { ...NEW_BATCH, id: batchId, totalFen, upTo, createdBy: officer.id, createdAt: now },
          its
        )
        const shopIds = paid.map(({ shopId }) => shopId)
        await rows.takeInto(tx, { batchId, shopIds, upTo, withoutOrders })
        await note(tx, officer, batchId, 'payout_drawn_up')
        return batchId
      }, HOT)
      return whole(officer, id)
    },

    async list(after?: string): Promise<Batch[]> {
      const from = after === undefined ? undefined : await mustBe(store.read, after)
      const found = await rows.batches(from, BATCHES)
      const counts = await rows.shopsIn(found.map(({ id }) => id))
      return Promise.all(found.map((batch) => shown(batch, counts.get(batch.id) ?? 0)))
    },

    whole,

    /**
     * The batch for the bank, with whole account numbers. Throws `payee_changed` where somebody has another account by
     * now: such a batch is dropped and drawn up anew.
     */
    async sheet(officer: Member, batchId: string): Promise<Buffer> {
      const its = await store.tx(async (tx) => {
        const batch = await mustBe(tx, batchId)
        if (batch.state === 'dropped') throw new Problem('batch_over')
        const payouts = await rows.payoutsOf(tx, batchId)
        const shopIds = payouts.map(({ shopId }) => shopId)
        const banks = await rows.bank(tx, shopIds)
        const changed = payouts.find(({ shopId, payee }) => hasChanged(batch, payee, banks.get(shopId)))
        if (changed) throw new Problem('payee_changed', { shopId: changed.shopId, payee: changed.payee })
        const opened = await bankAccounts.openIn(tx, shopIds)
        await note(tx, officer, batchId, 'payout_sheet_made')
        return payouts.map((payout, i) => ({ ...payout, ...opened[i]! }))
      })
      return moneySheet(
        '打款',
        ['序号', '收款户名', '收款账号', '开户行', '金额（元）', '用途'],
        its.map(({ holder, number, bank, fen }, i): Cell[] => [
          String(i + 1),
          holder,
          number,
          bank,
          { fen },
          `货款 ${batchId}`
        ])
      )
    },

    /** The first says so, then a second one; the table itself refuses the same person twice. */
    async markPaid(officer: Member, batchId: string): Promise<WholeBatch> {
      const shopIds = (await rows.payoutsOf(store.read, batchId)).map(({ shopId }) => shopId)
      const shops = await shopsByIds(shopIds)
      await store.tx(
        async (tx) => {
          const now = clock.now()
          const first = { state: 'half_paid', firstBy: officer.id, firstAt: now } as const
          if (await rows.move(tx, batchId, ['drawn_up'], first))
            return note(tx, officer, batchId, 'payout_first_yes')
          const second = { state: 'paid', secondBy: officer.id, secondAt: now } as const
          if (!(await rows.move(tx, batchId, ['half_paid'], second, officer.id))) {
            const { state } = await mustBe(tx, batchId)
            throw new Problem(state === 'half_paid' ? 'second_person' : 'batch_over')
          }
          await postPaid(tx, officer, batchId, shops)
          return note(tx, officer, batchId, 'payout_paid')
        },
        { hot: `payout:${batchId}` }
      )
      return whole(officer, batchId)
    },

    /** Somebody said so too early. */
    async markNotPaid(officer: Member, batchId: string, words: string): Promise<WholeBatch> {
      await store.tx(async (tx) => {
        const before = { state: 'drawn_up', firstBy: '', firstAt: 0 } as const
        if (await rows.move(tx, batchId, ['half_paid'], before))
          await note(tx, officer, batchId, 'payout_not_paid', words)
        else if ((await mustBe(tx, batchId)).state !== 'drawn_up') throw new Problem('batch_over')
      })
      return whole(officer, batchId)
    },

    /** What was in it is due again. */
    async drop(officer: Member, batchId: string, words: string): Promise<WholeBatch> {
      await store.tx(async (tx) => {
        if (!(await rows.move(tx, batchId, ['drawn_up'], { state: 'dropped' }))) {
          const { state } = await mustBe(tx, batchId)
          throw new Problem(state === 'half_paid' ? 'batch_half_paid' : 'batch_over')
        }
        await rows.giveBack(tx, batchId)
        await note(tx, officer, batchId, 'payout_dropped', words)
      })
      return whole(officer, batchId)
    }
  }

  /** What was owed to each host is with her bank. */
  async function postPaid(
    tx: Tx,
    officer: Member,
    batchId: string,
    shops: ReadonlyMap<string, { hostId: string }>
  ): Promise<void> {
    const shares = dueOf(await rows.inBatch(tx, batchId))
    for (const { shopId, fen, payee } of await rows.payoutsOf(tx, batchId)) {
      const share = shares.get(shopId)
      if (share?.fen !== fen) throw new Error(`batch ${batchId} pays ${shopId} something else than its lines`)
      await ledger.postIn(tx, {
        key: `payout:${batchId}:${shopId}`,
        kind: 'payout',
        orderId: '',
        shopId,
        test: false,
        words: payee,
        actorId: officer.id,
        entries: [...share.accounts, { account: accounts.payout(batchId), fen: -fen }]
      })
      const memberId = shops.get(shopId)?.hostId
      const about = { yuan: yuan(fen), payee }
      if (memberId) await tellIn(tx, { memberId, kind: 'paid_out', about, href: '/studio/money' })
    }
  }

  async function note(tx: Tx, officer: Member, batchId: string, action: string, words = '') {
    const details = words ? { words: words.trim() } : {}
    await audit(tx, { actorId: officer.id, action, subject: batchId, details })
  }
}

const NEW_BATCH = {
  state: 'drawn_up',
  firstBy: '',
  firstAt: 0,
  secondBy: '',
  secondAt: 0,
  version: 1
} as const

const isOpen = ({ state }: BatchRow) => state === 'drawn_up' || state === 'half_paid'

/** Her account is another one than when the batch was drawn up, though it may end in the same digits. */
const hasChanged = (
  { createdAt, state }: BatchRow,
  payee: string,
  bank: { shown: string; updatedAt: number } | undefined
) => state !== 'paid' && (bank?.shown !== payee || bank.updatedAt > createdAt)
