import type { QueryOf } from '../../shared/contract.ts'
import { VOUCHERS_PAGE, type myVouchers, type MyVoucher } from '../../shared/contracts/vouchers.ts'
import { Problem } from '../../shared/problems.ts'
import { leftQtyOf, worthOf } from '../aftersale/refund.ts'
import type { Member } from '../members/member.ts'
import { PAID } from '../orders/order.ts'
import type { Endings } from './endings.ts'
import type { Neighbours } from './neighbours.ts'
import type { Signer } from './signer.ts'
import { voucherStore, type VoucherRow } from './store.ts'

export type Vouchers = ReturnType<typeof openVouchers>

/** 券码 as their buyer has them. */
export function openVouchers({
  store,
  orders,
  shops,
  signer,
  endings
}: Neighbours & { signer: Signer; endings: Endings }) {
  const rows = voucherStore(store)

  return {
    /** Problem no_such_voucher for an unknown `after`. */
    async mine(me: Member, { list, after }: QueryOf<typeof myVouchers>): Promise<MyVoucher[]> {
      const from = await before(me, after)
      const page = list === 'open' ? rows.openOf : rows.pastOf
      return views(await page(me.id, from, VOUCHERS_PAGE))
    },

    /** Problems: no_such_order, no_such_voucher. */
    async ofOrder(me: Member, orderId: string, after?: string): Promise<MyVoucher[]> {
      if ((await orders.rowIn(store.read, orderId))?.memberId !== me.id) throw new Problem('no_such_order')
      return views(await rows.pageOfOrder(orderId, await before(me, after), VOUCHERS_PAGE))
    },

    /** 随时退. Problems: no_such_voucher, voucher_used, refund_nothing. */
    giveBack: async (me: Member, voucherId: string): Promise<MyVoucher> =>
      (await views([await endings.giveBack(me, voucherId)]))[0]!
  }

  async function before(me: Member, after: string | undefined): Promise<VoucherRow | undefined> {
    if (after === undefined) return undefined
    const voucher = await rows.one(store.read, after)
    if (voucher?.memberId !== me.id) throw new Problem('no_such_voucher')
    return voucher
  }

  async function views(found: VoucherRow[]): Promise<MyVoucher[]> {
    const orderIds = [...new Set(found.map(({ orderId }) => orderId))]
    const [lines, sold, named] = await Promise.all([
      orders.linesIn(store.read, orderIds),
      Promise.all(orderIds.map((id) => orders.rowIn(store.read, id))),
      shops.shopsByIds(found.map(({ shopId }) => shopId))
    ])
    const stateOf = new Map(sold.flatMap((order) => (order ? [[order.id, order.state] as const] : [])))
    return found.map((voucher) => {
      const { id, orderId, specId, shopId, state, createdAt, expiresAt } = voucher
      const line = lines.find((each) => each.orderId === orderId && each.specId === specId)!
      const { name = '', hostName = '', village = '' } = named.get(shopId) ?? {}
      const open = state === 'open'
      const canRefund = open && PAID.includes(stateOf.get(orderId)!) && leftQtyOf(line) > 0
      return {
        ...voucher,
        shopName: name,
        hostName,
        village,
        photo: line.photo,
        of: line.qty,
        qr: open ? signer.codeOf({ voucherId: id, shopId, specId, issuedAt: createdAt, expiresAt }) : '',
        backFen: canRefund ? worthOf(line, 1) : 0,
        canRefund
      }
    })
  }
}
