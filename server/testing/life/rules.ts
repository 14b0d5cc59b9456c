import type { Begun } from './begun.ts'
import type { Books } from './books.ts'

/** What a gateway itself says of one payment: what it took, and what it gave back. */
export interface Till {
  took: number
  gaveBack: number
}

/** What the books do not say: what whoever led the life knows besides. */
export interface Known {
  /** Pieces of a line that went back onto the shelf because they were not packed yet: `order:spec`. */
  shelved: ReadonlyMap<string, number>
  tillOf: (payment: Books['payments'][number]) => Till
}

type OrderRow = Books['orders'][number]

/** From where an order may go where. What is not here does not happen. */
const WAYS: Record<string, readonly string[]> = {
  pending: ['paid', 'expired', 'cancelled'],
  paid: ['packed', 'done', 'refunded'],
  packed: ['paid', 'shipped', 'done', 'refunded'],
  shipped: ['received', 'refunded'],
  received: ['done', 'refunded'],
  done: ['refunded'],
  expired: [],
  cancelled: [],
  refunded: []
}

const sum = (all: readonly number[]) => all.reduce((fen, each) => fen + each, 0)
const isOver = ({ state }: OrderRow) => state === 'expired' || state === 'cancelled'
/** Money has come for it, whatever became of it; or there was nothing to pay. */
export const wasPaid = ({ paidAt }: OrderRow) => paidAt !== null

