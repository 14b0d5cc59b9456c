import { Array, Boolean, Integer, Object, Optional, Unsafe, type Static } from 'typebox'
import { contract } from '../contract.ts'
import { Count, Fen, Id, Line, listOf, Millis, oneOf, Text } from '../schemas.ts'
import { SHOW_KINDS, ShowCard } from './live.ts'
import { TOPICS } from './school.ts'

/** 复盘: what one show tells the woman who held it, and what she does next time. */

/** Longer shows are drawn up to here. */
export const MAX_MINUTES = 720
export const MAX_MARKS = 500
export const MAX_QUESTIONS = 40
/** 下次做这三件事. */
export const MAX_CARDS = 3
/** How long the piece of film is that shows why. */
export const CLIP_MS = 10_000
/** Her own last shows of the same kind. */
export const COMPARED = 5

/** What happened at one moment, as a mark on the curve. */
export const MARK_KINDS = ['pin', 'coupon', 'question', 'flagged', 'away'] as const
export type MarkKind = (typeof MARK_KINDS)[number]

/** What a question is about; `other` are gathered by their words. */
export const ASKED_ABOUT = [
  'price',
  'cooking',
  'fresh',
  'size',
  'parcel',
  'coupon',
  'visit',
  'other'
] as const
export type AskedAbout = (typeof ASKED_ABOUT)[number]

/** Each rule draws one card of a show at most. */
export const CARD_RULES = [
  'flagged',
  'unanswered',
  'unpaid',
  'left',
  'coupon',
  'unpinned',
  'idle',
  'away'
] as const
export type CardRule = (typeof CARD_RULES)[number]

/** What went well. */
export const PRAISES = [
  'best_minute',
  'answered',
  'all_pinned',
  'all_paid',
  'clean',
  'record',
  'steady'
] as const
export type Praise = (typeof PRAISES)[number]

/** Since the first frame, by the clock on the wall. */
const AtMs = Integer({ minimum: -2_147_483_648, maximum: 2_147_483_647 })
/** Where in the recording; -1: it is not on it. */
const FilmMs = Integer({ minimum: -1, maximum: 2_147_483_647 })

export const DebriefMinute = Object({
  /** The most who watched at once; -1: not counted. */
  viewers: Integer({ minimum: -1, maximum: 2_147_483_647 }),
  /** Lines that were said. */
  lines: Count,
  /** Orders placed in this minute, how many of them are paid, and for how much. */
  orders: Count,
  paid: Count,
  paidFen: Fen,
  /** Where it begins in the recording. */
  filmMs: FilmMs
})
export type DebriefMinute = Static<typeof DebriefMinute>

export const DebriefMark = Object({
  kind: oneOf(MARK_KINDS),
  atMs: AtMs,
  filmMs: FilmMs,
  /** Its goods, its words; of a coupon nothing. */
  text: Text(200),
  /** Of a coupon; `offPermyriad`: a share, and `offFen` the most of it. */
  offFen: Fen,
  offPermyriad: Count,
  thresholdFen: Fen
})
export type DebriefMark = Static<typeof DebriefMark>

export const DebriefQuestion = Object({
  about: oneOf(ASKED_ABOUT),
  /** As it was asked first. */
  text: Text(200),
  times: Count,
  people: Count,
  atMs: AtMs,
  filmMs: FilmMs,
  /** What followed in time: a line of hers, a pin; or nothing that is written down. Her voice is not read. */
  answer: oneOf(['written', 'pinned', 'nothing'])
})
export type DebriefQuestion = Static<typeof DebriefQuestion>

/** 极限词, 医疗词 (广告法 §9, §17) in what was written. */
export const FlaggedWord = Object({
  where: oneOf(['line', 'title', 'goods']),
  text: Text(200),
  phrase: Text(20),
  why: oneOf(['superlative', 'medical']),
  atMs: AtMs,
  filmMs: FilmMs
})
export type FlaggedWord = Static<typeof FlaggedWord>

/** An order counts in the state that it has now, so a refund of tomorrow changes the debrief of today. */
export const DebriefOrders = Object({
  ordered: Count,
  buyers: Count,
  paid: Count,
  paidFen: Fen,
  refunded: Count,
  refundedFen: Fen,
  /** Held and not paid, or let go. */
  unpaid: Count,
  unpaidFen: Fen
})
export type DebriefOrders = Static<typeof DebriefOrders>

export const Accepted = Object({
  rule: oneOf(CARD_RULES),
  words: Text(300),
  byName: Text(40),
  at: Millis,
  taskId: Id,
  courseId: Id,
  courseTitle: Text(60),
  /** A seat, the line, or why none: she has passed this course; every class of it is in the way of something; there is none. */
  seat: oneOf(['booked', 'waiting', 'passed', 'clash', 'none']),
  class: Optional(Object({ id: Id, title: Text(60), startsAt: Millis, place: Text(60) }))
})
export type Accepted = Static<typeof Accepted>

