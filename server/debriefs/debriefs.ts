import type { Answer, QueryOf } from '../../shared/contract.ts'
import {
  COMPARED,
  MAX_MINUTES,
  type Accepted,
  type CardRule,
  type Debrief,
  type DebriefCard,
  type listDebriefs,
  type OwnShow
} from '../../shared/contracts/debriefs.ts'
import type { ShelfItem } from '../../shared/contracts/live.ts'
import type { Topic } from '../../shared/contracts/school.ts'
import type { FactType } from '../../shared/room.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Rooms } from '../live/rooms.ts'
import type { Show } from '../live/show.ts'
import type { Shows } from '../live/shows.ts'
import { has, type Member } from '../members/member.ts'
import type { Tallies, Tally } from '../orders/tallies.ts'
import { NO_ORDERS } from '../orders/tallies.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { cardsOf, praisesOf, type Card } from './card.ts'
import { clipAround, filmLength, marksOf, minutesOf, questionsOf, storyOf, type Story } from './debrief.ts'
import type { Homework, Placing } from './lessons.ts'
import phrases from './phrases.json' with { type: 'json' }
import type { Said } from './question.ts'
import { debriefStore, type CardRow } from './store.ts'

/** Of what was said so much is read; an evening of a full room is more than that. */
const LINES_READ = 10_000
/** Pins, coupons, shelves: what hands do, not a crowd. */
const HAPPENED_READ = 2_000
const HAPPENED: readonly FactType[] = [
  'product_pinned',
  'product_unpinned',
  'coupon_dropped',
  'shelf_changed',
  'show_away',
  'show_back'
]
const PAGE = 50
/** The course for which there is no better one. */
const CRAFT: Topic = 'live_selling'
/** What a room calls whoever neither holds the show nor helps. */
const BUYER = 'buyer'

export interface Neighbours {
  shows: Pick<Shows, 'get' | 'cards' | 'mayWatch' | 'shelfIds' | 'over' | 'lastBefore'>
  happened: Rooms['happened']
  /** Names of goods, on sale or not. */
  titlesOf: (productIds: string[]) => Promise<ReadonlyMap<string, Pick<ShelfItem, 'title'>>>
  film: {
    stretches: (sessionId: string) => Promise<{ filmedAt: number; fromMs: number; durationMs: number }[]>
    playlist: (sessionId: string, ended: boolean) => Promise<string>
  }
  tallies: Tallies
  /** Whether there is no cashier but the demo's: then its orders are what counts. */
  testOnly: () => boolean
  claimsOf: (showId: string) => Promise<number>
  namesOf: (ids: readonly string[]) => Promise<ReadonlyMap<string, { name: string }>>
  mentorOf: (on: Tx | Reader, apprenticeId: string) => Promise<{ id: string } | undefined>
  apprenticesOf: (mentorId: string) => Promise<string[]>
  courseOfTopic: (topics: Topic[]) => Promise<{ id: string; title: string; topic: Topic }[]>
  courseTitles: (ids: string[]) => Promise<ReadonlyMap<string, { title: string }>>
  classesOf: (ids: string[]) => Promise<ReadonlyMap<string, NonNullable<Accepted['class']>>>
  /** A card becomes homework and, where one fits, a seat in a class: part of the caller's unit. */
  setIn: (tx: Tx, homework: Homework) => Promise<Placing>
}

export type Debriefs = ReturnType<typeof openDebriefs>

