import type { Shops } from '../catalogue/shops.ts'
import type { Clock } from '../clock.ts'
import type { Http } from '../http/http.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Members } from '../members/members.ts'
import { openTakings } from '../orders/takings.ts'
import type { Notices } from '../notices/notices.ts'
import type { Payment } from '../payments/payment.ts'
import type { Seal } from '../seal.ts'
import type { Settings } from '../settings.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { openBankAccounts } from './bank-accounts.ts'
import { openChecks, type Neighbours as CheckNeighbours } from './checks.ts'
import { openLedger } from './ledger.ts'
import { openOlder } from './older.ts'
import { openPayouts, type Neighbours as PayoutNeighbours } from './payouts.ts'
import { ledgerRoutes } from './routes.ts'
import { openStatements, type OrderWords } from './statements.ts'

export interface BookGround
  extends Pick<CheckNeighbours, 'refundedOf' | 'alert'>, Pick<PayoutNeighbours, 'openOrders'> {
  http: Http
  store: Store
  clock: Clock
  jobs: Jobs
  seal: Seal
  notices: Pick<Notices, 'tellIn'>
  settings: Pick<Settings, 'unionFeePermyriad'>
  members: Pick<Members, 'namesOf' | 'audit' | 'auditOf'>
  shops: Pick<Shops, 'shopOf' | 'shopsByIds'>
  payments: {
    byIds(on: Tx | Reader, paymentIds: readonly string[]): Promise<Payment[]>
    testOnly(): boolean
  }
}

/** The ledger with what is made of it: statements, payouts, and the nightly look at all of it. */
export function openBookkeeping(ground: BookGround) {
  const { http, store, clock, jobs, seal, settings, members, shops, payments } = ground
  const { refundedOf, openOrders, alert } = ground
  const { namesOf, audit, auditOf } = members
  const { shopOf, shopsByIds } = shops
  const { tellIn } = ground.notices
  const takings = openTakings(store)
  const fee = { permyriad: settings.unionFeePermyriad }
  const orderWords = wordsOf(takings, payments)

  const ledger = openLedger({ store, clock, fee, moneyOf: orderWords })
  const older = openOlder({ store, jobs, ledger, paidAfter: takings.paidAfter })
  const bankAccounts = openBankAccounts({ store, clock, seal, shopOf, audit, tellIn })
  const demoOnly = payments.testOnly
  const statements = openStatements({ store, fee, shopOf, orderWords, bankAccounts, demoOnly })
  const checks = openChecks({
    store,
    clock,
    jobs,
    olderAreIn: older.areIn,
    moneyOf: orderWords,
    paidAfter: takings.paidAfter,
    paidAmong: takings.paidAmong,
    paymentsBehind: paymentsBehind(takings, payments),
    refundedOf,
    audit,
    auditOf,
    alert
  })
  const payouts = openPayouts({
    store,
    clock,
    ledger,
    bankAccounts,
    shopsByIds,
    namesOf,
    audit,
    auditOf,
    openOrders,
    lastTroubles: async () => (await checks.lately())[0]?.troubles.length ?? 0,
    tellIn
  })
  ledgerRoutes(http, { statements, payouts, bankAccounts, checks })
  return { ...ledger, statements, payouts, bankAccounts, checks }
}

type Takings = ReturnType<typeof openTakings>

/** What orders say of their money, and who took it. */
function wordsOf(takings: Takings, payments: BookGround['payments']) {
  return async (on: Tx | Reader, orderIds: readonly string[]): Promise<Map<string, OrderWords>> => {
    const found = await takings.of(on, orderIds)
    const ids = [...found.values()].map(({ paymentId }) => paymentId).filter(Boolean)
    const gateways = new Map(
      (await payments.byIds(on, [...new Set(ids)])).map(({ id, gateway }) => [id, gateway])
    )
    return new Map(
      [...found].map(([orderId, { paymentId, ...order }]) => [
        orderId,
        {
          ...order,
          orderId,
          gateway: gateways.get(paymentId) ?? (order.payFen === 0 ? '' : order.test ? 'sandbox' : 'unknown')
        }
      ])
    )
  }
}

function paymentsBehind(
  takings: Takings,
  payments: BookGround['payments']
): CheckNeighbours['paymentsBehind'] {
  return async (on, orderIds) => {
    const paid = await takings.paymentsOf(on, orderIds)
    const orderOf = new Map(paid.map(({ paymentId, orderId }) => [paymentId, orderId]))
    const sums = await takings.byPayment(on, [...new Set(paid.map(({ billId }) => billId))])
    return (await payments.byIds(on, [...orderOf.keys()])).map(({ id, amountFen, refundedFen }) => ({
      paymentId: id,
      orderId: orderOf.get(id)!,
      amountFen,
      refundedFen,
      payFen: sums.get(id)?.payFen ?? 0,
      backFen: sums.get(id)?.refundedFen ?? 0
    }))
  }
}
