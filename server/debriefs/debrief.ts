import {
  CLIP_MS,
  MAX_MARKS,
  MAX_MINUTES,
  MAX_QUESTIONS,
  type Debrief,
  type DebriefMark,
  type DebriefMinute,
  type FlaggedWord
} from '../../shared/contracts/debriefs.ts'
import { flaggedIn, type PhrasePack } from './phrase.ts'
import { gathered, questionsIn, type Gathered, type Said } from './question.ts'

/** 复盘: one show as a curve with marks, from what was written down while it was on air. Rules only. */

export const MINUTE_MS = 60_000
/** A moment so shortly beside the film still is on it: the first part goes out a breath after the first frame. */
const BESIDE_MS = 5_000
/** She sees what led to it. */
const CLIP_LEAD_MS = 3_000

/** A piece of the recording without a hole. */
export interface Stretch {
  filmedAt: number
  fromMs: number
  durationMs: number
}

/** Something that happened in the room, besides talk. */
export interface Happened {
  at: number
  type: string
  body: Record<string, unknown>
}

export interface MinuteOrders {
  /** From the first frame; below 0: before it; as many as there are minutes, or more: afterwards. */
  minute: number
  ordered: number
  paid: number
  paidFen: number
  unpaid: number
}

export interface Facts {
  kind: 'public' | 'rehearsal' | 'class'
  title: string
  openedAt: number
  endedAt: number
  peakViewers: number
  film: readonly Stretch[]
  viewers: readonly { minute: number; viewers: number }[]
  happened: readonly Happened[]
  lines: readonly Said[]
  /** What stood on its shelf at the end. */
  goods: readonly { productId: string; title: string }[]
  orders: readonly MinuteOrders[]
}

/** A while with one product pinned, or with none. */
export interface PinnedWhile {
  productId: string
  title: string
  from: number
  to: number
}

/** What a coupon takes off. */
interface Money {
  offFen: number
  offPermyriad: number
  thresholdFen: number
}

/** What the cards are drawn from. */
export interface Story extends Facts {
  minutes: (DebriefMinute & { unpaid: number })[]
  peak: number
  pins: PinnedWhile[]
  coupons: ({ at: number } & Money)[]
  aways: { from: number; to: number }[]
  questions: Gathered[]
  flagged: FlaggedWord[]
}

/** Where in the recording a moment is; of a moment without a picture, where the picture went; -1: not on film. */
export function filmMsOf(at: number, film: readonly Stretch[]): number {
  const first = film[0]
  if (!first || at < first.filmedAt - BESIDE_MS) return -1
  const before = film.findLast(({ filmedAt }) => filmedAt <= at) ?? first
  const into = Math.max(0, at - before.filmedAt)
  if (before === film.at(-1) && into > before.durationMs + BESIDE_MS) return -1
  return before.fromMs + Math.min(into, before.durationMs)
}

export const filmLength = (film: readonly Stretch[]) => {
  const last = film.at(-1)
  return last ? last.fromMs + last.durationMs : 0
}

/** Ten seconds around a moment, as far as there is film; an end of 0: there is none. */
export function clipAround(at: number, film: readonly Stretch[]): { fromMs: number; toMs: number } {
  const moment = filmMsOf(at, film)
  if (moment < 0) return { fromMs: 0, toMs: 0 }
  const length = filmLength(film)
  const fromMs = Math.max(0, Math.min(moment - CLIP_LEAD_MS, length - CLIP_MS))
  return { fromMs, toMs: Math.min(length, fromMs + CLIP_MS) }
}

export const minutesOf = (openedAt: number, endedAt: number) =>
  Math.max(1, Math.ceil((endedAt - openedAt) / MINUTE_MS))

/** Everything in its minute, every mark at its moment. */
export function storyOf(facts: Facts, phrases: PhrasePack): Story {
  const pins = pinnedWhiles(facts)
  const minutes = curveOf(facts)
  const shown = pins.filter(({ productId }) => productId)
  const questions = questionsIn(
    facts.lines,
    shown.map(({ from }) => from)
  )
  return {
    ...facts,
    minutes,
    peak: Math.max(facts.peakViewers, ...minutes.map(({ viewers }) => viewers)),
    pins,
    coupons: facts.happened.flatMap(({ at, type, body }) =>
      type === 'coupon_dropped' ? [couponOf(at, body)] : []
    ),
    aways: awaysOf(facts),
    questions: gathered(questions),
    flagged: flaggedOf(facts, shown, phrases)
  }
}

function curveOf({ openedAt, endedAt, film, viewers, lines, orders }: Facts): Story['minutes'] {
  const length = Math.min(MAX_MINUTES, minutesOf(openedAt, endedAt))
  const minutes = Array.from({ length }, (_, minute) => ({
    filmMs: filmMsOf(openedAt + minute * MINUTE_MS, film),
    viewers: -1,
    lines: 0,
    orders: 0,
    paid: 0,
    paidFen: 0,
    unpaid: 0
  }))
  for (const { minute, viewers: count } of viewers) if (minutes[minute]) minutes[minute].viewers = count
  for (const { at } of lines) {
    const minute = minutes[Math.floor((at - openedAt) / MINUTE_MS)]
    if (minute) minute.lines++
  }
  for (const { minute, ordered, paid, paidFen, unpaid } of orders) {
    if (minutes[minute]) Object.assign(minutes[minute], { orders: ordered, paid, paidFen, unpaid })
  }
  return minutes
}

