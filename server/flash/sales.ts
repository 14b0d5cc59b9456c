import type { FlashCard, FlashDraft } from '../../shared/contracts/flash.ts'
import { MAX_FLASH } from '../../shared/contracts/flash.ts'
import { Problem } from '../../shared/problems.ts'
import type { Facts } from '../../shared/room.ts'
import type { Products, SpecFacts } from '../catalogue/products.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import type { Flash, FlashPrice } from '../orders/neighbours.ts'
import { newId } from '../store/id.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { faultOf, isOver, running, whyNot } from './sale.ts'
import { flashStore, type SaleRow } from './store.ts'

type FlashFact = 'flash_started' | 'flash_ended'
type Tell = <T extends FlashFact>(
  roomId: string,
  type: T,
  body: Facts[T],
  actorId: string
) => Promise<unknown>

/** What flash sales ask of the rest of the village. */
export interface FlashNeighbours {
  act: <T>(unit: (tx: Tx, tell: Tell) => Promise<T>, hint?: { hot: string }) => Promise<T>
  /** The show if this member may run it. Problems: no_such_show, show_not_yours. */
  runBy: (me: Member, showId: string, on?: Tx) => Promise<ShowThatSells>
  /** The products of its shelf. */
  shelfIds: (showId: string) => Promise<string[]>
  goods: Pick<Products, 'specIn' | 'productsByIds'>
}

interface ShowThatSells {
  state: string
  kind: string
  saleStopped: string
  paused: boolean
}

export type FlashSales = ReturnType<typeof openFlash>

