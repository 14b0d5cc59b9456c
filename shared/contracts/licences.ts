import { Array, Boolean, Integer, Object, Optional, type Static } from 'typebox'
import { contract } from '../contract.ts'
import { Count, Id, listOf, Millis, Nothing, oneOf, Text } from '../schemas.ts'
import { GOODS_CLASSES } from './catalogue.ts'
import { DOCUMENT_KINDS, Missing, RefusedGoods } from './refused-goods.ts'

export * from './refused-goods.ts'

/** 持证开播: what a host needs to go live with these goods, what she has, and what she can do about the rest. */

export const HostDocument = Object({
  id: Id,
  kind: oneOf(DOCUMENT_KINDS),
  number: Text(60),
  fileIds: Array(Id, { maxItems: 6 }),
  /** What is printed on it; 0: nothing is. */
  validUntil: Millis,
  state: oneOf(['waiting', 'good', 'refused', 'replaced']),
  handedInAt: Millis,
  checkedAt: Millis,
  /** The earlier of its own end and six months after it was checked (L1); 0 while it is not good. */
  dueAt: Millis,
  words: Text(120)
})
export type HostDocument = Static<typeof HostDocument>

export const myLicence = contract({
  method: 'GET',
  url: '/api/me/licence',
  schema: {
    summary: 'What I may sell on air, what is missing for the rest, and my documents with their clocks.',
    response: {
      200: Object({
        /** For any show at all. */
        show: Array(Missing, { maxItems: 20 }),
        goods: Array(
          Object({ goodsClass: oneOf(GOODS_CLASSES), missing: Array(Missing, { maxItems: 20 }) }),
          {
            maxItems: GOODS_CLASSES.length
          }
        ),
        documents: Array(HostDocument, { maxItems: 100 }),
        mentor: Optional(Object({ id: Id, name: Text(40) }))
      })
    }
  },
  config: { who: 'member' }
})

export const ShowPermit = Object({
  /** Nothing is in her way now. */
  mayGoLive: Boolean(),
  /** 带播: she has no certificate yet and goes live beside her mentor. */
  supervised: Boolean(),
  mentor: Optional(Object({ id: Id, name: Text(40), connected: Boolean() })),
  show: Array(Missing, { maxItems: 20 }),
  goods: Array(RefusedGoods, { maxItems: 60 }),
  /** Why its sale is stopped; empty: it sells. */
  saleStopped: Text(120)
})
export type ShowPermit = Static<typeof ShowPermit>

export const showPermit = contract({
  method: 'GET',
  url: '/api/shows/:showId/permit',
  schema: {
    summary: 'Whether this show may go on air with this shelf, for its host, her mentor and staff.',
    params: Object({ showId: Id }),
    response: { 200: ShowPermit }
  },
  config: { who: 'member' }
})

export const handInDocument = contract({
  method: 'POST',
  url: '/api/me/documents',
  schema: {
    summary: 'Hands in a document (photos: files of kind `document`); an officer checks it.',
    body: Object({
      kind: oneOf(DOCUMENT_KINDS),
      number: Text(60),
      fileIds: Array(Id, { minItems: 1, maxItems: 6, uniqueItems: true }),
      validUntil: Millis
    }),
    response: { 200: Object({ document: HostDocument }) }
  },
  config: { who: 'member' }
})

export const listDocuments = contract({
  method: 'GET',
  url: '/api/documents',
  schema: {
    summary: 'Documents to check (oldest first), or by their six-month clock (the next due first).',
    querystring: Object({ list: oneOf(['waiting', 'due']), after: Optional(Id) }),
    response: {
      200: listOf(Object({ document: HostDocument, member: Object({ id: Id, name: Text(40) }) }), 100)
    }
  },
  config: { who: ['officer'] }
})

export const checkDocument = contract({
  method: 'PUT',
  url: '/api/documents/:documentId',
  schema: {
    summary:
      'An officer finds a document good, or refuses it with words; good again restarts its six months.',
    params: Object({ documentId: Id }),
    body: Object({ good: Boolean(), validUntil: Millis, words: Text(120) }),
    response: { 200: Object({ document: HostDocument }) }
  },
  config: { who: ['officer'] }
})

/** The rule pack: what each class of goods asks for. Data that an officer changes when the law does. */
export const LicenceRules = Object({
  /** 网络直播营销管理办法: nobody under this age goes live … */
  minAge: Integer({ minimum: 14, maximum: 30 }),
  /** … and below this one only with her guardian's consent. */
  adultAge: Integer({ minimum: 16, maximum: 30 }),
  /** 直播电商经营者落实食品安全主体责任监督管理规定: documents are looked at again after so many months. */
  refreshMonths: Integer({ minimum: 1, maximum: 24 }),
  warnDays: Array(Integer({ minimum: 0, maximum: 90 }), { minItems: 1, maxItems: 5 }),
  /** A learner's show pauses when her mentor has been away for so long. */
  mentorAwaySeconds: Integer({ minimum: 30, maximum: 3600 }),
  /** Topics whose certificate any show asks for. */
  show: Object({
    topics: Array(Text(20), { maxItems: 5 }),
    documents: Array(oneOf(DOCUMENT_KINDS), { maxItems: 5 })
  }),
  goods: Array(
    Object({
      goodsClass: oneOf(GOODS_CLASSES),
      topics: Array(Text(20), { maxItems: 5 }),
      documents: Array(oneOf(DOCUMENT_KINDS), { maxItems: 5 }),
      /** Which law or rule says so. */
      because: Text(120)
    }),
    { maxItems: GOODS_CLASSES.length }
  ),
  /** 成效板: what makes a successful host. */
  successShows: Integer({ minimum: 1, maximum: 1000 }),
  successFen: Integer({ minimum: 0, maximum: 100_000_000 })
})
export type LicenceRules = Static<typeof LicenceRules>

export const getLicenceRules = contract({
  method: 'GET',
  url: '/api/rules/licence',
  schema: {
    summary: 'What the union asks of whoever goes live, and since when.',
    response: {
      200: Object({ version: Count, rules: LicenceRules, changedAt: Millis, changedByName: Text(40) })
    }
  },
  config: { who: 'member' }
})

export const setLicenceRules = contract({
  method: 'PUT',
  url: '/api/rules/licence',
  schema: {
    summary: 'Changes the rule pack; refused when somebody changed it since `version`. Written to the audit.',
    body: Object({ version: Count, rules: LicenceRules }),
    response: {
      200: Object({ version: Count, rules: LicenceRules, changedAt: Millis, changedByName: Text(40) })
    }
  },
  config: { who: ['officer'] }
})

/** 停售: the picture stays, nothing can be bought from the show; its mentor, an operator or an officer decides. */
export const setSale = contract({
  method: 'PUT',
  url: '/api/shows/:showId/sale',
  schema: {
    summary: 'Stops or resumes the sale of a show that is on air. Its mentor, operators, officers.',
    params: Object({ showId: Id }),
    body: Object({ stopped: Boolean(), reason: Text(120) }),
    response: { 200: Nothing }
  },
  config: { who: 'member' }
})