/** Names of goods as they were shown: what has left the shelf since is still called by its name. */
function titlesOf({ goods, happened }: Facts): Map<string, string> {
  const titles = new Map<string, string>()
  for (const { type, body } of happened) {
    if (type !== 'shelf_changed') continue
    for (const { productId, title } of body['shelf'] as { productId: string; title: string }[])
      titles.set(productId, title)
  }
  for (const { productId, title } of goods) titles.set(productId, title)
  return titles
}

function pinnedWhiles(facts: Facts): PinnedWhile[] {
  const titles = titlesOf(facts)
  const whiles: PinnedWhile[] = [{ productId: '', title: '', from: facts.openedAt, to: facts.endedAt }]
  for (const { at, type, body } of facts.happened) {
    if (type !== 'product_pinned' && type !== 'product_unpinned') continue
    if (at > facts.endedAt) continue // the pin goes with the show
    const productId = type === 'product_pinned' ? String(body['productId']) : ''
    const from = Math.max(at, facts.openedAt)
    whiles.at(-1)!.to = from
    whiles.push({ productId, title: titles.get(productId) ?? '', from, to: facts.endedAt })
  }
  return whiles.filter(({ from, to }) => to > from)
}

function couponOf(at: number, body: Record<string, unknown>) {
  const { offFen, offPermyriad = 0, thresholdFen } = body['coupon'] as Partial<Money>
  return { at, offFen: offFen ?? 0, offPermyriad, thresholdFen: thresholdFen ?? 0 }
}

function awaysOf({ happened, endedAt }: Facts): Story['aways'] {
  const aways: Story['aways'] = []
  for (const { at, type } of happened) {
    if (type === 'show_away') aways.push({ from: at, to: endedAt })
    if (type === 'show_back' && aways.length) aways.at(-1)!.to = at
  }
  return aways
}

/** Only what was written: her lines and those of who helps her, the title, the names of goods. */
function flaggedOf(facts: Facts, shown: readonly PinnedWhile[], phrases: PhrasePack): FlaggedWord[] {
  const { openedAt, film } = facts
  const flag = (where: FlaggedWord['where'], text: string, at: number): FlaggedWord[] =>
    flaggedIn(text, phrases).map((found) => ({
      where,
      text: text.slice(0, 200),
      ...found,
      atMs: at - openedAt,
      filmMs: filmMsOf(at, film)
    }))
  const firstShown = (productId: string) => shown.find((pin) => pin.productId === productId)?.from ?? openedAt
  return [
    ...facts.lines.filter(({ staff }) => staff).flatMap(({ text, at }) => flag('line', text, at)),
    ...flag('title', facts.title, openedAt),
    ...facts.goods.flatMap(({ productId, title }) => flag('goods', title, firstShown(productId)))
  ].slice(0, MAX_MARKS)
}

const NO_MONEY: Money = { offFen: 0, offPermyriad: 0, thresholdFen: 0 }

/** All marks of the curve in order; where there are too many, questions are the first to go. */
export function marksOf(story: Story): DebriefMark[] {
  const mark = (kind: DebriefMark['kind'], at: number, text = '', money = NO_MONEY) => ({
    kind,
    atMs: at - story.openedAt,
    filmMs: filmMsOf(at, story.film),
    text: text.slice(0, 200),
    ...money
  })
  return [
    ...story.flagged.flatMap(({ where, text, atMs }) =>
      where === 'line' ? [mark('flagged', atMs + story.openedAt, text)] : []
    ),
    ...story.aways.map(({ from }) => mark('away', from)),
    ...story.coupons.map(({ at, ...money }) => mark('coupon', at, '', money)),
    ...story.pins.filter(({ productId }) => productId).map(({ from, title }) => mark('pin', from, title)),
    ...story.questions.flatMap(({ asked }) => asked.map(({ at, text }) => mark('question', at, text)))
  ]
    .slice(0, MAX_MARKS)
    .toSorted((a, b) => a.atMs - b.atMs)
}

export const questionsOf = (story: Story): Debrief['questions'] =>
  story.questions.slice(0, MAX_QUESTIONS).map(({ about, answer, asked, people }) => ({
    about,
    answer,
    people,
    times: asked.length,
    text: asked[0]!.text.slice(0, 200),
    atMs: asked[0]!.at - story.openedAt,
    filmMs: filmMsOf(asked[0]!.at, story.film)
  }))

/** How many watched at this moment; where nobody counted, 0. */
export function viewersAt(story: Pick<Story, 'minutes' | 'openedAt'>, at: number): number {
  const minute = Math.floor((at - story.openedAt) / MINUTE_MS)
  const { minutes } = story
  return Math.max(0, minutes[Math.min(Math.max(minute, 0), minutes.length - 1)]!.viewers)
}
