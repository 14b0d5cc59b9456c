import { Array, Boolean, Integer, Object, Optional, String, type Static } from 'typebox'
import { contract } from '../contract.ts'
import { REASONS } from '../freight.ts'
import { PROVINCES } from '../provinces.ts'
import { Count, Fen, Id, Line, listOf, Millis, Nothing, oneOf, Text } from '../schemas.ts'
import { TEMP_CLASSES } from './catalogue.ts'

/** More ways to send things than one shop has. */
export const MAX_TEMPLATES = 20
export const MAX_ZONES = 12
/** Nobody sends a heavier box; a slip of the finger does. */
export const MAX_STEP_GRAMS = 100_000
export const MAX_FREIGHT_FEN = 1_000_000
export const MAX_HOURS = 240
/** Weather that is said at the same time. */
export const MAX_NOTICES = 50
/** Nobody knows the weather of next month. */
export const NOTICE_DAYS = 30

const Province = oneOf(PROVINCES)
const Provinces = Array(Province, { maxItems: PROVINCES.length })
const Price = Integer({ minimum: 0, maximum: MAX_FREIGHT_FEN })
const Step = Integer({ minimum: 1, maximum: MAX_STEP_GRAMS })

export const ZoneDraft = Object({
  /** Empty: everywhere that no other zone names. At most one zone is. */
  provinces: Provinces,
  firstGrams: Step,
  firstFen: Price,
  moreGrams: Step,
  moreFen: Price,
  /** 0: never free. */
  freeFromFen: Fen
})

const template = {
  name: Line(20),
  zones: Array(ZoneDraft, { minItems: 1, maxItems: MAX_ZONES }),
  refused: Provinces,
  chilledFen: Price,
  frozenFen: Price,
  /** Minutes after midnight in the village; 0: nothing is promised. */
  cutoffMinute: Integer({ minimum: 0, maximum: 1439 })
}
export const FreightDraft = Object(template)
export type FreightDraft = Static<typeof FreightDraft>

/** 运费模板: what it costs to send a shop's goods, and where they are not sent. */
export const FreightTemplate = Object({
  ...template,
  id: Id,
  version: Count,
  /** How many of her goods go by it. */
  goods: Count
})
export type FreightTemplate = Static<typeof FreightTemplate>

const params = Object({ freightId: Id })

export const myFreight = contract({
  method: 'GET',
  url: '/api/my/freight',
  schema: {
    summary: 'The freight templates of my shop.',
    response: { 200: listOf(FreightTemplate, MAX_TEMPLATES) }
  },
  config: { who: ['host'] }
})

export const addFreight = contract({
  method: 'POST',
  url: '/api/my/freight',
  schema: {
    summary: 'A host writes down what it costs to send her goods.',
    body: FreightDraft,
    response: { 200: Object({ template: FreightTemplate }) }
  },
  config: { who: ['host'] }
})

export const changeFreight = contract({
  method: 'PUT',
  url: '/api/my/freight/:freightId',
  schema: {
    summary: 'Changes a freight template of my shop; refused when somebody changed it since `version`.',
    params,
    body: Object({ version: Count, template: FreightDraft }),
    response: { 200: Object({ template: FreightTemplate }) }
  },
  config: { who: ['host'] }
})

export const dropFreight = contract({
  method: 'DELETE',
  url: '/api/my/freight/:freightId',
  schema: {
    summary: 'Throws a freight template away; refused while goods go by it.',
    params,
    response: { 200: Nothing }
  },
  config: { who: ['host'] }
})

/** One box of an order, as the buyer is shown it. */
export const Part = Object({
  freightId: Id,
  name: Text(20),
  tempClass: oneOf(TEMP_CLASSES),
  grams: Count,
  unweighed: Count,
  fen: Fen,
  free: Boolean()
})

export const NotDelivered = Object({
  productId: Id,
  title: Text(60),
  province: Province,
  reason: oneOf(REASONS)
})
export type NotDelivered = Static<typeof NotDelivered>

