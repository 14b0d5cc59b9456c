import type { Answer } from '../../shared/contract.ts'
import { GOODS_CLASSES } from '../../shared/contracts/catalogue.ts'
import type { myLicence, ShowPermit } from '../../shared/contracts/licences.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Rooms } from '../live/rooms.ts'
import type { Show } from '../live/show.ts'
import type { Shows } from '../live/shows.ts'
import { has, type Member } from '../members/member.ts'
import type { Store } from '../store/store.ts'
import { openDocuments, type DocumentNeighbours } from './documents.ts'
import { classLacks, learns } from './licence.ts'
import { openMentors } from './mentors.ts'
import { openPermits, type Facts } from './permits.ts'
import { openRules } from './rules.ts'
import { openSales } from './sales.ts'

/** A learner's show must not go on alone for long: two minutes, and this. */
const WATCH_MS = 5_000
/** Papers run out at a moment, and whoever watches must not be sold to for long after it. */
const REVIEW_MS = 15_000
const SWEEP_DOCUMENTS_MS = 3_600_000

export type Licences = ReturnType<typeof openLicences>

/** 持证开播: what a host may sell on air, and what she can do about the rest. */
export function openLicences({
  store,
  clock,
  jobs,
  shows,
  act,
  apprenticesOf,
  facts,
  ...neighbours
}: {
  store: Store
  clock: Clock
  jobs: Jobs
  shows: Shows
  act: Rooms['act']
  apprenticesOf: (mentorId: string) => Promise<string[]>
  facts: Facts
} & DocumentNeighbours) {
  const { namesOf, audit, tellIn } = neighbours
  const rules = openRules({ store, clock, namesOf, audit })
  const documents = openDocuments({ store, clock, rules, ...neighbours })
  const permits = openPermits({ store, clock, rules, ...facts })
  const { mentorOf } = facts
  const mentors = openMentors({ store, clock, rules, mentorOf, shows, act, tellIn, audit })
  const sales = openSales({ store, permits, mentors, shows, act, tellIn, audit })
  jobs.every('documents', SWEEP_DOCUMENTS_MS, documents.sweep)
  jobs.every('mentors', WATCH_MS, mentors.watch)
  jobs.every('licences', REVIEW_MS, sales.review)

  /** What stands between this show and the air, and who stands beside its host. */
  async function judged(show: Pick<Show, 'id' | 'hostId'>, productIds: string[]) {
    const { show: missing, goods, mentor } = await permits.standing(show.hostId, productIds)
    const lapsed = goods.filter((each) => each.missing.length)
    return {
      missing,
      lapsed,
      mentor: mentor && { ...mentor, connected: await mentors.connected(show.id, mentor) },
      nothingToSell: productIds.length > 0 && lapsed.length === productIds.length
    }
  }

  return {
    rules,
    documents,
    setSale: sales.set,
    seen: mentors.seen,

    /** She has lost something, a certificate say, or may have: in the same unit her show on air stops selling. */
    lostIn: sales.reviewIn,

    /** What live asks before a shelf is set and before a show begins. */
    gate: {
      mentorOf,
      apprenticesOf,

      async beforeShelf(hostId: string, productIds: string[]): Promise<void> {
        if (!productIds.length) return
        const { goods } = await permits.standing(hostId, productIds)
        const refused = await permits.refused(goods)
        if (refused.length) throw new Problem('goods_not_licensed', { refused })
      },

      async beforeGoLive(show: Show, productIds: string[]) {
        const { missing, lapsed, mentor, nothingToSell } = await judged(show, productIds)
        if (missing.length && !mentor) {
          throw new Problem('not_licensed', { missing: await permits.explain(missing) })
        }
        const refused = await permits.refused(lapsed)
        if (nothingToSell) throw new Problem('goods_not_licensed', { refused })
        if (mentor && !mentor.connected) {
          const { id, name } = mentor
          throw new Problem('mentor_away', { mentor: { id, name } })
        }
        return { mentorId: missing.length ? mentor!.id : '', refused }
      }
    },

    async mine(me: Member): Promise<Answer<typeof myLicence>> {
      const [{ show }, mentor, holder, asked, handedIn] = await Promise.all([
        permits.standing(me.id, []),
        mentorOf(store.read, me.id),
        permits.holderOf(store.read, me.id),
        rules.now(store.read),
        documents.of(me.id)
      ])
      const lacks = GOODS_CLASSES.map((each) => classLacks(holder, each, asked, clock.now()))
      const explained = await permits.explain([...show, ...lacks.flat()])
      let at = show.length
      return {
        show: explained.slice(0, at),
        goods: GOODS_CLASSES.map((goodsClass, i) => ({
          goodsClass,
          missing: explained.slice(at, (at += lacks[i]!.length))
        })),
        documents: handedIn,
        ...(mentor && { mentor: { id: mentor.id, name: mentor.name } })
      }
    },

    /** For its host, her mentor and staff. Problems: no_such_show, show_not_yours. */
    async permitOf(me: Member, showId: string): Promise<ShowPermit> {
      const show = await shows.get(showId)
      if (!has(me, 'trainer') && !(await shows.mayRun(show, me))) throw new Problem('show_not_yours')
      const { missing, lapsed, mentor, nothingToSell } = await judged(show, await shows.shelfIds(showId))
      const supervised = missing.length > 0 && learns(missing) && mentor !== undefined
      return {
        mayGoLive: !nothingToSell && (missing.length === 0 || (supervised && mentor.connected)),
        supervised,
        ...(mentor && { mentor: { id: mentor.id, name: mentor.name, connected: mentor.connected } }),
        show: await permits.explain(missing),
        goods: await permits.refused(lapsed),
        saleStopped: show.saleStopped
      }
    }
  }
}
