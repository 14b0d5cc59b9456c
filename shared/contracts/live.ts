import { Array, Boolean, Integer, Object, Optional, String, type Static } from 'typebox'
import { contract, ROLES } from '../contract.ts'
import { Count, Fen, Id, Line, listOf, Millis, Nothing, oneOf, Picture, Text } from '../schemas.ts'
import { CouponCard } from './coupons.ts'
import { FlashCard, MAX_FLASH } from './flash.ts'
import { UNITS } from './catalogue.ts'
import { RefusedGoods } from './refused-goods.ts'

/** 未开播, 直播中, 马上回来, 回放. */
export const SHOW_STATES = ['coming', 'live', 'away', 'replay'] as const
export type ShowState = (typeof SHOW_STATES)[number]
export const MAX_SHELF = 60
/** For everybody; 彩排: for its host and trainers; an online class: for who booked it. Only `public` is ever listed. */
export const SHOW_KINDS = ['public', 'rehearsal', 'class'] as const
export type ShowKind = (typeof SHOW_KINDS)[number]

export const ShowCard = Object({
  id: Id,
  title: Text(60),
  cover: Picture,
  state: oneOf(SHOW_STATES),
  startsAt: Millis,
  /** Its first frame; 0 before. */
  openedAt: Millis,
  host: Object({
    id: Id,
    name: Text(40),
    shopId: Text(40),
    shopName: Text(30),
    village: Text(30),
    portrait: Picture
  }),
  /** An HLS address while there is a picture or a recording; empty before the first frame. */
  playlist: String(),
  viewers: Count,
  demo: Boolean(),
  kind: oneOf(SHOW_KINDS),
  /** 带播: a learner's mentor is away, so viewers see 马上回来 and nothing is sold. */
  paused: Boolean(),
  /** 停售: why nothing can be bought from this show; empty: it sells. */
  saleStopped: Text(120)
})
export type ShowCard = Static<typeof ShowCard>

/** What a viewer needs to know of a product while she watches; the sheet asks for the rest. */
export const ShelfItem = Object({
  number: Count,
  productId: Id,
  title: Text(60),
  /** Whose goods they are, which need not be those of who sells them here. */
  shopName: Optional(Text(30)),
  photo: Picture,
  fromFen: Fen,
  unit: oneOf(UNITS),
  left: Count,
  /** 预售: all that is left is still to come, the first of it then. */
  landsAt: Optional(Millis),
  perishable: Boolean()
})
export type ShelfItem = Static<typeof ShelfItem>

export const RoomView = Object({
  version: Count,
  /** The server's clock when this was answered: countdowns go by it. */
  now: Millis,
  show: ShowCard,
  shelf: Array(ShelfItem, { maxItems: MAX_SHELF }),
  /** Empty: nothing is being explained. */
  pinnedProductId: Text(40),
  coupons: Array(CouponCard, { maxItems: 50 }),
  flash: Array(FlashCard, { maxItems: MAX_FLASH }),
  chat: Array(Object({ id: Text(40), name: Text(40), role: oneOf(ROLES), text: Text(200), at: Millis }), {
    maxItems: 100
  }),
  hearts: Count
})
export type RoomView = Static<typeof RoomView>

const params = Object({ showId: Id })

export const listShows = contract({
  method: 'GET',
  url: '/api/shows',
  schema: {
    summary: 'Shows on air (live and away), coming (soonest first) or to replay (newest first).',
    querystring: Object({ state: Optional(oneOf(['live', 'coming', 'replay'])), after: Optional(Id) }),
    response: { 200: listOf(ShowCard) }
  },
  config: { who: 'anyone' }
})

export const getRoom = contract({
  method: 'GET',
  url: '/api/rooms/:showId',
  schema: {
    summary: 'The room as everybody sees it, at one version of its log.',
    params,
    response: { 200: RoomView }
  },
  config: { who: 'anyone' }
})

