import type { Answer } from '../../shared/contract.ts'
import type { Product, TempClass } from '../../shared/contracts/catalogue.ts'
import type { Delivery, NotDelivered, productDelivery } from '../../shared/contracts/freight.ts'
import {
  arrivesAt,
  coldestOf,
  feeOf,
  leavesAt,
  skyOver,
  warningsOf,
  whyNot,
  zoneOf,
  type Reason
} from '../../shared/freight.ts'
import { Problem } from '../../shared/problems.ts'
import { PROVINCES, provinceOf, type Province } from '../../shared/provinces.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { deliveryWords } from './delivery.ts'
import { openRoads } from './roads.ts'
import { freightStore, type TemplateRow } from './store.ts'
import { openTemplates } from './templates.ts'
import { openWeather } from './weather.ts'

/** How a product travels, as the catalogue knows it. */
export interface Travel {
  title: string
  kind: 'goods' | 'voucher'
  /** Empty: its shop sends it free. */
  freightId: string
  tempClass: TempClass
  maxHours: number
  maxCelsius: number
}

export interface Goods {
  /** How these travel, by product; what is not there is missing. */
  travelIn(on: Tx | Reader, productIds: string[]): Promise<Map<string, Travel>>
  /** How many of a shop's goods go by each template. */
  byFreightIn(on: Tx | Reader, shopId: string): Promise<Map<string, number>>
  /** One product as this viewer may see it. Problem no_such_product. */
  get(viewer: Member | undefined, productId: string): Promise<Product>
}

export type ShopOf = (ownerId: string) => Promise<{ id: string } | undefined>
export type NamesOf = (ids: string[]) => Promise<ReadonlyMap<string, { name: string }>>
export type Audit = (
  tx: Tx,
  line: { actorId: string; action: string; subject: string; details: Record<string, unknown> }
) => Promise<void>

/** What of one shop's goods goes where. `grams` is of one piece, `fen` of the whole line before any coupon. */
export interface Asked {
  shopId: string
  /** As it stands in the address. */
  region: string
  lines: {
    productId: string
    specId: string
    qty: number
    grams: number
    tempClass: TempClass
    fen: number
  }[]
  /** When the goods are there to be sent (预售: when they come ashore); now, when left out. */
  readyAt?: number
}

export type Freight = ReturnType<typeof openFreight>

