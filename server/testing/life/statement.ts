import type { Village } from '../../app.ts'
import type { Begun } from './begun.ts'
import type { Books } from './books.ts'
import { wasPaid } from './rules.ts'

const sum = (all: readonly number[]) => all.reduce((fen, each) => fen + each, 0)

/** Where the statements that the two hosts read say something else than the orders of their shops; nothing: nowhere. */
export async function misstated({ shop }: Village, begun: Begun, books: Books): Promise<string[]> {
  const troubles: string[] = []
  const same = (what: string, found: unknown, expected: unknown) => {
    if (found !== expected) troubles.push(`${what}: ${String(found)}, not ${String(expected)}`)
  }
  for (const [i, host] of begun.hosts.entries()) {
    const shopId = begun.shopIds[i]!
    const its = books.postings.filter((posting) => posting.shopId === shopId)
    for (const book of new Set(its.map(({ test }) => (test ? 'demo' : 'real')))) {
      const orders = books.orders.filter(
        (order) => order.shopId === shopId && wasPaid(order) && order.test === (book === 'demo')
      )
      const { items, waiting, due } = await shop.ledger.statements.mine(host, { book })
      const earned = items.filter(({ kind }) => kind !== 'payout')
      const about = `${shopId} (${book})`
      same(`${about} orders`, new Set(earned.map(({ orderId }) => orderId)).size, orders.length)
      for (const order of orders) {
        const shares = earned.filter(({ orderId }) => orderId === order.id).map(({ share }) => share)
        const backs = books.backs.filter(({ orderId }) => orderId === order.id)
        const freightFen = order.freightFen - sum(backs.map((back) => back.freightFen))
        const buyerFen = order.payFen - order.refundedFen - freightFen
        same(`${about} ${order.id} buyer`, sum(shares.map((share) => share.buyerFen)), buyerFen)
        same(`${about} ${order.id} freight`, sum(shares.map((share) => share.freightFen)), freightFen)
        const added = sum(shares.map((share) => share.couponFen + share.feeFen))
        same(`${about} ${order.id} in all`, sum(shares.map(({ fen }) => fen)), buyerFen + freightFen + added)
      }
      const isOpen = ({ orderId }: { orderId: string }) => {
        const { state } = orders.find(({ id }) => id === orderId) ?? { state: '' }
        return state !== 'done' && state !== 'refunded'
      }
      const fenOf = (some: typeof items) => sum(some.map(({ share }) => share.fen))
      same(`${about} waits`, waiting.fen, fenOf(earned.filter(isOpen)))
      const outstanding = earned.filter((line) => !isOpen(line) && line.batchId === '')
      same(`${about} is due`, due.fen, fenOf(outstanding))
      const sent = items.filter(({ kind }) => kind === 'payout')
      const batches = new Set(sent.map(({ batchId }) => batchId))
      const inBatches = earned.filter(({ batchId }) => batches.has(batchId))
      same(`${about} was paid out`, 0 - sum(sent.map(({ share }) => share.paidOutFen)), fenOf(inBatches))
    }
  }
  return troubles
}
