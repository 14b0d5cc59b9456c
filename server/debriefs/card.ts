import {
  CARD_RULES,
  MAX_CARDS,
  type CardRule,
  type OwnShow,
  type Praise
} from '../../shared/contracts/debriefs.ts'
import type { Topic } from '../../shared/contracts/school.ts'
import { MINUTE_MS, viewersAt, type Story } from './debrief.ts'

/**
 * 下次做这三件事. Every rule has a threshold below which it is silent, and says how many people it concerned: that is the
 * order of the cards, after what the law says. Only her own show is looked at.
 */

/** So many must have asked without an answer that is written down. */
export const UNANSWERED_PEOPLE = 2
/** Orders that were not paid: so many, and such a share of all. */
export const UNPAID_ORDERS = 3
export const UNPAID_SHARE = 0.25
/** People left: so many, such a share of who watched, within so many minutes; in as many last ones they may. */
export const LEFT_PEOPLE = 5
export const LEFT_SHARE = 0.3
export const LEFT_MINUTES = 3
/** With fewer at its best a show has nobody to give a coupon to. */
export const COUPON_PEAK = 5
export const COUPON_SHARE = 0.5
/** Nothing pinned for so long, while there is something on the shelf. */
export const IDLE_MS = 4 * MINUTE_MS
/** The picture was lost: so often, or for so long in all. */
export const AWAY_TIMES = 2
export const AWAY_MS = MINUTE_MS

export interface Card {
  rule: CardRule
  people: number
  topic: Topic
  at: number
  facts: Record<string, string>
}

const TOPIC_OF_QUESTION = { visit: 'tourism', fresh: 'food_safety', cooking: 'dining' } as const

export function cardsOf(story: Story): Card[] {
  return [flagged, unanswered, unpaid, left, coupon, unpinned, idle, away]
    .flatMap((rule) => rule(story) ?? [])
    .map((card) => ({ ...card, people: Math.max(1, Math.round(card.people)) }))
    .toSorted(
      (a, b) =>
        Number(b.rule === 'flagged') - Number(a.rule === 'flagged') ||
        b.people - a.people ||
        CARD_RULES.indexOf(a.rule) - CARD_RULES.indexOf(b.rule)
    )
    .slice(0, MAX_CARDS)
}

function flagged(story: Story): Card | undefined {
  const [first] = story.flagged
  if (!first) return undefined
  const at = story.openedAt + first.atMs
  return {
    rule: 'flagged',
    people: viewersAt(story, at),
    topic: first.why === 'medical' ? 'food_safety' : 'live_selling',
    at,
    facts: {
      phrase: first.phrase,
      text: first.text,
      where: first.where,
      why: first.why,
      count: String(story.flagged.length)
    }
  }
}

function unanswered({ questions }: Story): Card | undefined {
  const open = questions.filter(({ answer }) => answer === 'nothing')
  const people = new Set(open.flatMap(({ asked }) => asked.map(({ actorId }) => actorId))).size
  const [most] = open
  if (!most || people < UNANSWERED_PEOPLE) return undefined
  return {
    rule: 'unanswered',
    people,
    topic: TOPIC_OF_QUESTION[most.about as keyof typeof TOPIC_OF_QUESTION] ?? 'live_selling',
    at: most.asked[0]!.at,
    facts: { about: most.about, text: most.asked[0]!.text, people: String(most.people) }
  }
}

function unpaid({ minutes, openedAt }: Story): Card | undefined {
  const sum = (of: (minute: Story['minutes'][number]) => number) =>
    minutes.reduce((all, minute) => all + of(minute), 0)
  const [ordered, lost] = [sum(({ orders }) => orders), sum((minute) => minute.unpaid)]
  if (lost < UNPAID_ORDERS || lost < UNPAID_SHARE * ordered) return undefined
  const worst = minutes.reduce((most, minute, i) => (minute.unpaid > minutes[most]!.unpaid ? i : most), 0)
  return {
    rule: 'unpaid',
    people: lost,
    topic: 'live_selling',
    at: openedAt + worst * MINUTE_MS,
    facts: { unpaid: String(lost), ordered: String(ordered) }
  }
}

