import { Object, Optional, Unsafe, type Static } from 'typebox'
import { contract } from '../contract.ts'
import { Count, Id, listOf, Millis, Nothing, oneOf, Text } from '../schemas.ts'

/**
 * What the village tells one member. The kind says what happened, `about` the words to fill in (title, place, reason …)
 * and times as digits; the page makes the sentence, in her language and size.
 */
export const NOTICE_KINDS = [
  'seat_offered',
  'class_booked_for_you',
  'class_moved',
  'class_cancelled',
  'class_taken_off',
  'class_to_teach',
  'class_handed_over',
  'homework_commented',
  'homework_set',
  'assessed',
  'certificate_issued',
  'certificate_revoked',
  'mentorship_offered',
  'mentorship_closed',
  'mentor_task',
  'mentor_task_shown',
  'document_due',
  'document_checked',
  'case_decided',
  'case_asked',
  'show_paused',
  'sale_stopped',
  'goods_taken_off',
  'stock_offered',
  'stock_lapsed',
  'lot_moved',
  'lot_lost',
  'parcel_shipped',
  'parcel_due',
  'parcel_received',
  'refunded',
  'voucher_redeemed',
  'voucher_undone',
  'voucher_expired',
  'compensation_decided',
  'bad_goods',
  'goods_coming_back',
  'return_refused',
  'reviewed',
  'review_replied',
  'review_hidden',
  'review_shown',
  'review_judged',
  'paid_out',
  'bank_changed'
] as const
export type NoticeKind = (typeof NOTICE_KINDS)[number]

export const Notice = Object({
  id: Id,
  kind: oneOf(NOTICE_KINDS),
  // TypeBox's own Record brings ten kilobytes of its engine onto every page.
  about: Unsafe<Record<string, string>>(Object({}, { additionalProperties: Text(200) })),
  /** A page of ours; empty: nothing to open. */
  href: Text(200),
  at: Millis,
  /** 0: she has not seen it. */
  readAt: Millis
})
export type Notice = Static<typeof Notice>

export const myNotices = contract({
  method: 'GET',
  url: '/api/me/notices',
  schema: {
    summary: 'What I was told, newest first.',
    querystring: Object({ after: Optional(Id) }),
    response: { 200: Object({ ...listOf(Notice, 50).properties, unread: Count }) }
  },
  config: { who: 'member' }
})

export const readNotices = contract({
  method: 'PUT',
  url: '/api/me/notices/read',
  schema: {
    summary: 'I have seen everything up to this one.',
    body: Object({ upTo: Id }),
    response: { 200: Nothing }
  },
  config: { who: 'member' }
})