export const DebriefCard = Object({
  rule: oneOf(CARD_RULES),
  /** How many people it concerned: cards are in this order, but for what the law says. */
  people: Count,
  topic: oneOf(TOPICS),
  /** The course that fits, if the school has one; empty otherwise. */
  courseId: Text(40),
  courseTitle: Text(60),
  atMs: AtMs,
  /** The piece of film that shows why; an end of 0: it is not on film. */
  fromMs: Count,
  toMs: Count,
  /** What fills the sentence: goods, minutes, counts, words. */
  facts: Unsafe<Record<string, string>>(Object({}, { additionalProperties: Text(200) })),
  accepted: Optional(Accepted)
})
export type DebriefCard = Static<typeof DebriefCard>

/** One of her own shows, in the numbers that may be compared. */
export const OwnShow = Object({
  showId: Id,
  title: Text(60),
  startsAt: Millis,
  minutes: Count,
  peak: Count,
  ordered: Count,
  paid: Count,
  paidFen: Fen
})
export type OwnShow = Static<typeof OwnShow>

export const Debrief = Object({
  show: ShowCard,
  /** Its recording, for who may watch it; empty otherwise. */
  playlist: Text(500),
  filmMs: Count,
  /** Whether what follows was counted while it was on air; a show of before that has no viewers. */
  counted: Boolean(),
  minutes: Array(DebriefMinute, { maxItems: MAX_MINUTES }),
  marks: Array(DebriefMark, { maxItems: MAX_MARKS }),
  /** Bought after it was over, from the recording; and before its first frame. In `orders`, not in `minutes`. */
  afterwards: Count,
  peak: Count,
  /** How many people said something, and coupons that were claimed. */
  spoke: Count,
  claimed: Count,
  orders: DebriefOrders,
  /** Paid at the demo cashier: where there is no other, these are what counts; elsewhere they stand apart. */
  countsTest: Boolean(),
  apart: Count,
  /** So much was said that only the beginning was read. */
  cut: Boolean(),
  questions: Array(DebriefQuestion, { maxItems: MAX_QUESTIONS }),
  flagged: Array(FlaggedWord, { maxItems: MAX_MARKS }),
  praises: Array(
    Object({
      praise: oneOf(PRAISES),
      facts: Unsafe<Record<string, string>>(Object({}, { additionalProperties: Text(200) }))
    }),
    { maxItems: 3 }
  ),
  cards: Array(DebriefCard, { maxItems: MAX_CARDS }),
  /** Accepted cards that the facts of today would not draw again. */
  kept: Array(Accepted, { maxItems: CARD_RULES.length }),
  /** Hers alone, the newest first, without this one. */
  before: Array(OwnShow, { maxItems: COMPARED }),
  mine: OwnShow,
  /** Whether who asks may make a card homework. */
  mayAccept: Boolean()
})
export type Debrief = Static<typeof Debrief>

const params = Object({ showId: Id })

export const getDebrief = contract({
  method: 'GET',
  url: '/api/shows/:showId/debrief',
  schema: {
    summary:
      'What a show that is over tells the woman who held it: for her, her mentor, trainers and officers.',
    params,
    response: { 200: Debrief }
  },
  config: { who: 'member' }
})

export const debriefSheet = contract({
  method: 'GET',
  url: '/api/shows/:showId/debrief.csv',
  schema: {
    summary: 'The same, minute by minute, as a sheet (CSV, UTF-8 with its mark, so that Excel reads it).',
    params,
    response: { 200: Unsafe<unknown>({}) }
  },
  config: { who: 'member' }
})

export const DebriefRow = Object({
  showId: Id,
  title: Text(60),
  host: Object({ id: Id, name: Text(40) }),
  kind: oneOf(SHOW_KINDS),
  startsAt: Millis,
  minutes: Count,
  peak: Count,
  ordered: Count,
  paidFen: Fen,
  countsTest: Boolean(),
  /** Cards that became homework. */
  accepted: Count,
  demo: Boolean()
})
export type DebriefRow = Static<typeof DebriefRow>

export const listDebriefs = contract({
  method: 'GET',
  url: '/api/debriefs',
  schema: {
    summary:
      'Shows that are over, newest first: `mine`; `others`: of my apprentices, or of everybody for trainers and officers.',
    querystring: Object({ list: oneOf(['mine', 'others']), after: Optional(Id) }),
    response: { 200: listOf(DebriefRow, 50) }
  },
  config: { who: 'member' }
})

export const acceptCard = contract({
  method: 'POST',
  url: '/api/shows/:showId/debrief/:rule',
  schema: {
    summary:
      'Makes a card her homework, with these words, and books the next class that fits; she is told. The same card again is the same homework.',
    params: Object({ showId: Id, rule: oneOf(CARD_RULES) }),
    body: Object({ words: Line(300) }),
    response: { 200: Object({ accepted: Accepted }) }
  },
  config: { who: 'member' }
})