function left({ minutes, openedAt, aways, pins }: Story): Card | undefined {
  const counted = minutes.slice(0, -LEFT_MINUTES).map(({ viewers }) => viewers)
  const falls = counted.flatMap((before, i) => {
    const after = counted.slice(i + 1, i + 1 + LEFT_MINUTES).filter((viewers) => viewers >= 0)
    const least = Math.min(before, ...after)
    const minute = i + 1 + Math.max(0, after.indexOf(least))
    return before < 0 ? [] : [{ i, minute, before, fell: before - least }]
  })
  const worst = falls.reduce<(typeof falls)[number] | undefined>(
    (most, fall) => (fall.fell >= (most?.fell ?? 0) ? fall : most),
    undefined
  )
  if (!worst || worst.fell < LEFT_PEOPLE || worst.fell < LEFT_SHARE * worst.before) return undefined
  const from = openedAt + worst.i * MINUTE_MS
  const to = openedAt + (worst.minute + 1) * MINUTE_MS
  // Without a picture nobody stays; another card says so.
  if (aways.some((lost) => lost.from < to && lost.to > from)) return undefined
  const at = from + MINUTE_MS
  return {
    rule: 'left',
    people: worst.fell,
    topic: 'live_selling',
    at,
    facts: {
      left: String(worst.fell),
      minute: String(worst.i + 1),
      minutes: String(worst.minute - worst.i),
      goods: pins.findLast((pin) => pin.from <= at)?.title ?? ''
    }
  }
}

function coupon(story: Story): Card | undefined {
  const { kind, minutes, coupons, openedAt, endedAt } = story
  const counted = minutes.map(({ viewers }) => viewers)
  const peak = Math.max(...counted)
  if (kind !== 'public' || peak < COUPON_PEAK) return undefined
  const best = counted.indexOf(peak)
  const dropped = coupons.filter(({ at }) => at <= endedAt)
  const seen = Math.max(0, ...dropped.map(({ at }) => viewersAt(story, at)))
  if (dropped.length && seen >= COUPON_SHARE * peak) return undefined
  const bestAt = openedAt + best * MINUTE_MS
  const first = dropped[0]
  return {
    rule: 'coupon',
    people: peak - seen,
    topic: 'live_selling',
    at: bestAt,
    facts: {
      when: first ? (first.at < bestAt ? 'early' : 'late') : 'never',
      peak: String(peak),
      seen: String(seen),
      minute: String(best + 1)
    }
  }
}

const averageViewers = ({ minutes }: Pick<Story, 'minutes'>) => {
  const counted = minutes.filter(({ viewers }) => viewers >= 0)
  return counted.length ? counted.reduce((all, { viewers }) => all + viewers, 0) / counted.length : 0
}

function unpinned(story: Story): Card | undefined {
  const { goods, pins } = story
  const never = goods.filter(({ productId }) => !pins.some((pin) => pin.productId === productId))
  if (goods.length < 2 || !never.length || !pins.length) return undefined
  const longest = pins.reduce((long, pin) => (pin.to - pin.from > long.to - long.from ? pin : long), pins[0]!)
  return {
    rule: 'unpinned',
    people: (averageViewers(story) * never.length) / goods.length,
    topic: 'live_selling',
    at: longest.from + (longest.to - longest.from) / 2,
    facts: {
      goods: never
        .slice(0, 3)
        .map(({ title }) => title)
        .join('、'),
      count: String(never.length),
      of: String(goods.length)
    }
  }
}

