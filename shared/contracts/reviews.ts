import { Array, Boolean, Integer, Object, Optional, type Static } from 'typebox'
import { contract } from '../contract.ts'
import { Count, Id, Line, listOf, Millis, oneOf, Picture, Text } from '../schemas.ts'

/** 评价: what a buyer says of goods that she got. Nobody deletes one; the union hides it, and says why to everybody. */

export const REVIEW_PHOTOS = 6
export const REVIEW_LETTERS = 500
export const REPLY_LETTERS = 300
/** So long after the goods came one may still say how they were. */
export const REVIEW_DAYS = 90
export const REVIEWS_PAGE = 10

/** Why a review is hidden. That it is bad, or said to be untrue, is no reason: whoever sells answers it. */
export const HIDE_REASONS = ['abuse', 'private', 'advert', 'unlawful', 'off_topic'] as const
export type HideReason = (typeof HIDE_REASONS)[number]

/** Why this line has no review of hers and can't have one now. */
export const NOT_REVIEWED = ['not_yet', 'too_late', 'own_shop'] as const
export type NotReviewed = (typeof NOT_REVIEWED)[number]

const Stars = Integer({ minimum: 1, maximum: 5 })
const HideWords = Line(200)

export const Review = Object({
  id: Id,
  /** The first sign of her name, and no more: 李**. */
  buyer: Text(10),
  specName: Text(30),
  /** They count also where the words are hidden: nobody's average rises by hiding. */
  stars: Stars,
  /** Words, photos and reply are empty where it is hidden, except for her and for officers. */
  words: Text(REVIEW_LETTERS),
  /** `-thumb` before `.webp` is the small copy. */
  photos: Array(Picture, { maxItems: REVIEW_PHOTOS }),
  reply: Text(REPLY_LETTERS),
  repliedAt: Millis,
  /** Paid at the demo cashier: says so on screen and counts apart. */
  test: Boolean(),
  createdAt: Millis,
  /** Stands in the place of the words, for everybody. */
  hidden: Optional(Object({ reason: oneOf(HIDE_REASONS), words: Text(200), at: Millis }))
})
export type Review = Static<typeof Review>

/** How many gave one star, two stars, … five, and what that is on average, in tenths: 47 is 4.7; 0 without any. */
export const Tally = Object({
  count: Count,
  averageTenths: Integer({ minimum: 0, maximum: 50 }),
  counts: Array(Count, { minItems: 5, maxItems: 5 })
})
export type Tally = Static<typeof Tally>

const after = Optional(Id)

export const productReviews = contract({
  method: 'GET',
  url: '/api/products/:productId/reviews',
  schema: {
    summary: 'What buyers say of a product, newest first, and how many stars they gave; demo reviews apart.',
    params: Object({ productId: Id }),
    querystring: Object({ after }),
    response: {
      200: Object({ real: Tally, test: Tally, items: Array(Review, { maxItems: REVIEWS_PAGE }) })
    }
  },
  config: { who: 'anyone' }
})

const orderParams = Object({ orderId: Id })

export const ReviewLine = Object({
  specId: Id,
  title: Text(60),
  specName: Text(30),
  photo: Picture,
  /** Empty: she may, until then. */
  notReviewed: oneOf(['', ...NOT_REVIEWED]),
  until: Millis,
  review: Optional(Review)
})
export type ReviewLine = Static<typeof ReviewLine>

export const orderReviews = contract({
  method: 'GET',
  url: '/api/me/orders/:orderId/reviews',
  schema: {
    summary: 'What I said of each line of my order, or may still say.',
    params: orderParams,
    response: { 200: Object({ lines: Array(ReviewLine, { maxItems: 50 }) }) }
  },
  config: { who: 'member' }
})

