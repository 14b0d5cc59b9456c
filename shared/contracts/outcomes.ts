import { Array, Boolean, Object, Optional, Unsafe, type Static } from 'typebox'
import { contract } from '../contract.ts'
import { Count, Fen, Id, listOf, Millis, oneOf, Text } from '../schemas.ts'

/** 成效板: from a name on a list to a woman who lives from it. */
export const STEPS = [
  'enrolled',
  'attended',
  'rehearsed',
  'licensed',
  'first_show',
  'first_1000',
  'successful'
] as const
export type Step = (typeof STEPS)[number]

const WHO = ['trainer', 'officer'] as const
const period = Object({ from: Optional(Millis), to: Optional(Millis) })

export const getOutcomes = contract({
  method: 'GET',
  url: '/api/outcomes',
  schema: {
    summary:
      'How many women reached each step in a time (or ever), how many of them are women, and attendances.',
    querystring: period,
    response: {
      200: Object({
        steps: Array(Object({ step: oneOf(STEPS), people: Count, women: Count, men: Count }), {
          maxItems: STEPS.length
        }),
        classes: Count,
        attendances: Count,
        certificates: Count,
        /** What makes a successful host, as the rule pack says. */
        successShows: Count,
        successFen: Fen,
        /** Money paid at the demo cashier counts here: the demo village, labelled. */
        countsTest: Boolean()
      })
    }
  },
  config: { who: WHO }
})

export const OutcomePerson = Object({ memberId: Id, name: Text(40), branchName: Text(30), at: Millis })
export type OutcomePerson = Static<typeof OutcomePerson>

export const outcomePeople = contract({
  method: 'GET',
  url: '/api/outcomes/:step',
  schema: {
    summary: 'The people behind a number, the newest first.',
    params: Object({ step: oneOf(STEPS) }),
    querystring: Object({ from: Optional(Millis), to: Optional(Millis), after: Optional(Id) }),
    response: { 200: listOf(OutcomePerson, 200) }
  },
  config: { who: WHO }
})

export const exportOutcomes = contract({
  method: 'GET',
  url: '/api/outcomes.xlsx',
  schema: {
    summary: 'The board, its definitions and its people as a sheet.',
    querystring: period,
    response: { 200: Unsafe<unknown>({}) }
  },
  config: { who: WHO }
})
