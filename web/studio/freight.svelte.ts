import {
  MAX_FREIGHT_FEN,
  MAX_STEP_GRAMS,
  MAX_ZONES,
  type FreightDraft,
  type FreightTemplate
} from '../../shared/contracts/freight.ts'
import { faultOf, feeOf, type Load } from '../../shared/freight.ts'
import { fenOf, yuan } from '../../shared/money.ts'
import type { Province } from '../../shared/provinces.ts'
import { gramsIn, jinOf } from '../../shared/weight.ts'
import { clockOf } from '../words/freight.ts'

/** A zone as she types it: 斤 and yuan. */
export interface TypedZone {
  provinces: string[]
  first: string
  firstFen: string
  more: string
  moreFen: string
  /** Empty: never free. */
  freeFrom: string
}

export interface TypedFreight {
  name: string
  /** Those with provinces of their own. */
  zones: TypedZone[]
  /** Everywhere else, if it is sent there. */
  rest: TypedZone
  sendsRest: boolean
  refused: string[]
  chilled: string
  frozen: string
  /** `16:00`; empty: nothing is promised. */
  cutoff: string
}

/** A field that can't be sent as it is; of a zone: `provinces-0`, `first-rest`. */
export type Wrong = string

const emptyZone = (): TypedZone => ({
  provinces: [],
  first: '3',
  firstFen: '',
  more: '1',
  moreFen: '',
  freeFrom: ''
})

const typedZone = (zone: FreightDraft['zones'][number]): TypedZone => ({
  provinces: [...zone.provinces],
  first: jinOf(zone.firstGrams),
  firstFen: yuan(zone.firstFen),
  more: jinOf(zone.moreGrams),
  moreFen: yuan(zone.moreFen),
  freeFrom: zone.freeFromFen ? yuan(zone.freeFromFen) : ''
})

export function typedFreight(draft: FreightDraft): TypedFreight {
  const rest = draft.zones.find((zone) => !zone.provinces.length)
  return {
    name: draft.name,
    zones: draft.zones.filter((zone) => zone.provinces.length).map(typedZone),
    rest: rest ? typedZone(rest) : emptyZone(),
    sendsRest: rest !== undefined,
    refused: [...draft.refused],
    chilled: yuan(draft.chilledFen),
    frozen: yuan(draft.frozenFen),
    cutoff: draft.cutoffMinute ? clockOf(draft.cutoffMinute) : ''
  }
}

/** Weighs at most what a template may say. */
const stepOf = (typed: string) => {
  const grams = gramsIn(typed)
  return grams !== undefined && grams <= MAX_STEP_GRAMS ? grams : undefined
}
const priceOf = (typed: string) => {
  const fen = typed.trim() === '' ? 0 : fenOf(typed)
  return fen !== undefined && fen <= MAX_FREIGHT_FEN ? fen : undefined
}
const MOST_FEN = 100_000_000
const freeOf = (typed: string) => {
  const fen = typed.trim() === '' ? 0 : fenOf(typed)
  return fen !== undefined && fen <= MOST_FEN ? fen : undefined
}

function wrongOf(zone: TypedZone, key: string, named: boolean): Wrong[] {
  const wrong: Wrong[] = []
  if (named && !zone.provinces.length) wrong.push(`provinces-${key}`)
  if (stepOf(zone.first) === undefined) wrong.push(`first-${key}`)
  if (zone.firstFen.trim() === '' || priceOf(zone.firstFen) === undefined) wrong.push(`firstFen-${key}`)
  if (stepOf(zone.more) === undefined) wrong.push(`more-${key}`)
  if (priceOf(zone.moreFen) === undefined) wrong.push(`moreFen-${key}`)
  if (freeOf(zone.freeFrom) === undefined) wrong.push(`freeFrom-${key}`)
  return wrong
}

const zoneOf = (zone: TypedZone, provinces: string[]): FreightDraft['zones'][number] => ({
  // The chips are provinces and nothing else.
  provinces: provinces as Province[],
  firstGrams: stepOf(zone.first) ?? 1,
  firstFen: priceOf(zone.firstFen) ?? 0,
  moreGrams: stepOf(zone.more) ?? 1,
  moreFen: priceOf(zone.moreFen) ?? 0,
  freeFromFen: freeOf(zone.freeFrom) ?? 0
})

const CLOCK = /^(?:[01]\d|2[0-3]):[0-5]\d$/

function minuteOf(typed: string) {
  if (!CLOCK.test(typed)) return 0
  const [hours, minutes] = typed.split(':')
  return Number(hours) * 60 + Number(minutes)
}

/** A template while its host writes it. */
export class FreightForm {
  typed: TypedFreight = $state()!
  readonly template: FreightTemplate | undefined

  constructor(draft: FreightDraft, template?: FreightTemplate) {
    this.typed = typedFreight(draft)
    this.template = template
  }

  wrong = $derived.by(() => {
    const { name, zones, rest, sendsRest, chilled, frozen } = this.typed
    const wrong = new Set<Wrong>()
    if (!name.trim()) wrong.add('name')
    for (const [i, zone] of zones.entries())
      for (const each of wrongOf(zone, String(i), true)) wrong.add(each)
    if (sendsRest) for (const each of wrongOf(rest, 'rest', false)) wrong.add(each)
    if (priceOf(chilled) === undefined) wrong.add('chilled')
    if (priceOf(frozen) === undefined) wrong.add('frozen')
    return wrong
  })

  /** What the server is sent. Only asked for when nothing is wrong. */
  draft = $derived.by((): FreightDraft => {
    const { name, zones, rest, sendsRest, refused, chilled, frozen, cutoff } = this.typed
    return {
      name: name.trim(),
      zones: [...zones.map((zone) => zoneOf(zone, zone.provinces)), ...(sendsRest ? [zoneOf(rest, [])] : [])],
      refused: refused as Province[],
      chilledFen: priceOf(chilled) ?? 0,
      frozenFen: priceOf(frozen) ?? 0,
      cutoffMinute: minuteOf(cutoff)
    }
  })

  fault = $derived(this.wrong.size ? undefined : this.draft.zones.length ? faultOf(this.draft) : NOWHERE)
  mayAdd = $derived(this.typed.zones.length + 1 < MAX_ZONES)

  /** Provinces that another zone, or what is not sent, has already. */
  takenBy(zone: TypedZone | undefined): string[] {
    const others = this.typed.zones.filter((each) => each !== zone).flatMap((each) => each.provinces)
    return zone ? [...others, ...this.typed.refused] : others
  }

  addZone() {
    this.typed.zones.push(emptyZone())
  }

  dropZone(i: number) {
    this.typed.zones.splice(i, 1)
  }

  /** What sending this would cost as it is typed; undefined: it is not sent there. */
  fee(load: Load, province: Province) {
    return feeOf(this.draft, [load], province)?.fen
  }
}

const NOWHERE = { what: 'nowhere' } as const
