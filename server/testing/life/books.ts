import { asc, eq, or, sql } from 'drizzle-orm'
import type { Store, Tx } from '../../store/store.ts'
import type { Begun } from './begun.ts'

export type Books = Awaited<ReturnType<ReturnType<typeof openBooks>>>

/**
 * All that lies on disk of one life, read by somebody who knows nothing of the domains. It is read after every step of a
 * thousand lives, so its questions are compiled once.
 */
export function openBooks(store: Store) {
  const t = store.schema
  const value = sql.placeholder
  const ask = store.statement
  const hers = eq(t.orders.memberId, value('buyer'))
  const atTheirs = (shopId: typeof t.postings.shopId | typeof t.products.shopId) =>
    or(eq(shopId, value('shopA')), eq(shopId, value('shopB')))

  const questions = {
    orders: ask((q) => q.select().from(t.orders).where(hers).orderBy(asc(t.orders.id))),
    lines: ask((q) =>
      q
        .select({ row: t.orderLines })
        .from(t.orders)
        .innerJoin(t.orderLines, eq(t.orderLines.orderId, t.orders.id))
        .where(hers)
    ),
    used: ask((q) =>
      q
        .select({ row: t.orderCoupons })
        .from(t.orders)
        .innerJoin(t.orderCoupons, eq(t.orderCoupons.orderId, t.orders.id))
        .where(hers)
    ),
    changes: ask((q) =>
      q
        .select({ row: t.orderChanges })
        .from(t.orders)
        .innerJoin(t.orderChanges, eq(t.orderChanges.orderId, t.orders.id))
        .where(hers)
        .orderBy(asc(t.orderChanges.n))
    ),
    backs: ask((q) =>
      q
        .select({ row: t.orderRefunds })
        .from(t.orders)
        .innerJoin(t.orderRefunds, eq(t.orderRefunds.orderId, t.orders.id))
        .where(hers)
        .orderBy(asc(t.orderRefunds.createdAt), asc(t.orderRefunds.id))
    ),
    returns: ask((q) =>
      q
        .select({ row: t.goodsReturns })
        .from(t.orders)
        .innerJoin(t.goodsReturns, eq(t.goodsReturns.orderId, t.orders.id))
        .where(hers)
    ),
    bad: ask((q) =>
      q
        .select()
        .from(t.compensations)
        .where(eq(t.compensations.memberId, value('buyer')))
    ),
    payments: ask((q) =>
      q
        .select({ row: t.payments })
        .from(t.orders)
        .innerJoin(t.payments, eq(t.payments.orderId, t.orders.id))
        .where(hers)
    ),
    refunds: ask((q) =>
      q
        .select({ row: t.refunds })
        .from(t.orders)
        .innerJoin(t.payments, eq(t.payments.orderId, t.orders.id))
        .innerJoin(t.refunds, eq(t.refunds.paymentId, t.payments.id))
        .where(hers)
    ),
    sandbox: ask((q) =>
      q
        .select({ row: t.sandboxPayments })
        .from(t.orders)
        .innerJoin(t.payments, eq(t.payments.orderId, t.orders.id))
        .innerJoin(t.sandboxPayments, eq(t.sandboxPayments.id, t.payments.id))
        .where(hers)
    ),
    postings: ask((q) => q.select().from(t.postings).where(atTheirs(t.postings.shopId))),
    entries: ask((q) =>
      q
        .select({ row: t.entries })
        .from(t.postings)
        .innerJoin(t.entries, eq(t.entries.postingId, t.postings.id))
        .where(atTheirs(t.postings.shopId))
    ),
    specs: ask((q) =>
      q
        .select({ row: t.specs })
        .from(t.products)
        .innerJoin(t.specs, eq(t.specs.productId, t.products.id))
        .where(atTheirs(t.products.shopId))
    ),
    parts: ask((q) =>
      q
        .select({ row: t.lotSpecs })
        .from(t.lots)
        .innerJoin(t.lotSpecs, eq(t.lotSpecs.lotId, t.lots.id))
        .where(eq(t.lots.shopId, value('shopA')))
    ),
    uses: ask((q) =>
      q
        .select({ row: t.lotUses })
        .from(t.lots)
        .innerJoin(t.lotUses, eq(t.lotUses.lotId, t.lots.id))
        .where(eq(t.lots.shopId, value('shopA')))
    ),
    flash: ask((q) =>
      q
        .select()
        .from(t.flashSales)
        .where(eq(t.flashSales.id, value('flash')))
    ),
    takes: ask((q) =>
      q
        .select()
        .from(t.flashTakes)
        .where(eq(t.flashTakes.flashId, value('flash')))
    ),
    coupons: ask((q) =>
      q
        .select()
        .from(t.coupons)
        .where(eq(t.coupons.showId, value('life')))
    ),
    claims: ask((q) =>
      q
        .select({ row: t.claims })
        .from(t.coupons)
        .innerJoin(t.claims, eq(t.claims.couponId, t.coupons.id))
        .where(eq(t.coupons.showId, value('life')))
    ),
    pots: ask((q) =>
      q
        .select({ row: t.budgets })
        .from(t.coupons)
        .innerJoin(t.budgets, eq(t.budgets.id, t.coupons.budgetId))
        .where(eq(t.coupons.showId, value('life')))
    )
  }

  /** In one unit, so that all of it is of one moment. */
  return (begun: Begun) => store.tx((on) => booksIn(on, begun))

  async function booksIn(on: Tx, { id, buyer, shopIds, flash }: Begun) {
    const asked = { life: id, buyer: buyer.id, shopA: shopIds[0], shopB: shopIds[1], flash: flash.id }
    const only = <Row>(found: Promise<{ row: Row }[]>) => found.then((all) => all.map(({ row }) => row))
    const q = questions
    const [orders, lines, used, changes, backs, returns, bad] = await Promise.all([
      q.orders(on, asked),
      only(q.lines(on, asked)),
      only(q.used(on, asked)),
      only(q.changes(on, asked)),
      only(q.backs(on, asked)),
      only(q.returns(on, asked)),
      q.bad(on, asked)
    ])
    const [payments, refunds, sandbox, postings, entries, specs, parts, uses] = await Promise.all([
      only(q.payments(on, asked)),
      only(q.refunds(on, asked)),
      only(q.sandbox(on, asked)),
      q.postings(on, asked),
      only(q.entries(on, asked)),
      only(q.specs(on, asked)),
      only(q.parts(on, asked)),
      only(q.uses(on, asked))
    ])
    const [[flashSale], takes, coupons, claims, pots] = await Promise.all([
      q.flash(on, asked),
      q.takes(on, asked),
      q.coupons(on, asked),
      only(q.claims(on, asked)),
      only(q.pots(on, asked))
    ])
    return {
      orders,
      lines,
      used,
      changes,
      backs,
      returns,
      bad,
      payments,
      refunds,
      sandbox,
      postings,
      entries,
      specs,
      parts,
      uses,
      flash: flashSale!,
      takes,
      coupons,
      claims,
      pots
    }
  }
}