/** Everything in these books that does not fit together, in words; nothing: they are right. */
export function troublesOf(begun: Begun, books: Books, known: Known): string[] {
  const troubles: string[] = []
  const same = (what: string, found: unknown, expected: unknown) => {
    if (found !== expected) troubles.push(`${what}: ${String(found)}, not ${String(expected)}`)
  }
  const holds = (what: string, is: boolean) => {
    if (!is) troubles.push(what)
  }
  const linesOf = Map.groupBy(books.lines, ({ orderId }) => orderId)
  const backsOf = Map.groupBy(books.backs, ({ orderId }) => orderId)
  const bills = Map.groupBy(books.orders, ({ billId }) => billId)
  const shelved = ({ orderId, specId }: { orderId: string; specId: string }) =>
    known.shelved.get(`${orderId}:${specId}`) ?? 0

  for (const order of books.orders) {
    states(order)
    sums(order)
  }
  for (const [billId, orders] of bills) money(billId, orders)
  shelf()
  landings()
  flashSale()
  coupons()
  ledger()
  return troubles

  function states({ id, state, paidAt, closedAt }: OrderRow) {
    const changes = books.changes.filter(({ orderId }) => orderId === id)
    let at = ''
    for (const change of changes) {
      const moved = change.state !== at
      if (moved)
        holds(
          `${id} went from ${at} to ${change.state}`,
          at ? (WAYS[at] ?? []).includes(change.state) : change.state === 'pending'
        )
      at = change.state
    }
    same(`${id} stands where its last change says`, state, at)
    same(`${id} was paid`, paidAt !== null, !['pending', 'expired', 'cancelled'].includes(state))
    same(`${id} is closed`, closedAt !== null, ['expired', 'cancelled', 'refunded'].includes(state))
  }

  function sums(order: OrderRow) {
    const { id, state, goodsFen, discountFen, freightFen, payFen, refundedFen } = order
    const lines = linesOf.get(id) ?? []
    const backs = backsOf.get(id) ?? []
    same(`${id} goods`, goodsFen, sum(lines.map(({ qty, priceFen }) => qty * priceFen)))
    same(`${id} discount`, discountFen, sum(lines.map(({ offFen }) => offFen)))
    const used = books.used.filter(({ orderId }) => orderId === id)
    same(`${id} coupons`, sum(used.map(({ offFen }) => offFen)), discountFen)
    same(`${id} to pay`, payFen, goodsFen - discountFen + freightFen)
    same(`${id} refunded`, refundedFen, sum(backs.map((back) => back.goodsFen + back.freightFen)))
    holds(`${id} got back ${refundedFen} of ${payFen}`, refundedFen <= payFen)
    holds(`${id} freight back`, sum(backs.map((back) => back.freightFen)) <= freightFen)
    for (const line of lines) {
      const its = backs.flatMap((back) => back.lines).filter(({ specId }) => specId === line.specId)
      same(`${id} ${line.specId} pieces back`, line.refundedQty, sum(its.map(({ qty }) => qty)))
      same(`${id} ${line.specId} fen back`, line.refundedFen, sum(its.map(({ fen }) => fen)))
      holds(`${id} ${line.specId} more pieces back than bought`, line.refundedQty <= line.qty)
      holds(
        `${id} ${line.specId} more fen back than paid`,
        line.refundedFen <= line.qty * line.priceFen - line.offFen
      )
    }
    if (backs.length) holds(`${id} was paid back and never paid`, wasPaid(order))
    const free = lines.filter(({ qty, priceFen, offFen }) => qty * priceFen === offFen)
    const nothingLeft = refundedFen === payFen && free.every(({ qty, refundedQty }) => qty === refundedQty)
    if (wasPaid(order)) same(`${id} has nothing left and is refunded`, state === 'refunded', nothingLeft)
    const isEmpty = lines.every(({ qty, refundedQty }) => qty === refundedQty)
    if (isEmpty) holds(`${id} waits for a box without goods`, state !== 'paid' && state !== 'packed')
    else if (state === 'done') holds(`${id} is done and never came`, order.receivedAt !== null)
  }

  /** A bill stands or falls as one, and what the gateways hold is what its orders say. */
  function money(billId: string, orders: OrderRow[]) {
    const payments = books.payments.filter(({ orderId }) => orderId === billId)
    const payFen = sum(orders.map((order) => order.payFen))
    const outcome = (order: OrderRow) => (wasPaid(order) ? 'paid' : order.state)
    same(`${billId} is one`, new Set(orders.map(outcome)).size, 1)
    same(`${billId} paid by one`, new Set(orders.map(({ paymentId }) => paymentId)).size, 1)
    const { paymentId } = orders[0]!
    same(`${billId} names its payment`, paymentId !== '', wasPaid(orders[0]!) && payFen > 0)
    for (const payment of payments) {
      const { took, gaveBack } = known.tillOf(payment)
      const refunds = books.refunds.filter((each) => each.paymentId === payment.id)
      const asked = sum(refunds.filter(({ state }) => state !== 'failed').map(({ amountFen }) => amountFen))
      const done = sum(refunds.filter(({ state }) => state === 'done').map(({ amountFen }) => amountFen))
      same(`${payment.id} refunds asked for`, asked, payment.refundedFen)
      same(`${payment.id} refunds carried out`, gaveBack, done)
      holds(`${payment.id} gave back more than it took`, gaveBack <= took)
      if (payment.state !== 'paid') continue
      same(`${payment.id} took`, took, payment.amountFen)
      if (payment.id === paymentId) {
        same(`${billId} was paid`, payment.amountFen, payFen)
        same(
          `${billId} was paid back`,
          payment.refundedFen,
          sum(orders.map(({ refundedFen }) => refundedFen))
        )
      } else same(`${payment.id} came too late and goes back`, payment.refundedFen, payment.amountFen)
    }
    if (paymentId)
      holds(
        `${billId} has its payment`,
        payments.some(({ id, state }) => id === paymentId && state === 'paid')
      )
  }

  /** Every piece is on the shelf, held, or sold. */
  function shelf() {
    for (const { specId, stock } of begun.wares) {
      const out = books.lines
        .filter((line) => line.specId === specId && !isOver(orderOf(line.orderId)))
        .map((line) => line.qty - shelved(line))
      const now = books.specs.find(({ id }) => id === specId)!.stock
      same(`${specId} on the shelf, held and sold`, now + sum(out), stock)
    }
  }

  function landings() {
    const { specId } = begun.wares[0]
    const stock = books.specs.find(({ id }) => id === specId)!.stock
    for (const { id, qty } of [begun.lots.landed, begun.lots.planned]) {
      const left = sum(books.parts.filter(({ lotId }) => lotId === id).map((part) => part.left))
      const used = sum(books.uses.filter(({ lotId }) => lotId === id).map((use) => use.qty))
      same(`${id} left and used`, left + used, qty)
    }
    holds('the landings promise more than the stock', sum(books.parts.map(({ left }) => left)) <= stock)
    for (const line of books.lines.filter((each) => each.specId === specId)) {
      const from = sum(books.uses.filter(({ orderId }) => orderId === line.orderId).map(({ qty }) => qty))
      const has = isOver(orderOf(line.orderId)) ? 0 : line.qty - shelved(line)
      holds(`${line.orderId} has ${from} from landings, and ${has} in all`, from <= has)
    }
  }

  function flashSale() {
    const { id, priceFen, total } = begun.flash
    const clams = begun.wares[0]
    for (const { specId, flashId, priceFen: paid } of books.lines) {
      const usual = begun.wares.find((ware) => ware.specId === specId)!.priceFen
      same(`${specId} at its price`, paid, flashId ? priceFen : usual)
      if (flashId) same(`${flashId} is of clams`, specId, clams.specId)
    }
    const taken = books.lines
      .filter((line) => line.flashId === id && !isOver(orderOf(line.orderId)))
      .map((line) => line.qty - shelved(line))
    same(`${id} left`, books.flash.left, total - sum(taken))
    same(`${id} taken by her`, sum(books.takes.map(({ qty }) => qty)), sum(taken))
    holds(`${id} more than her share`, sum(taken) <= books.flash.perMember)
  }

  function coupons() {
    for (const coupon of books.coupons) {
      const claims = books.claims.filter(({ couponId }) => couponId === coupon.id)
      same(`${coupon.id} left`, coupon.left, coupon.total - claims.length)
      for (const { nth, orderId: billId, offFen } of claims) {
        const uses = books.used.filter((use) => use.couponId === coupon.id && use.nth === nth)
        const standing = [...bills.keys()].filter(
          (id) => holdsCoupons(id) && uses.some(({ orderId }) => orderOf(orderId).billId === id)
        )
        same(`${coupon.id} ${nth} is used by`, billId, standing.join())
        const its = uses.filter(({ orderId }) => orderOf(orderId).billId === billId)
        same(`${coupon.id} ${nth} takes off`, offFen, sum(its.map((use) => use.offFen)))
        if (billId) holds(`${coupon.id} ${nth} takes nothing off`, offFen > 0)
      }
    }
    for (const pot of books.pots) {
      const ids = books.coupons.filter(({ budgetId }) => budgetId === pot.id).map(({ id }) => id)
      const spent = books.claims.filter(({ couponId }) => ids.includes(couponId)).map(({ offFen }) => offFen)
      same(`${pot.id} left`, pot.leftFen, pot.totalFen - sum(spent))
    }
  }

  /** A bill that nobody paid gives them back, and so does one that she cancelled wholly before it was packed. */
  function holdsCoupons(billId: string) {
    const orders = bills.get(billId)!
    if (orders.some(isOver)) return false
    const last = books.backs.filter(({ orderId }) => orderOf(orderId).billId === billId).at(-1)
    return !(orders.every(({ state }) => state === 'refunded') && last?.cause === 'cancelled')
  }

  function ledger() {
    const entriesOf = Map.groupBy(books.entries, ({ postingId }) => postingId)
    for (const { id, key, test, orderId, kind, dueAt, batchId } of books.postings) {
      const entries = entriesOf.get(id) ?? []
      same(`${key} sums to`, sum(entries.map(({ fen }) => fen)), 0)
      holds(
        `${key} mixes two books`,
        entries.every((entry) => entry.test === test)
      )
      if (kind === 'payout') continue
      const order = orderOf(orderId)
      same(`${key} is of its order’s book`, test, order.test)
      same(`${key} is due`, dueAt > 0, order.state === 'done' || order.state === 'refunded')
      if (batchId) holds(`${key} was paid out before it was due`, dueAt > 0 && !test)
    }
    for (const order of books.orders) {
      const its = books.postings.filter(({ orderId }) => orderId === order.id)
      const sales = its.filter(({ kind }) => kind === 'sale').length
      same(`${order.id} sales in the ledger`, sales, wasPaid(order) ? 1 : 0)
      if (!wasPaid(order)) same(`${order.id} postings`, its.length, 0)
      else
        orderInLedger(
          order,
          its.flatMap(({ id }) => entriesOf.get(id) ?? [])
        )
    }
    for (const shopId of begun.shopIds) paidOut(shopId)

    /** Of what was paid out nothing is left on her accounts. */
    function paidOut(shopId: string) {
      const batches = new Set(
        books.postings.filter((each) => each.shopId === shopId).map(({ batchId }) => batchId)
      )
      for (const batchId of batches) {
        const payout = books.postings.find(({ key }) => key === `payout:${batchId}:${shopId}`)
        if (!batchId || !payout) continue
        const inside = books.postings.filter((each) => each.shopId === shopId && each.batchId === batchId)
        const entries = [...inside, payout].flatMap(({ id }) => entriesOf.get(id) ?? [])
        for (const account of ['host:', 'freight:'])
          same(`${batchId} leaves on ${account}${shopId}`, sumOn(entries, account), 0)
      }
    }
  }

  /** What the ledger says of one order is what its own rows say, and what neither side decides is between its bounds. */
  function orderInLedger(order: OrderRow, entries: Books['entries']) {
    const { id, payFen, refundedFen, freightFen, goodsFen, discountFen } = order
    const freightBack = sum((backsOf.get(id) ?? []).map((back) => back.freightFen))
    const byUnion = sum(
      books.used
        .filter(({ orderId, payer }) => orderId === id && payer === 'union')
        .map(({ offFen }) => offFen)
    )
    const fullFee = Math.floor(((goodsFen - discountFen + byUnion) * begun.feePermyriad) / 10_000)
    const coupons = sumOn(entries, 'union:coupons')
    const fee = 0 - sumOn(entries, 'union:fee')
    same(`${id} cash`, sumOn(entries, 'cash:'), payFen - refundedFen)
    same(`${id} freight`, 0 - sumOn(entries, 'freight:'), freightFen - freightBack)
    same(
      `${id} host`,
      0 - sumOn(entries, 'host:'),
      payFen - refundedFen - freightFen + freightBack + coupons - fee
    )
    holds(`${id} union pays ${coupons} of ${byUnion}`, coupons >= 0 && coupons <= byUnion)
    holds(`${id} union keeps ${fee} of ${fullFee}`, fee >= 0 && fee <= fullFee)
    const lines = linesOf.get(id) ?? []
    if (lines.every(({ refundedQty, refundedFen: back }) => refundedQty === 0 && back === 0)) {
      same(`${id} union pays for its coupons`, coupons, byUnion)
      same(`${id} union keeps its fee`, fee, fullFee)
    }
    if (order.state === 'refunded') {
      for (const { account } of entries) same(`${id} leaves on ${account}`, sumOn(entries, account), 0)
    }
  }

  function orderOf(orderId: string): OrderRow {
    return books.orders.find(({ id }) => id === orderId)!
  }
}

const sumOn = (entries: Books['entries'], account: string) =>
  sum(entries.filter((entry) => entry.account.startsWith(account)).map(({ fen }) => fen))

/** When nothing is under way any more: every fen that a gateway has belongs to an order that stands. */
export function unsettled(books: Books, { tillOf }: Pick<Known, 'tillOf'>): string[] {
  const troubles: string[] = []
  for (const { id, state } of books.orders) if (state === 'pending') troubles.push(`${id} still waits`)
  for (const { id, state } of books.refunds)
    if (state === 'asked') troubles.push(`refund ${id} is still asked for`)
  for (const { id, state } of books.backs)
    if (state === 'asked') troubles.push(`paying back ${id} is not done`)
  const held = sum(
    books.payments.map((payment) => {
      const { took, gaveBack } = tillOf(payment)
      return took - gaveBack
    })
  )
  const owed = sum(books.orders.filter(wasPaid).map(({ payFen, refundedFen }) => payFen - refundedFen))
  if (held !== owed) troubles.push(`the gateways hold ${held}, and orders stand for ${owed}`)
  return troubles
}
