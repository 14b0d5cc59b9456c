import type { Budget, CouponCard, CouponDraft, GivenCoupon } from '../../shared/contracts/coupons.ts'

/** Where one giver's coupons and pots are asked for: the union's, or those of my shop. */
export interface Purse {
  coupons: () => Promise<{ items: GivenCoupon[] }>
  budgets: () => Promise<{ items: Budget[] }>
  add: (draft: { name: string; totalFen: number }) => Promise<{ budget: Budget }>
  change: (budgetId: string, change: { fromFen: number; totalFen: number }) => Promise<{ budget: Budget }>
  /** Hangs one where no room is; the union's only. */
  give?: (draft: CouponDraft) => Promise<{ coupon: CouponCard }>
}

/** Coupons as their giver sees them: what became of each, and the pots that they are paid from. */
export class Given {
  readonly purse: Purse
  coupons = $state.raw<GivenCoupon[]>()
  budgets = $state.raw<Budget[]>([])
  failed = $state.raw<unknown>()
  sending = $state(false)

  constructor(purse: Purse) {
    this.purse = purse
  }

  async load() {
    this.failed = undefined
    try {
      const [coupons, budgets] = await Promise.all([this.purse.coupons(), this.purse.budgets()])
      this.coupons = coupons.items
      this.budgets = budgets.items
    } catch (error) {
      this.failed = error
    }
  }

  add = (name: string, totalFen: number) => this.#send(() => this.purse.add({ name, totalFen }))

  /** What she saw goes along, so that two officers at once do not undo each other. */
  change = ({ id, totalFen: fromFen }: Budget, totalFen: number) =>
    this.#send(() => this.purse.change(id, { fromFen, totalFen }))

  give = (draft: CouponDraft) => this.#send(() => this.purse.give!(draft))

  /** Whatever came of it, the page shows how things stand. */
  async #send(work: () => Promise<unknown>) {
    this.sending = true
    try {
      await work()
    } finally {
      this.sending = false
      await this.load()
    }
  }
}
