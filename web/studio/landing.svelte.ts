import type { Product, Spec } from '../../shared/contracts/catalogue.ts'
import type { addLot, landLot, Lot, spreadLot } from '../../shared/contracts/lots.ts'
import type { Body } from '../../shared/contract.ts'
import { gramsIn, jinOf } from '../../shared/weight.ts'
import { newToken } from '../token.ts'

/** Nobody sends a heavier piece (grams). */
const MOST_GRAMS = 100_000

interface TypedLine {
  specId: string
  /** What one weighs as the shop knows it; 0: nobody has weighed it. */
  grams: number
  /** 斤 of one, as she typed it, where nobody has. */
  weight: string
  qty: number
  /** What of it is sold already: it can't be less. */
  sold: number
}

/** What a host writes about a landing with wet hands: how much it weighs and as what it is sold. */
export class LandingDraft {
  /** One landing, however often she taps. */
  readonly key = newToken()
  readonly lot: Lot | undefined
  product = $state.raw<Product>()
  source = $state<'boat' | 'plot'>('boat')
  sourceName = $state('')
  weight = $state('')
  day = $state('')
  time = $state('')
  lines = $state<TypedLine[]>([])

  grams = $derived(gramsIn(this.weight))
  /** What is not shared out yet; below 0: too much is. */
  spareGrams = $derived(
    (this.grams ?? 0) - this.lines.reduce((sum, line) => sum + line.qty * (this.#gramsOf(line) ?? 0), 0)
  )
  /** Specs that are sold and weigh nobody knows what. */
  unweighed = $derived(
    new Set(this.lines.filter((line) => line.qty > 0 && !this.#gramsOf(line)).map((line) => line.specId))
  )
  /** Fewer than were sold ahead: who bought last gets her money back. */
  short = $derived(this.lines.some((line) => line.qty < line.sold))
  wrong = $derived.by(() => {
    const wrong = new Set<'weight' | 'source' | 'lines'>()
    if (this.grams === undefined) wrong.add('weight')
    if (!this.lot && !this.sourceName.trim()) wrong.add('source')
    if (this.spareGrams < 0 || this.unweighed.size) wrong.add('lines')
    return wrong
  })

  /** `lot`: one that is there already. Its boat stays; weight and lines are what they are now. */
  constructor(product?: Product, lot?: Lot) {
    this.lot = lot
    if (lot) {
      this.source = lot.source
      this.sourceName = lot.sourceName
      this.weight = jinOf(lot.grams)
    }
    if (product) this.pick(product)
  }

  pick(product: Product) {
    this.product = product
    this.lines = product.specs.map((spec) => this.#lineOf(spec))
  }

  #lineOf({ id, grams }: Spec): TypedLine {
    const line = this.lot?.lines.find(({ specId }) => specId === id)
    return { specId: id, grams, weight: '', qty: line?.qty ?? 0, sold: line?.sold ?? 0 }
  }

  gramsOf(specId: string) {
    const line = this.lines.find((each) => each.specId === specId)
    return line && this.#gramsOf(line)
  }

  #gramsOf({ grams, weight }: TypedLine): number | undefined {
    if (grams) return grams
    const typed = gramsIn(weight)
    return typed !== undefined && typed <= MOST_GRAMS ? typed : undefined
  }

  /** As many more of this one as the rest makes. */
  fill(specId: string) {
    const line = this.lines.find((each) => each.specId === specId)
    const grams = line && this.#gramsOf(line)
    if (line && grams && this.spareGrams > 0) line.qty += Math.floor(this.spareGrams / grams)
  }

  add(specId: string, more: number) {
    const line = this.lines.find((each) => each.specId === specId)
    if (line) line.qty = Math.max(0, Math.floor(Number(line.qty) || 0) + more)
  }

  /** How many more of this one the rest makes. */
  fits(specId: string) {
    const grams = this.gramsOf(specId)
    return grams && this.spareGrams > 0 ? Math.floor(this.spareGrams / grams) : 0
  }

  written(): { grams: number; lines: Body<typeof addLot>['lines'] } {
    const known = new Set(this.lot?.lines.map(({ specId }) => specId))
    const lines = this.lines
      .filter((line) => line.qty > 0 || known.has(line.specId))
      .map((line) => {
        const grams = this.#gramsOf(line)
        return { specId: line.specId, qty: line.qty, ...(!line.grams && grams && { grams }) }
      })
    return { grams: this.grams ?? 0, lines }
  }

  newLot(state: 'planned' | 'landed', landsAt: number): Body<typeof addLot> {
    const { key, product, source, sourceName } = this
    const from = { source, sourceName: sourceName.trim(), state, landsAt }
    return { key, productId: product!.id, ...from, ...this.written() }
  }

  landing = (version: number): Body<typeof landLot> => ({ version, ...this.written() })
  spreading = (version: number): Body<typeof spreadLot> => ({ version, lines: this.written().lines })
}

/** A moment of the village's calendar: `2026-07-03` and `05:30`. */
export const momentIn = (day: string, time: string) => Date.parse(`${day}T${time}:00+08:00`)
