import { Array, Integer, Object, Optional, type Static } from 'typebox'
import { contract } from '../contract.ts'
import { Count, Fen, Id, Millis, Nothing, oneOf, Picture, Text } from '../schemas.ts'
import { UNITS } from './catalogue.ts'
import { MAX_LINES, MAX_QTY } from './orders.ts'

/** Different things in one basket: all of it can be one bill. */
export const MAX_ITEMS = MAX_LINES

export const BasketItem = Object({
  specId: Id,
  /** Its product, shop and words are empty where nobody sells it any more. */
  productId: Text(40),
  title: Text(60),
  specName: Text(30),
  unit: oneOf(UNITS),
  photo: Picture,
  shopId: Text(40),
  shopName: Text(30),
  hostName: Text(40),
  qty: Count,
  /** What it costs now, at its flash price where there is one. */
  priceFen: Fen,
  /** What she saw last: another number is a change that she has to be told of. */
  seenFen: Fen,
  /** When its flash price is over. */
  flashEndsAt: Optional(Millis),
  /** So many may be bought, what is kept for her too. */
  left: Count,
  state: oneOf(['ok', 'short', 'sold_out', 'off_sale']),
  /** The room it was put in from; empty for the storefront. */
  showId: Text(40)
})
export type BasketItem = Static<typeof BasketItem>

export const Basket = Object({ items: Array(BasketItem, { maxItems: MAX_ITEMS }) })
export type Basket = Static<typeof Basket>

const params = Object({ specId: Id })
const Qty = Integer({ minimum: 1, maximum: MAX_QTY })

export const getBasket = contract({
  method: 'GET',
  url: '/api/me/basket',
  schema: {
    summary:
      'What is in my basket, with what it costs now and whether it can still be bought. Holds nothing.',
    response: { 200: Basket }
  },
  config: { who: 'member' }
})

/** The number on the basket’s icon. */
export const basketCount = contract({
  method: 'GET',
  url: '/api/me/basket/count',
  schema: { summary: 'How many things are in my basket.', response: { 200: Object({ count: Count }) } },
  config: { who: 'member' }
})

export const putInBasket = contract({
  method: 'POST',
  url: '/api/me/basket/:specId',
  schema: {
    summary: 'Puts so many more of a spec into my basket.',
    params,
    body: Object({ qty: Qty, showId: Optional(Id) }),
    response: { 200: Object({ count: Count }) }
  },
  config: { who: 'member' }
})

export const changeInBasket = contract({
  method: 'PUT',
  url: '/api/me/basket/:specId',
  schema: {
    summary: 'How many of it are in my basket; says that its price has been seen.',
    params,
    body: Object({ qty: Qty }),
    response: { 200: Basket }
  },
  config: { who: 'member' }
})

export const takeFromBasket = contract({
  method: 'POST',
  url: '/api/me/basket/take-out',
  schema: {
    summary: 'Takes these out of my basket.',
    body: Object({ specIds: Array(Id, { minItems: 1, maxItems: MAX_ITEMS }) }),
    response: { 200: Basket }
  },
  config: { who: 'member' }
})

export const seenInBasket = contract({
  method: 'POST',
  url: '/api/me/basket/seen',
  schema: {
    summary: 'The prices of these have been seen as they are on the screen.',
    body: Object({ prices: Array(Object({ specId: Id, fen: Fen }), { minItems: 1, maxItems: MAX_ITEMS }) }),
    response: { 200: Nothing }
  },
  config: { who: 'member' }
})
