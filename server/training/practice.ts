import type { Answer, Body } from '../../shared/contract.ts'
import type {
  assess,
  Assessment,
  Rehearsal,
  rehearse,
  showAssessments
} from '../../shared/contracts/practice.ts'
import { Problem } from '../../shared/problems.ts'
import type { Static } from 'typebox'
import type { Clock } from '../clock.ts'
import type { Show } from '../live/show.ts'
import type { Shows } from '../live/shows.ts'
import { has, type Member } from '../members/member.ts'
import type { Notices } from '../notices/notices.ts'
import { newId } from '../store/id.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { marks, passes, shows as provesSomething } from './assessment.ts'
import { assessmentStore, type AssessmentRow } from './assessment-store.ts'
import type { Course, Courses } from './courses.ts'

const PAGE = 50
/** Rehearsals among which a trainer finds what to look at: the newest. */
const REHEARSALS = 500
/** Rubrics that may be used for one show. */
const RUBRICS = 20

export interface PracticeNeighbours {
  courses: Pick<Courses, 'byIds' | 'open'>
  shows: Pick<Shows, 'rehearse' | 'cards' | 'get' | 'rehearsals' | 'rehearsalsOf'>
  /** How long the recording of a film is. */
  recordedMs: (sessionId: string) => Promise<number>
  /** Whether she ever had a seat in a class of this course. */
  enrolledIn: (on: Tx | Reader, memberId: string, courseId: string) => Promise<boolean>
  namesOf: (ids: readonly string[]) => Promise<ReadonlyMap<string, { name: string }>>
  tellIn: Notices['tellIn']
}

export type Practice = ReturnType<typeof openPractice>

