import { checkBooks, getBooks, type BookCheck } from '../../shared/contracts/ledger.ts'
import {
  listReconciliations,
  reconcileAgain,
  settleReconciliation,
  type Reconciliation
} from '../../shared/contracts/reconcile.ts'
import { call } from '../call.ts'

/** 账本与对账: what the nightly checks of the books found, and every day compared with a gateway. */
export class Books {
  checks = $state.raw<BookCheck[]>()
  days = $state.raw<Reconciliation[]>()
  more = $state(false)
  failed = $state.raw<unknown>()
  checking = $state(false)
  last = $derived(this.checks?.[0])

  async load() {
    this.failed = undefined
    try {
      const [{ checks }, { items, more }] = await Promise.all([call(getBooks), call(listReconciliations)])
      this.checks = checks
      this.days = items
      this.more = more
    } catch (error) {
      this.failed = error
    }
  }

  async older() {
    const last = this.days?.at(-1)?.day
    if (!last) return
    const { items, more } = await call(listReconciliations, { query: { before: last } })
    this.days = [...(this.days ?? []), ...items]
    this.more = more
  }

  async check() {
    this.checking = true
    try {
      const { check } = await call(checkBooks, { body: {} })
      this.checks = [check, ...(this.checks ?? [])]
    } finally {
      this.checking = false
    }
  }

  async again({ gateway, day }: Reconciliation) {
    this.#keep((await call(reconcileAgain, { params: { gateway, day } })).reconciliation)
  }

  async settle({ gateway, day }: Reconciliation, words: string) {
    const params = { gateway, day }
    this.#keep((await call(settleReconciliation, { params, body: { words } })).reconciliation)
  }

  #keep(after: Reconciliation) {
    this.days = this.days?.map((each) =>
      each.gateway === after.gateway && each.day === after.day ? after : each
    )
  }
}