/** 复盘: what a show that is over tells the woman who held it, and what becomes of it. */
export function openDebriefs({ store, clock, ...neighbours }: { store: Store; clock: Clock } & Neighbours) {
  const { shows, tallies, testOnly, namesOf } = neighbours
  const rows = debriefStore(store)

  return {
    /** Problems: no_such_show, no_debrief_yet. */
    async of(me: Member, showId: string): Promise<Debrief> {
      const show = await readable(me, showId)
      return view(me, show)
    },

    /** Newest first. Problem no_such_show for an unknown `after`. */
    async list(
      me: Member,
      { list, after }: QueryOf<typeof listDebriefs>
    ): Promise<Answer<typeof listDebriefs>['items']> {
      const hostIds = list === 'mine' ? [me.id] : await looksAfter(me)
      if (hostIds?.length === 0) return []
      return listed(await shows.over(hostIds, PAGE, after))
    },

    /**
     * A trainer, her mentor or an officer makes a card her homework, once, with the words that she gives it. Problems:
     * no_such_show, no_debrief_yet, trainer_decides, no_such_card.
     */
    async accept(me: Member, showId: string, rule: CardRule, words: string): Promise<Accepted> {
      const show = await readable(me, showId)
      if (!(await guides(me, show))) throw new Problem('trainer_decides')
      const known = (await rows.cards(store.read, showId)).find((card) => card.rule === rule)
      if (known) return acceptedView(known)
      const { cards } = await view(me, show)
      const card = cards.find((each) => each.rule === rule)
      if (!card?.courseId) throw new Problem('no_such_card')
      return acceptedView(await store.tx((tx) => acceptIn(tx, me, show, card, words.trim())))
    }
  }

  /** Who comes second finds the first one's homework. */
  async function acceptIn(
    tx: Tx,
    me: Member,
    show: Show,
    { rule, courseId, fromMs, toMs }: DebriefCard,
    words: string
  ): Promise<CardRow> {
    const before = (await rows.cards(tx, show.id)).find((card) => card.rule === rule)
    if (before) return before
    const placing = await neighbours.setIn(tx, {
      key: `debrief:${show.id}:${rule}`,
      courseId,
      memberId: show.hostId,
      words,
      showId: show.id,
      fromMs,
      toMs,
      byId: me.id,
      byName: me.name
    })
    const row = {
      showId: show.id,
      rule,
      memberId: show.hostId,
      words,
      byId: me.id,
      at: clock.now(),
      courseId,
      ...placing
    }
    await rows.addCard(tx, row)
    return row
  }

  /** Trainers and officers everybody's; a mentor those of her apprentices. Undefined: of all. */
  async function looksAfter(me: Member): Promise<string[] | undefined> {
    return has(me, 'trainer', 'officer') ? undefined : neighbours.apprenticesOf(me.id)
  }

  /** Who says what she does next: never she herself. */
  async function guides(me: Member, show: Show): Promise<boolean> {
    if (show.hostId === me.id) return false
    if (has(me, 'trainer', 'officer') || show.mentorId === me.id) return true
    return (await neighbours.mentorOf(store.read, show.hostId))?.id === me.id
  }

  /** To whom it does not concern there is none. */
  async function readable(me: Member, showId: string): Promise<Show> {
    const show = await shows.get(showId)
    if (show.kind === 'class') throw new Problem('no_such_show')
    if (show.hostId !== me.id && !(await guides(me, show))) throw new Problem('no_such_show')
    if (show.state !== 'ended' || show.openedAt === null) throw new Problem('no_debrief_yet')
    return show
  }

  async function view(me: Member, show: Show): Promise<Debrief> {
    const test = testOnly()
    const { story, cut, counted } = await storyFor(show, test)
    const [[card], before, claimed, mayWatch, mayAccept, kept] = await Promise.all([
      shows.cards([show]),
      shows.lastBefore(show, COMPARED),
      neighbours.claimsOf(show.id),
      shows.mayWatch(show, me),
      guides(me, show),
      rows.cards(store.read, show.id)
    ])
    const found = await tallies.ofShows(
      [show, ...before].map(({ id }) => id),
      test
    )
    const { apart, ...orders } = found.get(show.id) ?? NO_ORDERS
    const own = before.map((each) => ownShow(each, found.get(each.id)))
    const mine = { ...ownShow(show, found.get(show.id)), peak: story.peak }
    const filmMs = filmLength(story.film)
    const accepted = await acceptedViews(kept)
    const cards = await cardViews(cardsOf(story), story, accepted)
    return {
      show: card!,
      playlist:
        mayWatch && show.sessionId && filmMs ? await neighbours.film.playlist(show.sessionId, true) : '',
      filmMs,
      counted,
      minutes: story.minutes,
      marks: marksOf(story),
      afterwards: orders.ordered - story.minutes.reduce((all, minute) => all + minute.orders, 0),
      peak: story.peak,
      spoke: new Set(story.lines.filter(({ staff }) => !staff).map(({ actorId }) => actorId)).size,
      claimed,
      orders,
      countsTest: test,
      apart,
      cut,
      questions: questionsOf(story),
      flagged: story.flagged,
      praises: praisesOf(story, own, mine),
      cards,
      kept: accepted.filter(({ rule }) => !cards.some((each) => each.rule === rule)),
      before: own,
      mine,
      mayAccept
    }
  }

  /** Everything that is read of a show, each from where it happened. */
  async function storyFor(
    show: Show,
    test: boolean
  ): Promise<{ story: Story; cut: boolean; counted: boolean }> {
    const openedAt = show.openedAt!
    const endedAt = Math.max(openedAt, show.endedAt ?? openedAt)
    const minutes = Math.min(MAX_MINUTES, minutesOf(openedAt, endedAt))
    const [happened, said, viewers, orders, film, goods] = await Promise.all([
      neighbours.happened(show.id, HAPPENED, HAPPENED_READ),
      neighbours.happened(show.id, ['message_said'], LINES_READ),
      rows.minutesQuery(show.id),
      tallies.byMinute(show.id, { from: openedAt, minutes }, test),
      show.sessionId ? neighbours.film.stretches(show.sessionId) : [],
      goodsOn(show.id)
    ])
    const lines = said.map(({ at, actorId, body }): Said => ({
      at,
      actorId,
      // A mentor is a host elsewhere: beside her apprentice she speaks as a buyer and helps all the same.
      staff: body['role'] !== BUYER || (show.mentorId !== '' && actorId === show.mentorId),
      text: String(body['text'])
    }))
    const { kind, title, peakViewers } = show
    const facts = {
      kind,
      title,
      openedAt,
      endedAt,
      peakViewers,
      film,
      viewers,
      happened,
      lines,
      goods,
      orders
    }
    return {
      story: storyOf(facts, phrases),
      cut: said.length === LINES_READ,
      counted: viewers.length > 0
    }
  }

  async function goodsOn(showId: string) {
    const ids = await shows.shelfIds(showId)
    const titles = await neighbours.titlesOf(ids)
    return ids.map((productId) => ({ productId, title: titles.get(productId)?.title ?? '' }))
  }

  async function cardViews(
    cards: readonly Card[],
    { openedAt, film }: Story,
    accepted: readonly Accepted[]
  ): Promise<DebriefCard[]> {
    const courses = cards.length
      ? await neighbours.courseOfTopic([...cards.map(({ topic }) => topic), CRAFT])
      : []
    const courseFor = (wanted: Topic) =>
      courses.find(({ topic }) => topic === wanted) ?? courses.find(({ topic }) => topic === CRAFT)
    return cards.map(({ at, ...card }) => {
      const course = courseFor(card.topic)
      const taken = accepted.find(({ rule }) => rule === card.rule)
      return {
        ...card,
        courseId: course?.id ?? '',
        courseTitle: course?.title ?? '',
        atMs: Math.round(at - openedAt),
        ...clipAround(Math.round(at), film),
        ...(taken && { accepted: taken })
      }
    })
  }

  async function acceptedView(row: CardRow): Promise<Accepted> {
    return (await acceptedViews([row]))[0]!
  }

  async function acceptedViews(found: readonly CardRow[]): Promise<Accepted[]> {
    if (!found.length) return []
    const [names, titles, classes] = await Promise.all([
      namesOf(found.map(({ byId }) => byId)),
      neighbours.courseTitles(found.map(({ courseId }) => courseId)),
      neighbours.classesOf(found.flatMap(({ classId }) => classId || []))
    ])
    return found.map(({ rule, words, byId, at, taskId, courseId, seat, classId }) => {
      const booked = classes.get(classId)
      return {
        rule: rule as CardRule,
        words,
        byName: names.get(byId)?.name ?? '',
        at,
        taskId,
        courseId,
        courseTitle: titles.get(courseId)?.title ?? '',
        seat,
        ...(booked && { class: booked })
      }
    })
  }

  async function listed(found: Show[]): Promise<Answer<typeof listDebriefs>['items']> {
    const ids = found.map(({ id }) => id)
    const test = testOnly()
    const [names, sums, counts] = await Promise.all([
      namesOf(found.map(({ hostId }) => hostId)),
      tallies.ofShows(ids, test),
      ids.length ? rows.cardCountsQuery(ids) : []
    ])
    return found.map((show) => {
      const { title, startsAt, minutes, peak, ordered, paidFen } = ownShow(show, sums.get(show.id))
      return {
        showId: show.id,
        title,
        host: { id: show.hostId, name: names.get(show.hostId)?.name ?? '' },
        kind: show.kind,
        startsAt,
        minutes,
        peak,
        ordered,
        paidFen,
        countsTest: test,
        accepted: counts.find(({ showId }) => showId === show.id)?.cards ?? 0,
        demo: show.demo
      }
    })
  }
}

const ownShow = (
  { id, title, startsAt, openedAt, endedAt, peakViewers }: Show,
  { ordered, paid, paidFen }: Tally = NO_ORDERS
): OwnShow => ({
  showId: id,
  title,
  startsAt,
  minutes: minutesOf(openedAt!, endedAt ?? openedAt!),
  peak: peakViewers,
  ordered,
  paid,
  paidFen
})