function idle(story: Story): Card | undefined {
  const { goods, pins } = story
  const none = pins
    .filter(({ productId }) => !productId)
    .toSorted((a, b) => b.to - b.from - (a.to - a.from))[0]
  if (!goods.length || !none || none.to - none.from < IDLE_MS) return undefined
  const at = none.from + (none.to - none.from) / 2
  return {
    rule: 'idle',
    people: viewersAt(story, at),
    topic: 'live_selling',
    at,
    facts: {
      minutes: String(Math.round((none.to - none.from) / MINUTE_MS)),
      minute: String(Math.floor((none.from - story.openedAt) / MINUTE_MS) + 1)
    }
  }
}

function away(story: Story): Card | undefined {
  const { aways } = story
  const lostMs = aways.reduce((all, { from, to }) => all + to - from, 0)
  if (!aways.length || (aways.length < AWAY_TIMES && lostMs < AWAY_MS)) return undefined
  const gone = aways.map(({ from, to }) => viewersAt(story, from) - viewersAt(story, to))
  return {
    rule: 'away',
    people: Math.max(1, ...gone),
    topic: 'live_selling',
    at: aways[0]!.from,
    facts: { times: String(aways.length), seconds: String(Math.round(lostMs / 1000)) }
  }
}

// what went well

const RECORD_SHOWS = 2
const BEST_MINUTE_ORDERS = 2
const ANSWERED_QUESTIONS = 3
const PAID_ORDERS = 3
const WRITTEN_LINES = 5
const STEADY_MINUTES = 10
const STEADY_SHARE = 0.7
const PRAISES_SAID = 3

export function praisesOf(
  story: Story,
  before: readonly Pick<OwnShow, 'paidFen' | 'peak'>[],
  mine: Pick<OwnShow, 'paidFen' | 'peak' | 'ordered' | 'paid'>
): { praise: Praise; facts: Record<string, string> }[] {
  const { minutes, questions, goods, pins, lines, flagged: words } = story
  const said: { praise: Praise; facts: Record<string, string> }[] = []
  const praise = (what: Praise, is: boolean, facts: Record<string, string> = {}) => {
    if (is) said.push({ praise: what, facts })
  }
  const beats = (of: 'paidFen' | 'peak') =>
    before.length >= RECORD_SHOWS && mine[of] > 0 && before.every((show) => show[of] < mine[of])
  praise('record', beats('paidFen') || beats('peak'), {
    what: beats('paidFen') ? 'paid' : 'peak',
    shows: String(before.length + 1)
  })
  const best = minutes.reduce((most, minute, i) => (minute.orders > minutes[most]!.orders ? i : most), 0)
  const at = story.openedAt + best * MINUTE_MS
  praise('best_minute', minutes[best]!.orders >= BEST_MINUTE_ORDERS, {
    minute: String(best + 1),
    orders: String(minutes[best]!.orders),
    goods: pins.findLast((pin) => pin.from < at + MINUTE_MS)?.title ?? ''
  })
  const asked = questions.reduce((all, group) => all + group.asked.length, 0)
  const isAnswered = questions.every(({ answer }) => answer !== 'nothing')
  praise('answered', asked >= ANSWERED_QUESTIONS && isAnswered, { count: String(asked) })
  praise('all_paid', mine.ordered >= PAID_ORDERS && mine.paid === mine.ordered, {
    count: String(mine.ordered)
  })
  const shown = goods.every(({ productId }) => pins.some((pin) => pin.productId === productId))
  praise('all_pinned', goods.length > 1 && shown, { count: String(goods.length) })
  const last = averageViewers({ minutes: minutes.slice(-Math.ceil(minutes.length / 4)) })
  const peak = Math.max(...minutes.map(({ viewers }) => viewers))
  praise('steady', minutes.length >= STEADY_MINUTES && peak > 1 && last >= STEADY_SHARE * peak, {
    percent: String(Math.round((100 * last) / Math.max(1, peak)))
  })
  const written = lines.filter(({ staff }) => staff).length
  praise('clean', written >= WRITTEN_LINES && !words.length, { count: String(written) })
  return said.slice(0, PRAISES_SAID)
}