export const myRoom = contract({
  method: 'GET',
  url: '/api/rooms/:showId/mine',
  schema: {
    summary: 'What only I see of a room: whether I follow its host, what I claimed, whether I may run it.',
    params,
    response: {
      200: Object({ following: Boolean(), claimed: Array(Id, { maxItems: 100 }), runs: Boolean() })
    }
  },
  config: { who: 'member' }
})

export const myShows = contract({
  method: 'GET',
  url: '/api/my/shows',
  schema: {
    summary:
      'A host’s own shows, or for operators and officers every show that is coming or on air; newest first.',
    response: { 200: listOf(ShowCard) }
  },
  config: { who: ['host', 'operator', 'officer'] }
})

export const ShowDraft = Object({
  title: Line(60),
  cover: Picture,
  startsAt: Millis,
  productIds: Array(Id, { maxItems: MAX_SHELF, uniqueItems: true })
})

export const scheduleShow = contract({
  method: 'POST',
  url: '/api/my/shows',
  schema: {
    summary: 'A host schedules a show with its shelf.',
    body: ShowDraft,
    response: { 200: Object({ show: ShowCard }) }
  },
  config: { who: ['host'] }
})

export const changeShow = contract({
  method: 'PUT',
  url: '/api/my/shows/:showId',
  schema: {
    summary: 'Changes a show that has not begun.',
    params,
    body: ShowDraft,
    response: { 200: Object({ show: ShowCard }) }
  },
  config: { who: 'member' }
})

export const setShelf = contract({
  method: 'PUT',
  url: '/api/shows/:showId/shelf',
  schema: {
    summary: 'Sets what is on the shelf; products that stay keep their number. Host of the show or operator.',
    params,
    body: Object({ productIds: Array(Id, { maxItems: MAX_SHELF, uniqueItems: true }) }),
    response: { 200: listOf(ShelfItem) }
  },
  config: { who: 'member' }
})

/** 开播: opens a new film session; the show is live when its first frame arrives. */
export const goLive = contract({
  method: 'POST',
  url: '/api/shows/:showId/go-live',
  schema: {
    summary: 'Opens a film session for the host’s own camera. The show is on air with its first frame.',
    params,
    response: {
      200: Object({
        sessionId: Id,
        ingest: String(),
        /** What stood on the shelf and may not be sold any more. */
        takenOff: Array(RefusedGoods, { maxItems: MAX_SHELF })
      })
    }
  },
  config: { who: 'member' }
})

export const endShow = contract({
  method: 'POST',
  url: '/api/shows/:showId/end',
  schema: {
    summary: 'Ends the show; its replay plays at once. Host of the show, operator or officer.',
    params,
    response: { 200: Object({ show: ShowCard }) }
  },
  config: { who: 'member' }
})

export const pinProduct = contract({
  method: 'PUT',
  url: '/api/shows/:showId/pin',
  schema: {
    summary:
      'Pins (讲解) a product of the shelf; an empty id takes the pin away. Every viewer’s card changes.',
    params,
    body: Object({ productId: Text(40) }),
    response: { 200: Nothing }
  },
  config: { who: 'member' }
})

/** What host and operator see while the show runs; paid test orders are counted apart. */
export const getDesk = contract({
  method: 'GET',
  url: '/api/shows/:showId/desk',
  schema: {
    summary: 'Numbers of the show for its host and operators, and the version of the desk’s log.',
    params,
    response: {
      200: Object({
        version: Count,
        viewers: Count,
        peakViewers: Count,
        orders: Count,
        paidFen: Fen,
        testFen: Fen,
        claims: Count,
        followers: Count,
        latest: Array(
          Object({
            orderId: Id,
            buyer: Text(40),
            title: Text(60),
            qty: Integer(),
            payFen: Fen,
            test: Boolean(),
            state: Text(20),
            at: Millis
          }),
          { maxItems: 50 }
        )
      })
    }
  },
  config: { who: 'member' }
})
