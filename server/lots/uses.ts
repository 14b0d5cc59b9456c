import { Problem } from '../../shared/problems.ts'
import type { Products } from '../catalogue/products.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { backTo, taken, writtenOff, type Part } from './lot.ts'
import { lotStore, type UseRow } from './store.ts'

export interface Line {
  specId: string
  qty: number
}

/** Where a line of an order comes from. `planned`: it was sold ahead (预售) and is not ashore yet. */
export interface Origin {
  orderId: string
  specId: string
  qty: number
  lotId: string
  state: Part['state']
  landsAt: number
  source: 'boat' | 'plot'
  sourceName: string
}

export type Uses = ReturnType<typeof openUses>

/** Which landing the goods of an order, or of an offer, come from. The stock is the catalogue's; this explains it. */
export function openUses({ store, goods }: { store: Store; goods: Pick<Products, 'specIn' | 'takeOffIn'> }) {
  const lots = lotStore(store)

  return {
    /**
     * Says where the lines come from that this holder has just taken off the stock, in the same unit: first what came
     * without a landing, then the oldest landing, then what is still to come. `agreed`: the specs that she knew to be
     * sold ahead; left out, nobody asks. Problem sold_ahead {specId, landsAt}.
     */
    async useIn(tx: Tx, holderId: string, lines: readonly Line[], agreed?: readonly string[]): Promise<void> {
      const rows: UseRow[] = []
      for (const { specId, qty } of oneEach(lines)) {
        const parts = await lots.parts(tx, specId)
        if (!parts.length) continue
        const stock = (await goods.specIn(tx, specId))?.stock ?? 0
        for (const from of taken(parts, stock + qty, qty)) {
          const { state, landsAt } = parts.find(({ lotId }) => lotId === from.lotId)!
          if (state === 'planned' && agreed && !agreed.includes(specId)) {
            throw new Problem('sold_ahead', { specId, landsAt })
          }
          await lots.lower(tx, from.lotId, specId, from.qty)
          rows.push({ orderId: holderId, specId, ...from })
        }
      }
      await lots.addUses(tx, rows)
    },

    /**
     * Gives back what a holder had, after the catalogue has put it on the stock again, in the same unit. What can't be
     * sold any more (its landing is closed, lost, or came with less) comes off the stock. `lines`: only so many of each.
     */
    async giveBackIn(tx: Tx, holderId: string, lines?: readonly Line[]): Promise<void> {
      const uses = await lots.usesOf(tx, holderId)
      const wanted = lines && new Map(oneEach(lines).map(({ specId, qty }) => [specId, qty]))
      for (const { use, part } of await latestFirst(tx, uses)) {
        const back = Math.min(use.qty, wanted?.get(use.specId) ?? (wanted ? 0 : use.qty))
        if (!back) continue
        wanted?.set(use.specId, wanted.get(use.specId)! - back)
        await lots.lowerUse(tx, use, back)
        const used = await lots.used(tx, use.lotId, use.specId)
        const again = backTo(part, used, back)
        if (again) await lots.lower(tx, use.lotId, use.specId, -again)
        if (back > again) await goods.takeOffIn(tx, { specId: use.specId, qty: back - again })
      }
    },

    /** The stock of these was set by hand: no landing promises more than there is. */
    async settleIn(tx: Tx, specIds: readonly string[]): Promise<void> {
      for (const specId of specIds) {
        const parts = await lots.parts(tx, specId)
        if (!parts.length) continue
        const stock = (await goods.specIn(tx, specId))?.stock ?? 0
        for (const { lotId, qty } of writtenOff(parts, stock)) await lots.lower(tx, lotId, specId, qty)
      }
    },

    /** Where the lines of these orders come from; what came without a landing is missing. */
    async landsAtOf(on: Tx | Reader, orderIds: readonly string[]): Promise<Map<string, Origin[]>> {
      return Map.groupBy(await lots.usesOfOrders(on, [...orderIds]), ({ orderId }) => orderId)
    },

    /** How many of each spec are still to come, and when the first of them lands; only those that have any. */
    async aheadOf(on: Tx | Reader, specIds: readonly string[]) {
      const ahead = new Map<string, { planned: number; landsAt: number }>()
      for (const { specId, left, landsAt } of await lots.planned(on, specIds)) {
        const known = ahead.get(specId)
        ahead.set(specId, {
          planned: (known?.planned ?? 0) + left,
          landsAt: Math.min(known?.landsAt ?? landsAt, landsAt)
        })
      }
      return ahead
    }
  }

  /** What can be sold again goes back before what can't, and what lands last before what is ashore. */
  async function latestFirst(tx: Tx, uses: UseRow[]) {
    const known: { use: UseRow; part: Part }[] = []
    for (const use of uses) known.push({ use, part: (await lots.partOf(tx, use.lotId, use.specId))! })
    const rank = { planned: 0, landed: 1, closed: 2, lost: 2 }
    return known.sort((a, b) => rank[a.part.state] - rank[b.part.state] || b.part.landsAt - a.part.landsAt)
  }
}

/** Lines of the same spec become one, in one order everywhere. */
function oneEach(lines: readonly Line[]): Line[] {
  const qtyOf = new Map<string, number>()
  for (const { specId, qty } of lines) qtyOf.set(specId, (qtyOf.get(specId) ?? 0) + qty)
  return [...qtyOf].map(([specId, qty]) => ({ specId, qty })).sort((a, b) => (a.specId < b.specId ? -1 : 1))
}
