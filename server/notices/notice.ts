import type { NoticeKind } from '../../shared/contracts/notices.ts'

/** Something the village tells one member. `about`: words to fill in; moments as digits (ms since 1970). */
export interface News {
  memberId: string
  kind: NoticeKind
  about: Record<string, string>
  /** A page of ours; empty: nothing to open. */
  href: string
}

/** A text message longer than this is sent, and paid for, as two. */
const TEXT_CHARS = 70
const WORD_CHARS = 200

/** Only what fits into a notice: words come from titles and reasons that people typed. */
export const trimmed = (about: Record<string, string>) =>
  Object.fromEntries(Object.entries(about).map(([name, word]) => [name, cut(word, WORD_CHARS)]))

/** Nor half a sign, when the cut goes through an emoji: PostgreSQL keeps none in its JSON. */
const cut = (text: string, chars: number) => text.slice(0, chars).replace(/\p{Surrogate}/gu, '')

/**
 * What must reach a woman who does not look at her phone's screen, as a text message; undefined for everything else.
 * `moment` writes a time as the village says it.
 */
export function textOf(
  kind: NoticeKind,
  about: Record<string, string>,
  moment: (at: number) => string
): string | undefined {
  const { title = '', place = '', startsAt = '0', reason = '', days = '', document = '' } = about
  const { spec = '', qty = '', until = '0', was = '' } = about
  const when = moment(Number(startsAt))
  switch (kind) {
    case 'seat_offered':
      return short(`【渔家直播】候补到您了：${title}，${when}，${place}。不能来请在“学堂”里退掉。`)
    case 'class_moved':
      return short(`【渔家直播】${title}改时间了：${when}，${place}。`)
    case 'class_cancelled':
      return short(`【渔家直播】${title}（${when}）取消了：${reason}`)
    case 'class_taken_off':
      // Who only waited does not set out for nothing.
      return was === 'booked'
        ? short(`【渔家直播】工会给您退了名：${title}，${when}。有疑问请问工会。`)
        : undefined
    case 'document_due':
      return short(
        Number(days) > 0
          ? `【渔家直播】您的${document}还有${days}天到期，请尽快更新。`
          : `【渔家直播】您的${document}到期了，更新以前不能开播。`
      )
    case 'stock_offered':
      return short(`【渔家直播】候补到您了：${title} ${spec} ×${qty}，给您留到${moment(Number(until))}。`)
    case 'lot_lost':
      return short(`【渔家直播】${title}没能到岸：${reason}。付过的钱原路退回。`)
    case 'bank_changed':
      return short(`【渔家直播】您的收款账号换成了${about.shown ?? ''}。不是您换的，请马上找工会。`)
    default:
      return undefined
  }
}

const short = (text: string) => (text.length <= TEXT_CHARS ? text : `${cut(text, TEXT_CHARS - 1)}…`)
