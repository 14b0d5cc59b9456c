import { Array, Boolean, Object, Optional, type Static } from 'typebox'
import { contract } from '../contract.ts'
import { Count, Id, Line, Millis, oneOf, Text } from '../schemas.ts'

/** 事项: somebody asks, an officer looks, decides and answers; with an owner, a deadline and every word kept. */

export const CASE_KINDS = ['join', 'transfer', 'leave', 'document', 'compensation'] as const
export type CaseKind = (typeof CASE_KINDS)[number]
export const CASE_STATES = ['open', 'asked', 'approved', 'refused', 'withdrawn'] as const
export type CaseState = (typeof CASE_STATES)[number]

export const CaseLine = Object({
  n: Count,
  at: Millis,
  byName: Text(40),
  what: oneOf(['opened', 'asked', 'answered', 'approved', 'refused', 'withdrawn', 'assigned']),
  words: Text(300),
  fileIds: Array(Id, { maxItems: 6 })
})
export type CaseLine = Static<typeof CaseLine>

export const CaseView = Object({
  id: Id,
  kind: oneOf(CASE_KINDS),
  state: oneOf(CASE_STATES),
  by: Object({ id: Id, name: Text(40) }),
  /** Empty: nobody has taken it; the union answers for it. */
  owner: Object({ id: Text(40), name: Text(40) }),
  openedAt: Millis,
  dueAt: Millis,
  overdue: Boolean(),
  version: Count,
  /** What was asked, as lines of name and value; ID numbers masked. */
  form: Array(Object({ name: Text(40), value: Text(300) }), { maxItems: 20 }),
  lines: Array(CaseLine, { maxItems: 200 })
})
export type CaseView = Static<typeof CaseView>

const params = Object({ caseId: Id })

export const listCases = contract({
  method: 'GET',
  url: '/api/cases',
  schema: {
    summary:
      'Cases: open ones by their deadline, or those that are closed, newest first. Operators ask for compensation only.',
    querystring: Object({
      list: oneOf(['open', 'closed']),
      kind: Optional(oneOf(CASE_KINDS)),
      after: Optional(Id)
    }),
    response: { 200: Object({ items: Array(CaseView, { maxItems: 100 }), open: Count, overdue: Count }) }
  },
  config: { who: ['officer', 'operator'] }
})

export const getCase = contract({
  method: 'GET',
  url: '/api/cases/:caseId',
  schema: {
    summary: 'One case, for who opened it and for who handles it.',
    params,
    response: { 200: Object({ case: CaseView }) }
  },
  config: { who: 'member' }
})

export const decideCase = contract({
  method: 'POST',
  url: '/api/cases/:caseId/decision',
  schema: {
    summary:
      'Approves or refuses, with words to her; what was asked for happens in the same moment. Nobody decides her own.',
    params,
    body: Object({ version: Count, approve: Boolean(), words: Text(300) }),
    response: { 200: Object({ case: CaseView }) }
  },
  config: { who: ['officer', 'operator'] }
})

export const writeToCase = contract({
  method: 'POST',
  url: '/api/cases/:caseId/lines',
  schema: {
    summary: 'An officer asks something back, or she answers.',
    params,
    body: Object({ words: Line(300), fileIds: Array(Id, { maxItems: 6 }) }),
    response: { 200: Object({ case: CaseView }) }
  },
  config: { who: 'member' }
})

export const takeCase = contract({
  method: 'PUT',
  url: '/api/cases/:caseId/owner',
  schema: {
    summary: 'An officer (of compensation an operator too) takes a case, or hands it to another.',
    params,
    body: Object({ ownerId: Id }),
    response: { 200: Object({ case: CaseView }) }
  },
  config: { who: ['officer', 'operator'] }
})

export const withdrawCase = contract({
  method: 'POST',
  url: '/api/cases/:caseId/withdraw',
  schema: { summary: 'She takes it back.', params, response: { 200: Object({ case: CaseView }) } },
  config: { who: 'member' }
})
