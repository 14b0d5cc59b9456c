import type { TempClass } from './contracts/catalogue.ts'
import { DAY_MS, endOfDay } from './day.ts'
import { PROVINCES, type Province } from './provinces.ts'

/** 分区: what it costs to send to some provinces. The first grams, then each further step; free from a sum of goods on. */
export interface Zone {
  /** Empty: everywhere that no other zone names. */
  provinces: string[]
  firstGrams: number
  firstFen: number
  moreGrams: number
  moreFen: number
  /** 0: never free. */
  freeFromFen: number
}

/** What of a template decides a price. */
export interface Tariff {
  zones: readonly Zone[]
  /** Provinces it is not sent to, whatever a zone says. */
  refused: readonly string[]
  /** A box with ice, and one with dry ice, costs so much besides. */
  chilledFen: number
  frozenFen: number
}

/** What is sent: so many pieces of `grams` each (0: nobody knows), which cost `fen` together. */
export interface Load {
  qty: number
  grams: number
  tempClass: TempClass
  fen: number
}

/** One box: what is kept equally cold travels together. */
export interface Box {
  tempClass: TempClass
  /** Of what has a weight. */
  grams: number
  /** Pieces whose weight nobody knows. */
  unweighed: number
  fen: number
  /** 包邮: it would cost something, had she bought less. */
  free: boolean
}

/** Which zone a province is in; undefined: it is not sent there. */
export function zoneOf({ zones, refused }: Pick<Tariff, 'zones' | 'refused'>, province: Province) {
  if (refused.includes(province)) return undefined
  return (
    zones.find((zone) => zone.provinces.includes(province)) ?? zones.find((zone) => !zone.provinces.length)
  )
}

/** What nobody could mean by a template, and where it says so. */
export type Fault =
  | { what: 'two_rests' | 'nowhere' }
  | { what: 'named_twice' | 'refused_too'; province: string }

/** Every province is in one zone at most, and in none of what is refused; somewhere it must go. */
export function faultOf({ zones, refused }: Pick<Tariff, 'zones' | 'refused'>): Fault | undefined {
  if (zones.filter((zone) => !zone.provinces.length).length > 1) return { what: 'two_rests' }
  const named = zones.flatMap((zone) => zone.provinces)
  const twice = named.find((province, i) => named.indexOf(province) !== i)
  if (twice !== undefined) return { what: 'named_twice', province: twice }
  const both = named.find((province) => refused.includes(province))
  if (both !== undefined) return { what: 'refused_too', province: both }
  if (!PROVINCES.some((province) => zoneOf({ zones, refused }, province))) return { what: 'nowhere' }
  return undefined
}

/** What one template asks for these loads, box by box; undefined: it does not send there. */
export function feeOf(
  tariff: Tariff,
  loads: readonly Load[],
  province: Province
): { fen: number; boxes: Box[] } | undefined {
  const zone = zoneOf(tariff, province)
  if (!zone) return undefined
  const free = zone.freeFromFen > 0 && sumOf(loads, ({ fen }) => fen) >= zone.freeFromFen
  const boxes = TRAVELS.flatMap((tempClass) => {
    const inside = loads.filter((load) => load.tempClass === tempClass)
    const grams = sumOf(inside, (load) => load.qty * load.grams)
    const unweighed = sumOf(inside, (load) => (load.grams ? 0 : load.qty))
    if (!grams && !unweighed) return []
    const fen = free ? 0 : priceOf(zone, grams, unweighed) + coldOf(tariff, tempClass)
    return [{ tempClass, grams, unweighed, fen, free }]
  })
  return { fen: sumOf(boxes, (box) => box.fen), boxes }
}

/** The coldest last. */
const TRAVELS = ['ambient', 'chilled', 'frozen'] as const satisfies readonly TempClass[]

/** What must not get warm decides for the whole order; undefined where nothing is sent. */
export const coldestOf = (loads: readonly { tempClass: TempClass }[]) =>
  TRAVELS.findLast((tempClass) => loads.some((load) => load.tempClass === tempClass))

/** A piece of unknown weight fills the first step of an empty box, and a further step each besides. */
function priceOf(zone: Zone, grams: number, unweighed: number) {
  const beyond = Math.max(0, grams - zone.firstGrams)
  const steps = Math.ceil(beyond / Math.max(1, zone.moreGrams)) + (grams ? unweighed : unweighed - 1)
  return zone.firstFen + steps * zone.moreFen
}

const coldOf = ({ chilledFen, frozenFen }: Tariff, tempClass: TempClass) =>
  ({ ambient: 0, chilled: chilledFen, frozen: frozenFen })[tempClass]

/** 天气: what is said of the road, from when to when. */
export interface Weather {
  provinces: readonly string[]
  kind: 'heat' | 'storm'
  celsius: number
  fromAt: number
  untilAt: number
}

/** What a product says of its own road. 0: it does not mind. */
export interface TravelRule {
  maxHours: number
  maxCelsius: number
}

export const REASONS = ['refused', 'too_far', 'storm', 'heat'] as const
export type Reason = (typeof REASONS)[number]

/** Why it is not sent there now; what no weather changes comes first. Undefined: it is sent. */
export function whyNot(
  { maxHours, maxCelsius, tariff }: TravelRule & { tariff?: Pick<Tariff, 'zones' | 'refused'> | undefined },
  { province, hours }: { province: Province; hours: number },
  weather: readonly Weather[],
  now: number
): Reason | undefined {
  if (tariff && !zoneOf(tariff, province)) return 'refused'
  if (maxHours > 0 && hours > maxHours) return 'too_far'
  const { storm, celsius } = skyOver(province, weather, now)
  if (storm) return 'storm'
  if (maxCelsius > 0 && celsius >= maxCelsius) return 'heat'
  return undefined
}

/** Whether anything may go there at all, and how hot it is said to be; 0: nothing is said. */
export function skyOver(province: Province, weather: readonly Weather[], now: number) {
  const here = weather.filter(
    (each) => each.provinces.includes(province) && each.fromAt <= now && now < each.untilAt
  )
  return {
    storm: here.some(({ kind }) => kind === 'storm'),
    celsius: Math.max(0, ...here.filter(({ kind }) => kind === 'heat').map(({ celsius }) => celsius))
  }
}

/** From here on cold goods are worth a word to the buyer, although their shop sends them. */
export const LONG_HOURS = 48
export const HOT_CELSIUS = 30

/** What she should know before she buys cold goods that are sent all the same. */
export function warningsOf(tempClass: TempClass | undefined, hours: number, celsius: number) {
  if (!tempClass || tempClass === 'ambient') return []
  const warnings: ('far' | 'hot')[] = []
  if (hours > LONG_HOURS) warnings.push('far')
  if (celsius >= HOT_CELSIUS) warnings.push('hot')
  return warnings
}

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
/** Where a shop promises no hour, its parcels are taken to leave in the evening. */
const EVENING_MINUTE = 18 * 60

/**
 * 截单: when a parcel leaves that is paid now, or whose goods come ashore later: today before the shop's hour,
 * tomorrow from it on.
 */
export function leavesAt(cutoffMinute: number, now: number) {
  const midnight = endOfDay(now, -1) + 1
  const today = midnight + (cutoffMinute || EVENING_MINUTE) * MINUTE_MS
  return now < today ? today : today + DAY_MS
}

/** When it should be there: an estimate, for the road is one. */
export const arrivesAt = (leaves: number, hours: number) => leaves + hours * HOUR_MS

const sumOf = <T>(items: readonly T[], of: (item: T) => number) =>
  items.reduce((sum, item) => sum + of(item), 0)