/** 闪购: another price for a while, so many, so many each; it goes by the clock of its show's picture. */
export function openFlash({
  store,
  clock,
  act,
  runBy,
  shelfIds,
  goods
}: { store: Store; clock: Clock } & FlashNeighbours) {
  const rows = flashStore(store)

  const prices: Flash = {
    async pricesOf(on, specIds, { now, memberId }) {
      const sales = (await rows.ofSpecs(on, specIds, now)).filter(
        (sale) => running(sale, now) && sale.left > 0
      )
      const taken = memberId
        ? await rows.taken(
            on,
            memberId,
            sales.map(({ id }) => id)
          )
        : undefined
      return new Map(
        sales.flatMap((sale) => {
          const share = sale.perMember - (taken?.get(sale.id) ?? 0)
          return share > 0 ? [[sale.specId, priceOf(sale, share)]] : []
        })
      )
    },

    async refuseGone(lines) {
      const named = lines.filter(({ flashId }) => flashId)
      if (!named.length) return
      const now = clock.now()
      for (const { specId, flashId } of named) {
        const sale = await rows.one(store.read, flashId!)
        if (sale?.specId !== specId || isOver(sale, now)) throw new Problem('flash_over', { specId })
        if (sale.left === 0) throw new Problem('flash_gone', { specId, left: 0 })
      }
    },

    async takeIn(tx, { memberId, lines }) {
      const now = clock.now()
      const sales = await rows.ofSpecs(
        tx,
        lines.map(({ specId }) => specId),
        now
      )
      const saleOf = new Map(sales.map((sale) => [sale.specId, sale]))
      const named = lines.find(({ specId, flashId }) => flashId && saleOf.get(specId)?.id !== flashId)
      if (named) throw new Problem('flash_over', { specId: named.specId })
      const taken = await rows.taken(
        tx,
        memberId,
        sales.map(({ id }) => id)
      )
      const got = new Map<string, FlashPrice>()
      // In the order of ids, so that two buyers of the same two sales wait for each other and never both.
      for (const sale of sales) {
        const line = lines.find(({ specId }) => specId === sale.specId)!
        const refused = whyNot(sale, taken.get(sale.id) ?? 0, line.qty, now)
        if (refused && line.flashId)
          throw new Problem(refused, { specId: sale.specId, left: sale.left, perMember: sale.perMember })
        if (refused) continue
        const shared = await rows.share(tx, sale, memberId, line.qty)
        const left = shared ? await rows.take(tx, sale.id, line.qty, now) : undefined
        // Read and written in one serializable unit: it cannot have changed in between.
        if (left === undefined) throw new Error(`flash sale ${sale.id} changed within a unit of work`)
        got.set(sale.specId, priceOf({ ...sale, left }, sale.perMember))
      }
      return got
    },

    async giveBackIn(tx, memberId, lines) {
      for (const { flashId, qty } of lines.toSorted((a, b) => (a.flashId < b.flashId ? -1 : 1)))
        await rows.giveBack(tx, flashId, memberId, qty)
    }
  }

  return {
    ...prices,

    /**
     * Starts a flash sale in the room of a show that I run. Problems: no_such_show, show_not_yours, not_sold_here,
     * show_over, sale_stopped, no_such_spec, not_on_shelf, product_off_sale, flash_no_cheaper, flash_too_many,
     * flash_running, too_many_flash.
     */
    async start(me: Member, showId: string, { waitMs, lifeMs, ...draft }: FlashDraft): Promise<FlashCard> {
      const show = await runBy(me, showId)
      if (show.kind !== 'public') throw new Problem('not_sold_here')
      if (show.state === 'ended' || show.state === 'replay') throw new Problem('show_over')
      const onShelf = await shelfIds(showId)
      return act(async (tx, tell) => {
        const { saleStopped, paused, state } = await runBy(me, showId, tx)
        if (state === 'ended' || state === 'replay') throw new Problem('show_over')
        if (saleStopped || paused) throw new Problem('sale_stopped', { reason: saleStopped })
        const spec = await goods.specIn(tx, draft.specId)
        if (!spec) throw new Problem('no_such_spec')
        if (!onShelf.includes(spec.productId)) throw new Problem('not_on_shelf')
        if (!spec.onSale) throw new Problem('product_off_sale', { productId: spec.productId })
        const fault = faultOf(draft, spec)
        if (fault) throw new Problem(fault, { stock: spec.stock, priceFen: spec.priceFen })
        const now = clock.now()
        if ((await rows.ofSpecs(tx, [draft.specId], now)).length) throw new Problem('flash_running')
        if ((await rows.open(tx, showId, now, MAX_FLASH)).length >= MAX_FLASH)
          throw new Problem('too_many_flash')
        const sale: SaleRow = {
          ...draft,
          id: newId(now),
          showId,
          productId: spec.productId,
          left: draft.total,
          startsAt: now + waitMs,
          endsAt: now + waitMs + lifeMs,
          stoppedAt: state === 'away' ? now : 0,
          createdBy: me.id,
          createdAt: now
        }
        await rows.add(tx, sale)
        const card = cardOf(sale, spec)
        await tell(showId, 'flash_started', { flash: card }, me.id)
        return card
      })
    },

    /** Problems: no_such_flash, no_such_show, show_not_yours, flash_over. */
    async end(me: Member, showId: string, flashId: string): Promise<void> {
      await runBy(me, showId)
      await act(async (tx, tell) => {
        if ((await rows.one(tx, flashId))?.showId !== showId) throw new Problem('no_such_flash')
        if (!(await rows.end(tx, flashId, clock.now()))) throw new Problem('flash_over')
        await tell(showId, 'flash_ended', { flashId }, me.id)
      })
    },

    /** What runs or waits in a room, the one that ends first first. */
    async cardsOf(showId: string, on: Reader = store.read): Promise<FlashCard[]> {
      const sales = await rows.open(on, showId, clock.now(), MAX_FLASH)
      return cards(on, sales)
    },

    /** How many are left of what of these products is in a flash sale. */
    async leftOf(productIds: string[]): Promise<{ showId: string; flashId: string; left: number }[]> {
      const sales = await rows.ofProducts(store.read, productIds, clock.now())
      return sales.map(({ id: flashId, showId, left }) => ({ showId, flashId, left }))
    },

    /** For the clock of a show. */
    stopIn: (tx: Tx, showId: string) => rows.stop(tx, showId, clock.now()),
    resumeIn: (tx: Tx, showId: string) => rows.resume(tx, showId, clock.now()),

    /** With the show end its flash prices. Part of the caller's unit. */
    async endAllIn(tx: Tx, showId: string): Promise<void> {
      const now = clock.now()
      for (const { id } of await rows.open(tx, showId, now, MAX_FLASH)) await rows.end(tx, id, now)
    }
  }

  async function cards(on: Reader, sales: SaleRow[]): Promise<FlashCard[]> {
    const specs = await Promise.all(sales.map(({ specId }) => goods.specIn(on, specId)))
    return sales.flatMap((sale, at) => {
      const spec = specs[at]
      return spec ? [cardOf(sale, spec)] : []
    })
  }
}

const priceOf = (sale: SaleRow, perMember: number): FlashPrice => ({
  flashId: sale.id,
  priceFen: sale.priceFen,
  endsAt: sale.endsAt,
  left: sale.left,
  perMember
})

function cardOf(sale: SaleRow, { title, specName, unit, photo, priceFen: usualFen }: SpecFacts): FlashCard {
  const { id, productId, specId, priceFen, total, left, perMember, startsAt, endsAt, stoppedAt } = sale
  return {
    id,
    productId,
    specId,
    title,
    specName,
    unit,
    photo,
    priceFen,
    usualFen,
    total,
    left,
    perMember,
    startsAt,
    endsAt,
    stoppedAt
  }
}