/** 彩排 and 评分: she tries it where only trainers see her, and they say how it was. */
export function openPractice({
  store,
  clock,
  courses,
  shows,
  recordedMs,
  enrolledIn,
  namesOf,
  tellIn
}: { store: Store; clock: Clock } & PracticeNeighbours) {
  const rows = assessmentStore(store)

  return {
    /** Problems: no_such_course, enrol_first, too_many_rehearsals, no_such_product. */
    async rehearse(me: Member, draft: Body<typeof rehearse>): Promise<Answer<typeof rehearse>> {
      const course = await courseOf(store.read, draft.courseId)
      if (course?.state !== 'open' || !course.practical) throw new Problem('no_such_course')
      if (!(await enrolledIn(store.read, me.id, course.id))) throw new Problem('enrol_first')
      const [show] = await shows.cards([await shows.rehearse(me, draft)])
      return { show: show! }
    },

    /** Hers, newest first. */
    mine: async (me: Member) => rehearsals(await shows.rehearsalsOf(me.id, PAGE)),

    /** Everybody's: on air first, then what was filmed and nobody assessed, then the newest. */
    async toAssess(after?: string) {
      const newest = await shows.rehearsals(REHEARSALS)
      const counts = await rows.countsOf(newest.map(({ id }) => id))
      const rank = ({ id, state, openedAt }: Show) => {
        if (state === 'live' || state === 'away') return 0
        return openedAt !== null && !counts.get(id) ? 1 : 2
      }
      const sorted = newest.toSorted((one, other) => rank(one) - rank(other)) // keeps the newest first
      const from = after === undefined ? 0 : sorted.findIndex(({ id }) => id === after) + 1
      return rehearsals(sorted.slice(from, from + PAGE))
    },

    /**
     * My marks for a show; again replaces mine, and she is told. Problems: no_such_show, not_herself,
     * nothing_to_assess, no_such_course, assess_incomplete, bad_input.
     */
    async assess(
      me: Member,
      showId: string,
      { courseId, scores, words, evidence }: Body<typeof assess>
    ): Promise<Assessment> {
      const show = await shows.get(showId)
      if (show.hostId === me.id) throw new Problem('not_herself')
      if (show.openedAt === null || show.kind === 'class') throw new Problem('nothing_to_assess')
      if (show.kind === 'rehearsal' && show.subjectId !== courseId) throw new Problem('no_such_course')
      const filmedMs = await filmed(show)
      const at = clock.now()
      const row = await store.tx(async (tx) => {
        const course = await courseOf(tx, courseId)
        if (!course?.practical) throw new Problem('no_such_course')
        const result = marks(course.rubric, scores, course)
        if ('refused' in result) throw new Problem(result.refused)
        if (!evidence.every((each) => provesSomething(each, course.rubric, filmedMs)))
          throw new Problem('bad_input', { field: '/evidence' })
        const memberId = show.hostId
        const kept = await rows.put(tx, {
          ...result,
          id: newId(at),
          showId,
          courseId,
          memberId,
          byId: me.id,
          scores,
          words,
          evidence,
          at
        })
        await tellIn(tx, {
          memberId,
          kind: 'assessed',
          about: {
            title: course.title,
            by: me.name,
            percent: String(result.percent),
            passed: result.passed ? 'yes' : 'no'
          },
          href: show.state === 'ended' ? `/debrief/${showId}` : `/show/${showId}`
        })
        return kept
      })
      return (await assessments([row]))[0]!
    },

    /** For the host of a show and for trainers; to others a show that is not theirs to judge is none. */
    async ofShow(me: Member, showId: string): Promise<Answer<typeof showAssessments>> {
      const show = await shows.get(showId)
      if (show.hostId !== me.id && !has(me, 'trainer', 'officer')) throw new Problem('no_such_show')
      const [items, usable] = await Promise.all([rows.ofShow(showId), rubricsFor(show)])
      return {
        items: await assessments(items),
        rubrics: usable.map(({ id, title, passPercent, rubric }) => {
          return { courseId: id, courseTitle: title, passPercent, rubric }
        })
      }
    },

    /** How many trainers passed her in a course, by course: of each the latest word. */
    async passesOf(memberId: string): Promise<Map<string, number>> {
      const words = Map.groupBy(await rows.ofMemberQuery(store.read, memberId), ({ courseId }) => courseId)
      return new Map([...words].map(([courseId, some]) => [courseId, passes(some)]))
    }
  }

  async function courseOf(on: Tx | Reader, courseId: string): Promise<Course | undefined> {
    return (await courses.byIds(on, [courseId])).get(courseId)
  }

  /** Up to where evidence may point: while she is on air, up to now. */
  async function filmed({ state, openedAt, sessionId }: Show) {
    if (state === 'live' || state === 'away') return clock.now() - openedAt!
    return sessionId ? recordedMs(sessionId) : 0
  }

  async function rubricsFor({ kind, subjectId }: Show): Promise<Course[]> {
    if (kind === 'class') return []
    const ids =
      kind === 'rehearsal'
        ? [subjectId]
        : (await courses.open()).filter(({ practical }) => practical).map(({ id }) => id)
    const found = await courses.byIds(store.read, ids.slice(0, RUBRICS))
    return [...found.values()].filter(({ practical }) => practical)
  }

  async function rehearsals(found: Show[]): Promise<Static<typeof Rehearsal>[]> {
    const [cards, counts, known] = await Promise.all([
      shows.cards(found),
      rows.countsOf(found.map(({ id }) => id)),
      courses.byIds(
        store.read,
        found.map(({ subjectId }) => subjectId)
      )
    ])
    return found.map(({ id, subjectId }, i) => ({
      show: cards[i]!,
      courseId: subjectId,
      courseTitle: known.get(subjectId)?.title ?? '',
      assessed: counts.get(id) ?? 0
    }))
  }

  async function assessments(found: AssessmentRow[]): Promise<Assessment[]> {
    const names = await namesOf(found.flatMap(({ memberId, byId }) => [memberId, byId]))
    const nameOf = (id: string) => names.get(id)?.name ?? ''
    return found.map(({ memberId, ...row }) => ({
      ...row,
      learner: { id: memberId, name: nameOf(memberId) },
      byName: nameOf(row.byId)
    }))
  }
}