/** How some goods of one shop travel to a region: what it costs, how cold, how long, or why not. */
export const Delivery = Object({
  /** Empty: the region does not say which. */
  province: Text(4),
  freightFen: Fen,
  parts: Array(Part, { maxItems: 60 }),
  /** What must not get warm decides for the whole order; empty: nothing is sent. */
  tempClass: Text(10),
  /** 0: not known, or nothing is sent. */
  hours: Count,
  /** The last minute of the village's day at which it still leaves today; 0: nothing is promised. */
  cutoffMinute: Count,
  leavesAt: Millis,
  arrivesAt: Millis,
  warnings: Array(oneOf(['far', 'hot']), { maxItems: 2 }),
  /** What can't be sent there now. Empty: everything can. */
  refused: Array(NotDelivered, { maxItems: 60 }),
  /** Where it goes must be known first: the region names no province. */
  unclear: Boolean(),
  words: Text(300)
})
export type Delivery = Static<typeof Delivery>

/** Of one product: every province at once, so that a buyer's choice asks nobody again. */
export const productDelivery = contract({
  method: 'GET',
  url: '/api/products/:productId/delivery',
  schema: {
    summary:
      'Where one product is sent, what the cheapest spec of it costs to send there, and how long it takes.',
    params: Object({ productId: Id }),
    response: {
      200: Object({
        tempClass: oneOf(TEMP_CLASSES),
        cutoffMinute: Count,
        leavesAt: Millis,
        /** It is a voucher: nothing is sent. */
        nothing: Boolean(),
        places: Array(
          Object({
            province: Province,
            freightFen: Fen,
            /** From this sum of goods on it costs nothing; 0: never. */
            freeFromFen: Fen,
            hours: Count,
            warnings: Array(oneOf(['far', 'hot']), { maxItems: 2 }),
            reason: Optional(oneOf(REASONS))
          }),
          { maxItems: PROVINCES.length }
        )
      })
    }
  },
  config: { who: 'anyone' }
})

export const WeatherNotice = Object({
  id: Id,
  provinces: Provinces,
  kind: oneOf(['heat', 'storm']),
  celsius: Count,
  words: Text(120),
  fromAt: Millis,
  untilAt: Millis
})
export type WeatherNotice = Static<typeof WeatherNotice>

export const listWeather = contract({
  method: 'GET',
  url: '/api/weather',
  schema: {
    summary: 'What is said of the weather on the road, now and in the days to come.',
    response: { 200: listOf(WeatherNotice, MAX_NOTICES) }
  },
  config: { who: 'anyone' }
})

export const sayWeather = contract({
  method: 'POST',
  url: '/api/weather',
  schema: {
    summary:
      'Says that it is hot somewhere, or that nothing gets through; orders are refused by their goods’ own rules.',
    body: Object({
      provinces: Array(Province, { minItems: 1, maxItems: PROVINCES.length }),
      kind: oneOf(['heat', 'storm']),
      /** Of a storm: 0. */
      celsius: Integer({ minimum: 0, maximum: 60 }),
      words: Text(120),
      fromAt: Millis,
      untilAt: Millis
    }),
    response: { 200: Object({ notice: WeatherNotice }) }
  },
  config: { who: ['operator', 'officer'] }
})

export const liftWeather = contract({
  method: 'DELETE',
  url: '/api/weather/:noticeId',
  schema: {
    summary: 'Lifts what was said of the weather, now.',
    params: Object({ noticeId: Id }),
    response: { 200: Nothing }
  },
  config: { who: ['operator', 'officer'] }
})

const RoadHours = Object({
  /** That these are estimates, and whose. */
  words: String(),
  items: Array(
    Object({
      province: Province,
      hours: Count,
      /** What we begin with; she may go back to it. */
      ours: Count,
      changedAt: Millis,
      changedByName: Text(40)
    }),
    { maxItems: PROVINCES.length }
  )
})

export const listRoads = contract({
  method: 'GET',
  url: '/api/roads',
  schema: {
    summary: 'How long a parcel is on the road to each province: estimates of ours.',
    response: { 200: RoadHours }
  },
  config: { who: ['host', 'operator', 'officer'] }
})

export const setRoad = contract({
  method: 'PUT',
  url: '/api/roads',
  schema: {
    summary: 'Corrects the estimate for one province by what the union has seen.',
    body: Object({ province: Province, hours: Integer({ minimum: 1, maximum: MAX_HOURS }) }),
    response: { 200: RoadHours }
  },
  config: { who: ['operator', 'officer'] }
})