export const writeReview = contract({
  method: 'POST',
  url: '/api/me/orders/:orderId/reviews',
  schema: {
    summary: 'Reviews one line of my order, once, after it came. Photos are files of kind `review`.',
    params: orderParams,
    body: Object({
      specId: Id,
      stars: Stars,
      words: Text(REVIEW_LETTERS),
      fileIds: Array(Id, { maxItems: REVIEW_PHOTOS, uniqueItems: true })
    }),
    response: { 200: Object({ review: Review }) }
  },
  config: { who: 'member' }
})

/** `none`: the host has asked nothing; `open`: the union has not answered; `answered`: it has. */
const ASKS = ['none', 'open', 'answered'] as const

const Ask = Object({
  state: oneOf(ASKS),
  reason: oneOf(['', ...HIDE_REASONS]),
  words: Text(200),
  at: Millis,
  /** What the union said. */
  answer: Text(200)
})

export const ShopReview = Object({
  review: Review,
  title: Text(60),
  productId: Id,
  orderId: Id,
  ask: Ask
})
export type ShopReview = Static<typeof ShopReview>

export const shopReviews = contract({
  method: 'GET',
  url: '/api/my/shop/reviews',
  schema: {
    summary: 'What buyers say of my goods, newest first: those without an answer of mine, or all.',
    querystring: Object({ list: oneOf(['waiting', 'all']), after }),
    response: { 200: listOf(ShopReview, REVIEWS_PAGE) }
  },
  config: { who: ['host'] }
})

const params = Object({ reviewId: Id })

export const replyToReview = contract({
  method: 'POST',
  url: '/api/my/reviews/:reviewId/reply',
  schema: {
    summary: 'The host answers a review of her goods, once and for everybody to read.',
    params,
    body: Object({ words: Line(REPLY_LETTERS) }),
    response: { 200: Object({ item: ShopReview }) }
  },
  config: { who: ['host'] }
})

export const askToHide = contract({
  method: 'POST',
  url: '/api/my/reviews/:reviewId/ask',
  schema: {
    summary: 'The host asks the union to look at a review, once, with one of the reasons.',
    params,
    body: Object({ reason: oneOf(HIDE_REASONS), words: HideWords }),
    response: { 200: Object({ item: ShopReview }) }
  },
  config: { who: ['host'] }
})

export const DeskReview = Object({
  ...ShopReview.properties,
  shopName: Text(30),
  /** The photos themselves, also while nobody else sees them. */
  fileIds: Array(Id, { maxItems: REVIEW_PHOTOS }),
  hiddenByName: Text(40),
  /** Officers decide nothing about what they wrote or sell. */
  own: Boolean()
})
export type DeskReview = Static<typeof DeskReview>

export const deskReviews = contract({
  method: 'GET',
  url: '/api/union/reviews',
  schema: {
    summary:
      'Reviews that hosts asked about, those that are hidden, or all of them; of one product or of any.',
    querystring: Object({ list: oneOf(['asked', 'hidden', 'all']), productId: Optional(Id), after }),
    response: { 200: listOf(DeskReview, REVIEWS_PAGE) }
  },
  config: { who: ['officer'] }
})

export const hideReview = contract({
  method: 'POST',
  url: '/api/union/reviews/:reviewId/hide',
  schema: {
    summary: 'Hides words, photos and reply of a review; the reason stands in their place for everybody.',
    params,
    body: Object({ reason: oneOf(HIDE_REASONS), words: HideWords }),
    response: { 200: Object({ item: DeskReview }) }
  },
  config: { who: ['officer'] }
})

export const showReview = contract({
  method: 'POST',
  url: '/api/union/reviews/:reviewId/show',
  schema: {
    summary: 'Shows a hidden review again.',
    params,
    body: Object({ words: HideWords }),
    response: { 200: Object({ item: DeskReview }) }
  },
  config: { who: ['officer'] }
})

export const keepReview = contract({
  method: 'POST',
  url: '/api/union/reviews/:reviewId/keep',
  schema: {
    summary: 'Tells the host who asked that the review stays, and why.',
    params,
    body: Object({ words: HideWords }),
    response: { 200: Object({ item: DeskReview }) }
  },
  config: { who: ['officer'] }
})