/** What it costs to send goods, how they travel, and where they can't be sent. */
export function openFreight({
  store,
  clock,
  goods,
  shopOf,
  namesOf,
  audit
}: {
  store: Store
  clock: Clock
  goods: Goods
  shopOf: ShopOf
  namesOf: NamesOf
  audit: Audit
}) {
  const rows = freightStore(store)
  const weather = openWeather({ store, clock, audit })
  const roads = openRoads({ store, clock, namesOf, audit })
  const templates = openTemplates({ store, clock, goods, shopOf })

  /** How it would travel now; refuses nothing, so that a page can show all that is in the way. */
  async function lookIn(on: Tx | Reader, { shopId, region, lines, readyAt }: Asked): Promise<Delivery> {
    const travel = await goods.travelIn(on, [...new Set(lines.map((line) => line.productId))])
    const sent = lines.filter((line) => travel.get(line.productId)?.kind === 'goods')
    if (!sent.length) return NOTHING
    const rules = sent.map((line) => travel.get(line.productId)!)
    const tariffs = await templatesIn(on, shopId, rules)
    const sky = await weather.nowIn(on)
    const tempClass = coldestOf(sent)!
    const cutoffMinute = earliest([...tariffs.values()])
    const now = clock.now()
    const leaves = leavesAt(cutoffMinute, Math.max(now, readyAt ?? now))
    const known = { tempClass, cutoffMinute, leavesAt: leaves }
    const province = provinceOf(region)
    if (!province) {
      const unclear = sky.length > 0 || rules.some((rule) => asksWhere(rule))
      return { ...NOTHING, ...known, arrivesAt: leaves, unclear }
    }

    const hours = await roads.hoursIn(on, province)
    const refused: NotDelivered[] = []
    for (const [productId, rule] of travel) {
      if (rule.kind !== 'goods') continue
      const reason = whyNot({ ...rule, tariff: tariffs.get(rule.freightId) }, { province, hours }, sky, now)
      if (reason) refused.push({ productId, title: rule.title, province, reason })
    }
    const parts = [...tariffs.values()].flatMap((tariff) => {
      const loads = sent.filter((line) => travel.get(line.productId)!.freightId === tariff.id)
      const boxes = feeOf(tariff, loads, province)?.boxes ?? []
      return boxes.map((box) => ({ freightId: tariff.id, name: tariff.name, ...box }))
    })
    const delivery = {
      ...NOTHING,
      ...known,
      province,
      parts,
      freightFen: parts.reduce((sum, part) => sum + part.fen, 0),
      hours,
      arrivesAt: arrivesAt(leaves, hours),
      warnings: warningsOf(tempClass, hours, skyOver(province, sky, now).celsius),
      refused
    }
    return { ...delivery, words: deliveryWords(delivery, now) }
  }

  return {
    templates,
    weather,
    roads,
    lookIn,

    /**
     * What sending these goods of one shop costs. Problems: not_delivered {productId, title, province, reason, all},
     * region_unclear.
     */
    async feeIn(on: Tx | Reader, asked: Asked): Promise<Delivery> {
      const delivery = await lookIn(on, asked)
      if (delivery.unclear) throw new Problem('region_unclear')
      const [first] = delivery.refused
      if (first) throw new Problem('not_delivered', { ...first, all: delivery.refused })
      return delivery
    },

    /**
     * What the weather does today to orders that are paid and not yet sent, by order: an accepted order is no longer
     * refused, but whoever packs should wait with these. Those that can leave are missing.
     */
    async heldUpIn(
      on: Tx | Reader,
      orders: readonly { id: string; region: string; productIds: readonly string[] }[]
    ): Promise<Map<string, { reason: Reason; province: Province }>> {
      const held = new Map<string, { reason: Reason; province: Province }>()
      const sky = await weather.nowIn(on)
      if (!sky.length) return held
      const travel = await goods.travelIn(on, [...new Set(orders.flatMap((order) => order.productIds))])
      for (const { id, region, productIds } of orders) {
        const province = provinceOf(region)
        if (!province) continue
        const reasons = productIds.flatMap((productId) => {
          const maxCelsius = travel.get(productId)?.maxCelsius ?? 0
          return whyNot({ maxHours: 0, maxCelsius }, { province, hours: 0 }, sky, clock.now()) ?? []
        })
        const reason = reasons.includes('storm') ? 'storm' : reasons[0]
        if (reason) held.set(id, { reason, province })
      }
      return held
    },

    /** 截单: until which minute of a day each of these leaves the same day; 0: nothing is promised. */
    async cutoffsIn(on: Tx | Reader, productIds: readonly string[]): Promise<Map<string, number>> {
      const travel = await goods.travelIn(on, [...new Set(productIds)])
      const freightIds = [...new Set([...travel.values()].map(({ freightId }) => freightId))]
      const minutes = new Map<string, number>()
      for (const id of freightIds) {
        minutes.set(id, id === '' ? 0 : ((await rows.template(on, id))?.cutoffMinute ?? 0))
      }
      return new Map([...travel].map(([id, { freightId }]) => [id, minutes.get(freightId)!]))
    },

    /** Of one product: what its cheapest spec costs to send to each province, and where it does not go. */
    async deliveryOf(viewer: Member | undefined, productId: string): Promise<Answer<typeof productDelivery>> {
      const product = await goods.get(viewer, productId)
      const { shop, tempClass, kind, specs } = product
      const on = store.read
      const tariff = (await templatesIn(on, shop.id, [product])).get(product.freightId)
      const [sky, hoursOf] = await Promise.all([weather.nowIn(on), roads.all(on)])
      const cheapest = specs.toSorted((one, other) => one.priceFen - other.priceFen)[0]
      const load = { qty: 1, grams: cheapest?.grams ?? 0, tempClass, fen: cheapest?.priceFen ?? 0 }
      const now = clock.now()
      const cutoffMinute = tariff?.cutoffMinute ?? 0
      const places = PROVINCES.map((province) => {
        const hours = hoursOf[province]
        const reason = whyNot({ ...product, tariff }, { province, hours }, sky, now)
        return {
          province,
          freightFen: (tariff && feeOf(tariff, [load], province)?.fen) ?? 0,
          freeFromFen: (tariff && zoneOf(tariff, province)?.freeFromFen) ?? 0,
          hours,
          warnings: warningsOf(tempClass, hours, skyOver(province, sky, now).celsius),
          ...(reason && { reason })
        }
      })
      const nothing = kind === 'voucher'
      return {
        tempClass,
        cutoffMinute,
        leavesAt: leavesAt(cutoffMinute, now),
        nothing,
        places: nothing ? [] : places
      }
    }
  }

  /** The templates that these go by, each once. A shop's goods go by its own only. */
  async function templatesIn(on: Tx | Reader, shopId: string, rules: { freightId: string }[]) {
    const found = new Map<string, TemplateRow>()
    for (const id of new Set(rules.map((rule) => rule.freightId))) {
      const row = id === '' ? undefined : await rows.template(on, id)
      if (row?.shopId === shopId) found.set(id, row)
    }
    return found
  }
}

/** 包邮 wherever it goes, and no rule of its own: such goods need no province. */
const asksWhere = ({ freightId, maxHours, maxCelsius }: Travel) =>
  freightId !== '' || maxHours > 0 || maxCelsius > 0

/** What goes together leaves with what must leave first; 0: nothing is promised. */
function earliest(tariffs: { cutoffMinute: number }[]) {
  const promised = tariffs.map(({ cutoffMinute }) => cutoffMinute).filter((minute) => minute > 0)
  return promised.length ? Math.min(...promised) : 0
}

const NOTHING: Delivery = {
  province: '',
  freightFen: 0,
  parts: [],
  tempClass: '',
  hours: 0,
  cutoffMinute: 0,
  leavesAt: 0,
  arrivesAt: 0,
  warnings: [],
  refused: [],
  unclear: false,
  words: ''
}
