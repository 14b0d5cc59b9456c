import { Array, Object, type Static } from 'typebox'
import { Count, Id, Millis, oneOf, Text } from '../schemas.ts'

/** What a host is missing. It has a file of its own so that a room carries nothing else of the licences. */

/** 健康证, 食品经营许可证, 预包装食品备案, 授权书 (whose goods she sells), 监护人同意书 (16 to 18). */
export const DOCUMENT_KINDS = [
  'health',
  'food_licence',
  'food_filing',
  'authorisation',
  'guardian_consent'
] as const
export type DocumentKind = (typeof DOCUMENT_KINDS)[number]

export const Missing = Object({
  what: oneOf(['identity', 'age', 'certificate', 'document']),
  why: oneOf(['none', 'waiting', 'refused', 'expired', 'revoked', 'too_young']),
  /** Which certificate: of this topic (`live_selling` …; empty for anything else), by this course … */
  topic: Text(20),
  courseId: Text(40),
  courseTitle: Text(60),
  /** … and the classes she may book for it, the soonest first. */
  classes: Array(Object({ id: Id, title: Text(60), place: Text(60), startsAt: Millis, left: Count }), {
    maxItems: 3
  }),
  document: oneOf(['', ...DOCUMENT_KINDS])
})
export type Missing = Static<typeof Missing>

/** Goods that a host has no licence for: what `goods_not_licensed` names, and what was taken off her shelf. */
export const RefusedGoods = Object({
  productId: Id,
  title: Text(60),
  missing: Array(Missing, { maxItems: 20 })
})
export type RefusedGoods = Static<typeof RefusedGoods>
