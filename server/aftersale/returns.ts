import type { Answer } from '../../shared/contract.ts'
import {
  AFTERSALE_PAGE,
  type deskReturns,
  type DeskReturn,
  type GoodsReturn
} from '../../shared/contracts/aftersale.ts'
import { Problem } from '../../shared/problems.ts'
import type { Member } from '../members/member.ts'
import { newId } from '../store/id.ts'
import type { Reader, Tx } from '../store/store.ts'
import type { Ground } from './alerts.ts'
import { BACK_WITHIN_MS, leftQtyOf, whyNotReturned } from './refund.ts'
import { isStaff, type RefundNeighbours, type Refunds } from './refunds.ts'
import { aftersaleStore, type OrderRow, type ReturnRow } from './store.ts'

export interface ReturnNeighbours extends Pick<RefundNeighbours, 'act' | 'orders' | 'tellIn' | 'shopsByIds'> {
  hostIn: (on: Tx | Reader, shopId: string) => Promise<string>
}

export type Returns = ReturnType<typeof openReturns>

/** 七天无理由退货: she sends it, somebody has it in her hands, the money goes back. */
export function openReturns({
  store,
  clock,
  audit,
  refunds,
  act,
  orders,
  shopsByIds,
  hostIn,
  tellIn
}: Ground & { refunds: Refunds } & ReturnNeighbours) {
  const rows = aftersaleStore(store)

  return {
    /** Problems: no_such_order, not_returnable {specId, why}, refund_too_much {specId, leftQty}, return_open, bad_input. */
    async ask(me: Member, orderId: string, asked: { specId: string; qty: number }[]): Promise<void> {
      await store.tx(async (tx) => {
        const order = await orders.rowIn(tx, orderId)
        if (order?.memberId !== me.id) throw new Problem('no_such_order')
        const lines = await orders.linesIn(tx, [orderId])
        const now = clock.now()
        for (const { specId, qty } of asked) {
          const line = lines.find((each) => each.specId === specId)
          if (!line) throw new Problem('bad_input', { field: '/lines' })
          const why = whyNotReturned(line, order.receivedAt, now)
          if (why) throw new Problem('not_returnable', { specId, why })
          if (qty > leftQtyOf(line))
            throw new Problem('refund_too_much', { specId, leftQty: leftQtyOf(line) })
        }
        if (new Set(asked.map(({ specId }) => specId)).size < asked.length) {
          throw new Problem('bad_input', { field: '/lines' })
        }
        const row: ReturnRow = {
          id: newId(now),
          orderId,
          shopId: order.shopId,
          memberId: me.id,
          lines: asked,
          state: 'asked',
          openKey: orderId,
          parcel: '',
          words: '',
          createdAt: now,
          dueAt: 0,
          closedAt: 0,
          closedBy: ''
        }
        if (!(await rows.addReturn(tx, row))) throw new Problem('return_open')
      })
    },

    /** She says how she sent it; without that she keeps it. Problems: no_such_return, return_closed. */
    async send(me: Member, returnId: string, parcel: string): Promise<string> {
      return store.tx(async (tx) => {
        const before = await rows.goodsReturn(tx, returnId)
        if (before?.memberId !== me.id) throw new Problem('no_such_return')
        const now = clock.now()
        const typed = parcel.trim()
        const after = typed
          ? await rows.moveReturn(tx, returnId, ['asked', 'sent'], {
              state: 'sent',
              parcel: typed,
              dueAt: before.dueAt || now + BACK_WITHIN_MS
            })
          : await rows.moveReturn(tx, returnId, ['asked'], closed(returnId, 'dropped', me.id))
        if (!after) throw new Problem('return_closed')
        if (before.state === 'asked' && typed) await tellHost(tx, after)
        return after.orderId
      })
    },

    /**
     * Its host or staff have it in their hands: good, and the money goes back; or not, and why. Never who sent it.
     * Problems: no_such_return, return_closed, case_own, bad_input (a refusal without words), refund_too_much.
     */
    async settle(me: Member, returnId: string, { good, words }: { good: boolean; words: string }) {
      if (!good && !words.trim()) throw new Problem('bad_input', { field: '/words' })
      const row = await act(async (tx, tell) => {
        const before = await rows.goodsReturn(tx, returnId)
        if (!before || (!isStaff(me) && (await hostIn(tx, before.shopId)) !== me.id)) {
          throw new Problem('no_such_return')
        }
        if (before.memberId === me.id) throw new Problem('case_own')
        const to = closed(returnId, good ? 'back' : 'refused', me.id)
        const after = await rows.moveReturn(tx, returnId, ['asked', 'sent'], { ...to, words: words.trim() })
        if (!after) throw new Problem('return_closed')
        const { orderId, lines, memberId } = after
        if (good) {
          const key = `return:${returnId}`
          const told = words.trim() || '退货收到了，货款退回'
          await refunds.refundIn(tx, tell, {
            orderId,
            key,
            cause: 'seven_days',
            lines,
            words: told,
            actorId: me.id
          })
        } else {
          const href = `/me/orders/${orderId}`
          await tellIn(tx, { memberId, kind: 'return_refused', about: { words: after.words }, href })
        }
        const details = { returnId, good, words: after.words }
        await audit(tx, { actorId: me.id, action: 'return_settled', subject: orderId, details })
        return after
      })
      return (await deskViews([row]))[0]!
    },

    async list(list: 'open' | 'closed', after?: string): Promise<Answer<typeof deskReturns>['items']> {
      const last = after === undefined ? undefined : await rows.goodsReturn(store.read, after)
      if (after !== undefined && !last) throw new Problem('no_such_return')
      const page = list === 'open' ? rows.openReturns : rows.closedReturns
      return deskViews(await page(store.read, last, AFTERSALE_PAGE))
    },

    async waits(): Promise<{ returns: number; returnsLate: number }> {
      const [returns, returnsLate] = await Promise.all([
        rows.returnsCount(store.read),
        rows.returnsCount(store.read, clock.now())
      ])
      return { returns, returnsLate }
    },

    ofOrder: async (orderId: string): Promise<GoodsReturn[]> =>
      views(await rows.returnsOf(store.read, orderId)),

    ofShop: async (shopId: string): Promise<DeskReturn[]> =>
      deskViews(await rows.returnsOfShop(store.read, shopId, AFTERSALE_PAGE))
  }

  function closed(id: string, state: 'back' | 'refused' | 'dropped', closedBy: string) {
    return { state, openKey: id, closedAt: clock.now(), closedBy }
  }

  async function tellHost(tx: Tx, { orderId, shopId, lines }: ReturnRow) {
    const specIds = new Set(lines.map(({ specId }) => specId))
    const titles = (await orders.linesIn(tx, [orderId]))
      .filter(({ specId }) => specIds.has(specId))
      .map(({ title }) => title)
    await tellIn(tx, {
      memberId: await hostIn(tx, shopId),
      kind: 'goods_coming_back',
      about: { title: titles.join('、') },
      href: '/studio/aftersale'
    })
  }

  async function views(found: ReturnRow[]): Promise<GoodsReturn[]> {
    const bought = await orders.linesIn(store.read, [...new Set(found.map(({ orderId }) => orderId))])
    const now = clock.now()
    return found.map(({ lines, ...row }) => ({
      ...row,
      lines: lines.map((line) => ({
        ...line,
        title:
          bought.find(({ orderId, specId }) => orderId === row.orderId && specId === line.specId)?.title ?? ''
      })),
      overdue: row.closedAt === 0 && row.dueAt > 0 && now > row.dueAt
    }))
  }

  async function deskViews(found: ReturnRow[]): Promise<DeskReturn[]> {
    const [shown, shops, ordersOf] = await Promise.all([
      views(found),
      shopsByIds(found.map(({ shopId }) => shopId)),
      Promise.all(
        found.map(({ orderId }): Promise<OrderRow | undefined> => orders.rowIn(store.read, orderId))
      )
    ])
    return found.map(({ shopId }, i) => ({
      goodsReturn: shown[i]!,
      buyer: ordersOf[i]?.buyer ?? '',
      shopName: shops.get(shopId)?.name ?? ''
    }))
  }
}
