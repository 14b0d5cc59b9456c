import { Array, Integer, Object, Optional, String, type Static } from 'typebox'
import { contract } from '../contract.ts'
import { Count, Fen, Id, Line, listOf, Millis, Nothing, oneOf, Picture, Text } from '../schemas.ts'
import { MAX_GRAMS } from '../weight.ts'
import { MAX_SPECS, UNITS } from './catalogue.ts'
import { MAX_QTY } from './orders.ts'

/** 船, 滩涂或筏架: where a landing comes from. */
export const LOT_SOURCES = ['boat', 'plot'] as const
/** 还没到岸 (sold ahead), 到岸了, 卖完收了, 没到. */
export const LOT_STATES = ['planned', 'landed', 'closed', 'lost'] as const
/** Of one landing, as one spec. */
export const MAX_LOT_QTY = 100_000
/** Nobody promises a catch further ahead than that. */
export const AHEAD_DAYS = 60

export const LotLine = Object({
  specId: Id,
  specName: Text(30),
  unit: oneOf(UNITS),
  /** What one of it weighs. */
  grams: Count,
  /** Put on sale, bought or held by orders and offers, and still on the shelf; the rest was thrown away. */
  qty: Count,
  sold: Count,
  left: Count
})
export type LotLine = Static<typeof LotLine>

/** 批次: one landing, as its shop sees it. */
export const Lot = Object({
  id: Id,
  productId: Id,
  title: Text(60),
  photo: Picture,
  source: oneOf(LOT_SOURCES),
  sourceName: Text(30),
  landsAt: Millis,
  grams: Count,
  /** Not on sale as any spec yet. */
  spareGrams: Integer(),
  state: oneOf(LOT_STATES),
  version: Count,
  lines: Array(LotLine, { maxItems: MAX_SPECS })
})
export type Lot = Static<typeof Lot>

/** 批次 as buyers see it: whose boat, when. */
export const Landing = Object({
  id: Id,
  source: oneOf(LOT_SOURCES),
  sourceName: Text(30),
  landsAt: Millis,
  state: oneOf(['planned', 'landed'])
})
export type Landing = Static<typeof Landing>

const Grams = Integer({ minimum: 1, maximum: MAX_GRAMS })
const Lines = Array(
  Object({
    specId: Id,
    qty: Integer({ minimum: 0, maximum: MAX_LOT_QTY }),
    /** What one weighs, of a 只 or a 份 that nobody has weighed yet. */
    grams: Optional(Integer({ minimum: 1, maximum: 100_000 }))
  }),
  { maxItems: MAX_SPECS }
)
const version = Count
const params = Object({ lotId: Id })
const response = { 200: Object({ lot: Lot }) }
const who = ['host', 'operator'] as const

export const myLots = contract({
  method: 'GET',
  url: '/api/my/lots',
  schema: {
    summary:
      'Landings of my shop: what is expected, the next first, and a page of what has come. An operator names the shop.',
    querystring: Object({ shopId: Optional(Id), after: Optional(Id) }),
    response: {
      200: Object({ expected: Array(Lot, { maxItems: 50 }), past: Array(Lot, { maxItems: 24 }) })
    }
  },
  config: { who }
})

export const addLot = contract({
  method: 'POST',
  url: '/api/my/lots',
  schema: {
    summary:
      'A landing becomes stock of specs, never more than it weighs; one that is still to come is sold ahead. The same `key` twice is one landing.',
    body: Object({
      key: String({ pattern: '^[0-9a-z][0-9a-z-]{7,39}$' }),
      productId: Id,
      source: oneOf(LOT_SOURCES),
      sourceName: Line(30),
      state: oneOf(['planned', 'landed']),
      landsAt: Millis,
      grams: Grams,
      lines: Lines
    }),
    response
  },
  config: { who }
})

export const spreadLot = contract({
  method: 'PUT',
  url: '/api/my/lots/:lotId/lines',
  schema: {
    summary: 'What of a landing is on sale as which spec; refused when somebody changed it since `version`.',
    params,
    body: Object({ version, lines: Lines }),
    response
  },
  config: { who }
})

export const landLot = contract({
  method: 'POST',
  url: '/api/my/lots/:lotId/land',
  schema: {
    summary:
      'What was expected is ashore, with what it weighs. Where it is less than was sold ahead, who bought last gets her money back.',
    params,
    body: Object({ version, grams: Grams, lines: Lines }),
    response
  },
  config: { who }
})

export const moveLot = contract({
  method: 'POST',
  url: '/api/my/lots/:lotId/move',
  schema: {
    summary: 'It comes at another time; whoever bought of it is told.',
    params,
    body: Object({ version, landsAt: Millis }),
    response
  },
  config: { who }
})

export const loseLot = contract({
  method: 'POST',
  url: '/api/my/lots/:lotId/lose',
  schema: {
    summary: 'It does not come; whoever bought of it is told and gets her money back.',
    params,
    body: Object({ version, reason: Line(100) }),
    response
  },
  config: { who }
})

export const closeLot = contract({
  method: 'POST',
  url: '/api/my/lots/:lotId/close',
  schema: {
    summary: 'Nothing more is sold of it; what is left goes off the shelf.',
    params,
    body: Object({ version }),
    response
  },
  config: { who }
})

export const productLandings = contract({
  method: 'GET',
  url: '/api/products/:productId/landings',
  schema: {
    summary: 'Where a product comes from: its landings of these days, the latest first.',
    params: Object({ productId: Id }),
    response: { 200: listOf(Landing, 10) }
  },
  config: { who: 'anyone' }
})

/** 候补: what I wait for. An offer is kept for me until `offerUntil`. */
export const Wait = Object({
  id: Id,
  specId: Id,
  productId: Id,
  title: Text(60),
  specName: Text(30),
  photo: Picture,
  unit: oneOf(UNITS),
  priceFen: Fen,
  qty: Count,
  state: oneOf(['waiting', 'offered']),
  askedAt: Millis,
  offerUntil: Millis,
  /** How many stand before me. */
  before: Count
})
export type Wait = Static<typeof Wait>

export const waitForSpec = contract({
  method: 'POST',
  url: '/api/specs/:specId/wait',
  schema: {
    summary: 'I wait for what is sold out; asked again it is the same wait.',
    params: Object({ specId: Id }),
    body: Object({ qty: Integer({ minimum: 1, maximum: MAX_QTY }) }),
    response: { 200: Object({ wait: Wait }) }
  },
  config: { who: 'member' }
})

export const myWaits = contract({
  method: 'GET',
  url: '/api/me/waits',
  schema: { summary: 'What I wait for and what is kept for me.', response: { 200: listOf(Wait, 20) } },
  config: { who: 'member' }
})

export const leaveWait = contract({
  method: 'DELETE',
  url: '/api/me/waits/:waitId',
  schema: {
    summary: 'I wait no longer; what was kept for me goes to the next.',
    params: Object({ waitId: Id }),
    response: { 200: Nothing }
  },
  config: { who: 'member' }
})
