import { randomInt } from 'node:crypto'
import { newId } from '../store/id.ts'
import type { Tx } from '../store/store.ts'
import type { Neighbours } from './neighbours.ts'
import { voucherStore, type VoucherRow } from './store.ts'
import { goodUntil } from './voucher.ts'

const CODES = 1_000_000
const CODE_DIGITS = 6
/** With half of all codes of a shop taken, one of a thousand million draws would not be enough. */
const DRAWS = 30
/** Rows of one insert. */
const PARTY = 100

/** 发码: a paid order gets one voucher for each piece of a line that is one, in the unit in which it is paid. */
export function openIssuing({ store, clock, orders, validDaysIn }: Neighbours) {
  const rows = voucherStore(store)
  orders.on({
    async paid(tx, _tell, order, lines) {
      const sold = lines.filter(({ kind }) => kind === 'voucher')
      if (!sold.length || (await rows.ofOrder(tx, order.id)).length) return
      const now = clock.now()
      const days = await validDaysIn(tx, [...new Set(sold.map(({ productId }) => productId))])
      const { id: orderId, shopId, memberId, test } = order
      const issued = sold.flatMap(({ specId, productId, title, specName, qty }) =>
        // In the order of their ids, so that every list has the first of a line first.
        idsOf(qty, now).map((id, at): Omit<VoucherRow, 'code'> => ({
          id,
          orderId,
          specId,
          productId,
          shopId,
          memberId,
          title,
          specName,
          test,
          n: at + 1,
          state: 'open',
          expiresAt: goodUntil(order.paidAt ?? now, days.get(productId)?.validDays ?? 0),
          redeemedAt: 0,
          redeemedBy: '',
          createdAt: now
        }))
      )
      for (let i = 0; i < issued.length; i += PARTY) await addIn(tx, issued.slice(i, i + PARTY))
    }
  })

  /** A code that another voucher of the shop has is drawn again. */
  async function addIn(tx: Tx, issued: Omit<VoucherRow, 'code'>[]) {
    let left = issued
    for (let draw = 0; draw < DRAWS && left.length; draw++) {
      const added = new Set(
        await rows.add(
          tx,
          left.map((row) => ({ ...row, code: aCode() }))
        )
      )
      left = left.filter(({ id }) => !added.has(id))
    }
    if (left.length) throw new Error(`no code is free in shop ${left[0]!.shopId}`)
  }
}

const idsOf = (count: number, now: number) => Array.from({ length: count }, () => newId(now)).toSorted()
const aCode = () => String(randomInt(CODES)).padStart(CODE_DIGITS, '0')
