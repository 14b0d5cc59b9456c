import type { Body } from '../../shared/contract.ts'
import type { Mentorship, offerMentorship } from '../../shared/contracts/practice.ts'
import type { FileKind } from '../../shared/contracts/files.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import type { Notices } from '../notices/notices.ts'
import { newId } from '../store/id.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { lastDayIn, monthOf } from './calendar.ts'
import type { Certificates } from './certificates.ts'
import {
  checksMissing,
  holds,
  isClosed,
  isThrough,
  LONGEST_MONTHS,
  MAX_TASKS,
  sign,
  waits
} from './mentorship.ts'
import { mentorshipStore, type PairRow, type TaskRow } from './mentorship-store.ts'

const PAGE = 100
/** Pairs that are looked through for those with something to do: a union has a few dozen. */
const OPEN_PAIRS = 500
const CLOSED_PAIRS = 500
/** A mentor shows how to sell live, so that is what she is certified for. */
const CRAFT = 'live_selling'
const PAGE_OF_PAIRS = '/me/mentorship'

export interface MentorshipNeighbours {
  certificates: Pick<Certificates, 'validOf'>
  /** Throws no_such_file unless all of them are hers and of this kind. */
  ownedBy: (on: Tx | Reader, fileIds: string[], memberId: string, kind: FileKind) => Promise<unknown>
  namesOf: (ids: readonly string[]) => Promise<ReadonlyMap<string, { name: string }>>
  /** The same for a unit of work. */
  namesIn: (on: Tx | Reader, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  tellIn: Notices['tellIn']
}

export type Mentorships = ReturnType<typeof openMentorships>

/** 师带徒: a master takes an apprentice by the hand until she goes live alone. */
export function openMentorships({
  store,
  clock,
  certificates,
  ownedBy,
  namesOf,
  namesIn,
  tellIn
}: { store: Store; clock: Clock } & MentorshipNeighbours) {
  const rows = mentorshipStore(store)

  return {
    /** Pairs in which she is master or apprentice, newest first. */
    mine: async (me: Pick<Member, 'id'>) => pairs(await rows.ofMember(me.id)),

    /** All of them: those with something to do first, then those that are open, then the others. */
    async all(after?: string): Promise<Mentorship[]> {
      const [open, closed] = await Promise.all([
        rows.newestQuery(['offered', 'active'], OPEN_PAIRS),
        rows.newestQuery(['graduated', 'ended'], CLOSED_PAIRS)
      ])
      const tasks = Map.groupBy(await rows.tasksOf(store.read, idsOf(open)), (task) => task.mentorshipId)
      const checks = Map.groupBy(await rows.checksOf(store.read, idsOf(open)), (check) => check.mentorshipId)
      const now = clock.now()
      const waiting = (pair: PairRow) => {
        const months = (checks.get(pair.id) ?? []).map(({ month }) => month)
        return waits(pair, tasks.get(pair.id) ?? [], checksMissing(pair, months, now), now)
      }
      const sorted = [...open.filter(waiting), ...open.filter((pair) => !waiting(pair)), ...closed]
      const from = after === undefined ? 0 : sorted.findIndex(({ id }) => id === after) + 1
      return pairs(sorted.slice(from, from + PAGE))
    },

    /**
     * Pairs two women; good once both have signed. Problems: bad_input, no_such_member, mentorship_too_long,
     * mentor_needs_certificate, apprentice_taken.
     */
    async offer(
      me: Member,
      { mentorId, apprenticeId, agreement, endsAt, tasks }: Body<typeof offerMentorship>
    ): Promise<Mentorship> {
      const now = clock.now()
      if (mentorId === apprenticeId) throw new Problem('bad_input', { field: '/apprenticeId' })
      if (endsAt <= now) throw new Problem('bad_input', { field: '/endsAt' })
      if (endsAt > lastDayIn(LONGEST_MONTHS, now)) throw new Problem('mentorship_too_long')
      const id = newId(now)
      await store.tx(async (tx) => {
        const names = await namesIn(tx, [mentorId, apprenticeId])
        if (names.size < 2) throw new Problem('no_such_member')
        await refuseUncertified(tx, mentorId)
        const offered = await rows.add(tx, {
          id,
          mentorId,
          apprenticeId,
          pairKey: apprenticeId,
          state: 'offered',
          agreement: agreement.trim(),
          startsAt: now,
          endsAt,
          mentorSignedAt: 0,
          apprenticeSignedAt: 0,
          closedAt: 0,
          reason: ''
        })
        if (!offered) throw new Problem('apprentice_taken')
        await rows.addTasks(
          tx,
          tasks.map((title, position) => newTask(id, title, position))
        )
        const about = { mentor: names.get(mentorId)!, apprentice: names.get(apprenticeId)!, by: me.name }
        for (const memberId of [mentorId, apprenticeId])
          await tellIn(tx, { memberId, kind: 'mentorship_offered', about, href: PAGE_OF_PAIRS })
      })
      return one(id)
    },

    /** Problems: no_such_mentorship, mentorship_closed, mentor_needs_certificate. */
    async sign(me: Member, pairId: string): Promise<Mentorship> {
      await store.tx(async (tx) => {
        const pair = await partOf(tx, me, pairId)
        const signed = sign(pair, me.id, clock.now())
        if ('refused' in signed) throw new Problem(signed.refused)
        if (signed.state !== pair.state) await refuseUncertified(tx, pair.mentorId)
        await rows.change(tx, pairId, signed)
      })
      return one(pairId)
    },

    /** One of the two does not want what nobody has begun. Problems: no_such_mentorship, mentorship_closed, trainer_decides. */
    async decline(me: Member, pairId: string, reason: string): Promise<Mentorship> {
      await store.tx(async (tx) => {
        const pair = await partOf(tx, me, pairId)
        if (isClosed(pair)) throw new Problem('mentorship_closed')
        if (pair.state === 'active') throw new Problem('trainer_decides')
        await closeIn(tx, pair, 'ended', reason, me.id)
      })
      return one(pairId)
    },

    /** The mentor gives a task. Problems: no_such_mentorship, not_yours, mentorship_unsigned, mentorship_closed, tasks_full. */
    async addTask(me: Member, pairId: string, title: string): Promise<Mentorship> {
      await store.tx(
        async (tx) => {
          const pair = await atWork(tx, me, pairId, 'mentorId')
          const position = await rows.countTasks(tx, pairId)
          if (position >= MAX_TASKS) throw new Problem('tasks_full')
          await rows.addTasks(tx, [newTask(pairId, title, position)])
          await tellIn(tx, {
            memberId: pair.apprenticeId,
            kind: 'mentor_task',
            about: { title: title.trim(), mentor: me.name },
            href: PAGE_OF_PAIRS
          })
        },
        { hot: `mentorship:${pairId}` }
      )
      return one(pairId)
    },

    /** The apprentice shows what she did. Problems: as above, not_found, task_done, no_such_file. */
    async show(
      me: Member,
      pairId: string,
      taskId: string,
      { fileIds, words }: { fileIds: string[]; words: string }
    ): Promise<Mentorship> {
      if (!fileIds.length && !words.trim()) throw new Problem('bad_input', { field: '/words' })
      await store.tx(async (tx) => {
        const pair = await atWork(tx, me, pairId, 'apprenticeId')
        const task = await taskIn(tx, pairId, taskId)
        if (task.state === 'done') throw new Problem('task_done')
        await ownedBy(tx, fileIds, me.id, 'evidence')
        const shown = { state: 'shown' as const, fileIds, words: words.trim(), shownAt: clock.now() }
        await rows.changeTask(tx, taskId, shown)
        await tellIn(tx, {
          memberId: pair.mentorId,
          kind: 'mentor_task_shown',
          about: { title: task.title, apprentice: me.name },
          href: PAGE_OF_PAIRS
        })
      })
      return one(pairId)
    },

    /** The mentor says: done, or once more. */
    async judge(me: Member, pairId: string, taskId: string, done: boolean): Promise<Mentorship> {
      await store.tx(async (tx) => {
        const pair = await atWork(tx, me, pairId, 'mentorId')
        const task = await taskIn(tx, pairId, taskId)
        const state = done ? 'done' : 'open'
        if (task.state === state) return
        await rows.changeTask(tx, taskId, { state, doneAt: done ? clock.now() : 0 })
        if (done) return
        await tellIn(tx, {
          memberId: pair.apprenticeId,
          kind: 'mentor_task',
          about: { title: task.title, mentor: me.name },
          href: PAGE_OF_PAIRS
        })
      })
      return one(pairId)
    },

    /** The mentor's word for this month; again is instead. */
    async check(me: Member, pairId: string, words: string): Promise<Mentorship> {
      await store.tx(async (tx) => {
        await atWork(tx, me, pairId, 'mentorId')
        const at = clock.now()
        await rows.check(tx, { mentorshipId: pairId, month: monthOf(at), words: words.trim(), at })
      })
      return one(pairId)
    },

    /** 出师, or the end with a reason. Problems: no_such_mentorship, mentorship_closed, mentorship_unsigned, tasks_open, bad_input. */
    async close(
      pairId: string,
      { graduated, reason }: { graduated: boolean; reason: string }
    ): Promise<Mentorship> {
      if (!graduated && !reason.trim()) throw new Problem('bad_input', { field: '/reason' })
      await store.tx(async (tx) => {
        const pair = await named(tx, pairId)
        if (isClosed(pair)) throw new Problem('mentorship_closed')
        if (graduated && pair.state === 'offered') throw new Problem('mentorship_unsigned')
        if (graduated && !isThrough(await rows.tasksOf(tx, [pairId]))) throw new Problem('tasks_open')
        await closeIn(tx, pair, graduated ? 'graduated' : 'ended', reason)
      })
      return one(pairId)
    },

    /** For whom she stands now. */
    async apprenticesOf(mentorId: string): Promise<string[]> {
      const pairs = await rows.apprenticesOf(store.read, mentorId)
      return pairs.filter((pair) => holds(pair, clock.now())).map(({ apprenticeId }) => apprenticeId)
    },

    /** Who stands for her now, if anybody does. */
    async mentorOf(on: Tx | Reader, apprenticeId: string): Promise<{ id: string; name: string } | undefined> {
      const pair = await rows.openOf(on, apprenticeId)
      if (!pair || !holds(pair, clock.now())) return undefined
      return { id: pair.mentorId, name: (await namesIn(on, [pair.mentorId])).get(pair.mentorId) ?? '' }
    }
  }

  async function refuseUncertified(tx: Tx, mentorId: string) {
    const held = await certificates.validOf(tx, mentorId, clock.now())
    if (!held.some(({ topic }) => topic === CRAFT)) throw new Problem('mentor_needs_certificate')
  }

  /** Both hear of it, but for the one who did it. */
  async function closeIn(
    tx: Tx,
    { id, mentorId, apprenticeId }: PairRow,
    state: 'graduated' | 'ended',
    words: string,
    byId = ''
  ) {
    const reason = words.trim()
    await rows.change(tx, id, { state, pairKey: id, closedAt: clock.now(), reason })
    const names = await namesIn(tx, [mentorId, apprenticeId])
    const about = {
      graduated: state === 'graduated' ? 'yes' : 'no',
      mentor: names.get(mentorId) ?? '',
      apprentice: names.get(apprenticeId) ?? '',
      reason
    }
    for (const memberId of [mentorId, apprenticeId])
      if (memberId !== byId)
        await tellIn(tx, { memberId, kind: 'mentorship_closed', about, href: PAGE_OF_PAIRS })
  }

  async function named(tx: Tx, pairId: string): Promise<PairRow> {
    const pair = await rows.one(tx, pairId)
    if (!pair) throw new Problem('no_such_mentorship')
    return pair
  }

  /** The pair, if she is one of the two; to others it is none. */
  async function partOf(tx: Tx, me: Member, pairId: string): Promise<PairRow> {
    const pair = await named(tx, pairId)
    if (pair.mentorId !== me.id && pair.apprenticeId !== me.id) throw new Problem('no_such_mentorship')
    return pair
  }

  /** The same for what only one of them does, and only while they work together. */
  async function atWork(tx: Tx, me: Member, pairId: string, part: 'mentorId' | 'apprenticeId') {
    const pair = await partOf(tx, me, pairId)
    if (pair[part] !== me.id) throw new Problem('not_yours')
    if (isClosed(pair)) throw new Problem('mentorship_closed')
    if (pair.state === 'offered') throw new Problem('mentorship_unsigned')
    return pair
  }

  async function taskIn(tx: Tx, pairId: string, taskId: string): Promise<TaskRow> {
    const task = await rows.task(tx, pairId, taskId)
    if (!task) throw new Problem('not_found')
    return task
  }

  function newTask(mentorshipId: string, title: string, position: number): TaskRow {
    return {
      id: newId(clock.now()),
      mentorshipId,
      position,
      title: title.trim(),
      state: 'open',
      fileIds: [],
      words: '',
      shownAt: 0,
      doneAt: 0
    }
  }

  async function one(pairId: string): Promise<Mentorship> {
    const pair = await rows.one(store.read, pairId)
    return (await pairs([pair!]))[0]!
  }

  async function pairs(found: PairRow[]): Promise<Mentorship[]> {
    const ids = idsOf(found)
    const [names, tasks, checks] = await Promise.all([
      namesOf(found.flatMap(({ mentorId, apprenticeId }) => [mentorId, apprenticeId])),
      rows.tasksOf(store.read, ids),
      rows.checksOf(store.read, ids)
    ])
    const tasksOf = Map.groupBy(tasks, (task) => task.mentorshipId)
    const checksOf = Map.groupBy(checks, (check) => check.mentorshipId)
    const person = (id: string) => ({ id, name: names.get(id)?.name ?? '' })
    return found.map((pair) => {
      const { id, state, agreement, startsAt, endsAt, closedAt, reason } = pair
      const checked = (checksOf.get(id) ?? []).map(({ month, words, at }) => ({ month, words, at }))
      const months = checked.map(({ month }) => month)
      return {
        id,
        mentor: person(pair.mentorId),
        apprentice: person(pair.apprenticeId),
        state,
        agreement,
        startsAt,
        endsAt,
        mentorSignedAt: pair.mentorSignedAt,
        apprenticeSignedAt: pair.apprenticeSignedAt,
        closedAt,
        reason,
        tasks: (tasksOf.get(id) ?? []).map(taskOf),
        checks: checked,
        checksMissing: checksMissing(pair, months, clock.now())
      }
    })
  }
}

const taskOf = ({ id, title, state, fileIds, words, shownAt, doneAt }: TaskRow) => {
  return { id, title, state, fileIds, words, shownAt, doneAt }
}

const idsOf = (found: PairRow[]) => found.map(({ id }) => id)
