import type { Body } from '../../shared/contract.ts'
import type { FileKind } from '../../shared/contracts/files.ts'
import type {
  commentHomework,
  handInHomework,
  Homework,
  HomeworkTask
} from '../../shared/contracts/school.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import { newId } from '../store/id.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import type { Courses } from './courses.ts'
import { clipTooLong, commentFault } from './homework.ts'
import { homeworkStore, MAX_COMMENTS, type HomeworkRow, type TaskRow } from './homework-store.ts'

/** Where a learner reads what was said. */
const HOMEWORK_PAGE_HREF = '/school/homework'

type FileOf = (
  on: Tx | Reader,
  fileIds: string[],
  memberId: string,
  kind: FileKind
) => Promise<{ forId: string; durationMs: number }[]>

export type Homeworks = ReturnType<typeof openHomeworks>

/** 作业: a clip of thirty seconds, and what trainers say of it at one moment or another. */
export function openHomeworks({
  store,
  clock,
  courses,
  filesOwnedBy,
  namesOf,
  tellIn
}: {
  store: Store
  clock: Clock
  courses: Courses
  /** Problem no_such_file unless all of them are hers and of this kind. */
  filesOwnedBy: FileOf
  namesOf: (ids: string[]) => Promise<ReadonlyMap<string, { name: string }>>
  tellIn: (
    tx: Tx,
    news: { memberId: string; kind: 'homework_commented'; about: Record<string, string>; href: string }
  ) => Promise<void>
}) {
  const rows = homeworkStore(store)

  return {
    /** The same clip for the same course again is the same homework. Problems: no_such_course, no_such_file, clip_too_long. */
    async handIn(
      me: Member,
      { courseId, clipId, words, taskId }: Body<typeof handInHomework>
    ): Promise<Homework> {
      const row = await store.tx(async (tx) => {
        await courses.seen(tx, me, courseId)
        const [clip] = await filesOwnedBy(tx, [clipId], me.id, 'homework')
        if (clipTooLong(clip!.durationMs)) throw new Problem('clip_too_long')
        const before = await rows.byClip(tx, clipId)
        if (before && before.courseId !== courseId) throw new Problem('bad_input', { field: '/clipId' })
        if (before) return before
        const task = taskId === undefined ? undefined : await rows.task(tx, taskId)
        if (taskId !== undefined && (task?.memberId !== me.id || task.courseId !== courseId))
          throw new Problem('bad_input', { field: '/taskId' })
        const at = clock.now()
        const handedIn: HomeworkRow = {
          id: newId(at),
          courseId,
          memberId: me.id,
          clipId,
          words: words.trim(),
          state: 'handed_in',
          at
        }
        await rows.add(tx, handedIn)
        if (task) await rows.answerTask(tx, task.id, handedIn.id)
        return handedIn
      })
      return one(row)
    },

    /**
     * Asks something of a learner, as part of the caller's unit; `key` says what for, and the same again is the same
     * task. Whoever calls tells her.
     */
    async setIn(tx: Tx, task: Omit<TaskRow, 'id' | 'at' | 'homeworkId'>): Promise<string> {
      const at = clock.now()
      return rows.addTask(tx, { ...task, id: newId(at), at, homeworkId: '' })
    },

    /** My homework, newest first. */
    mine: async (me: Member): Promise<Homework[]> => views(await rows.of(store.read, me.id)),

    /** What is asked of me, newest first. */
    tasksOf: async (me: Member): Promise<HomeworkTask[]> => tasks(await rows.tasksQuery(me.id)),

    /** Homework of all learners: what waits first, then the newest. Problem no_such_homework for an unknown `after`. */
    async all({ courseId, after }: { courseId?: string; after?: string }): Promise<Homework[]> {
      const from = after === undefined ? undefined : await existing(store.read, after)
      return views(await rows.page(store.read, courseId, from))
    },

    /** Problems: no_such_homework, bad_input {field}, no_such_file (a voice that is not mine for her), comments_full. */
    async comment(
      me: Member,
      homeworkId: string,
      { atMs, text, voiceId }: Body<typeof commentHomework>
    ): Promise<Homework> {
      const row = await store.tx(async (tx) => {
        const homework = await existing(tx, homeworkId)
        const [clip] = await filesOwnedBy(tx, [homework.clipId], homework.memberId, 'homework')
        const field = commentFault({ atMs, text, voiceId }, clip!.durationMs)
        if (field) throw new Problem('bad_input', { field })
        if (voiceId) {
          const [voice] = await filesOwnedBy(tx, [voiceId], me.id, 'voice')
          if (voice!.forId !== homework.memberId) throw new Problem('no_such_file')
        }
        if ((await rows.countComments(tx, homeworkId)) >= MAX_COMMENTS) throw new Problem('comments_full')
        const at = clock.now()
        await rows.addComment(tx, {
          id: newId(at),
          homeworkId,
          atMs,
          text: text.trim(),
          voiceId,
          byId: me.id,
          at
        })
        await rows.setState(tx, homeworkId, 'reviewed')
        const { title = '' } = (await courses.byIds(tx, [homework.courseId])).get(homework.courseId) ?? {}
        await tellIn(tx, {
          memberId: homework.memberId,
          kind: 'homework_commented',
          about: { title, by: me.name },
          href: HOMEWORK_PAGE_HREF
        })
        return { ...homework, state: 'reviewed' as const }
      })
      return one(row)
    },

    /** Takes back a comment of mine; homework that nobody says anything of any more waits again. Problems: no_such_homework, not_yours. */
    async forget(me: Member, homeworkId: string, commentId: string): Promise<void> {
      await store.tx(async (tx) => {
        await existing(tx, homeworkId)
        const comment = await rows.comment(tx, homeworkId, commentId)
        if (!comment) return // twice is once
        if (comment.byId !== me.id) throw new Problem('not_yours')
        await rows.dropComment(tx, commentId)
        if ((await rows.countComments(tx, homeworkId)) === 0) await rows.setState(tx, homeworkId, 'handed_in')
      })
    },

    /** How many wait for a word. */
    waiting: () => rows.waiting(store.read)
  }

  async function existing(on: Tx | Reader, homeworkId: string) {
    const row = await rows.byId(on, homeworkId)
    if (!row) throw new Problem('no_such_homework')
    return row
  }

  async function one(row: HomeworkRow) {
    return (await views([row]))[0]!
  }

  async function tasks(found: TaskRow[]): Promise<HomeworkTask[]> {
    const [names, titles] = await Promise.all([
      namesOf(found.map(({ byId }) => byId)),
      courses.byIds(
        store.read,
        found.map(({ courseId }) => courseId)
      )
    ])
    return found.map(({ id, courseId, words, showId, fromMs, toMs, byId, at, homeworkId }) => ({
      id,
      courseId,
      courseTitle: titles.get(courseId)?.title ?? '',
      words,
      showId,
      fromMs,
      toMs,
      byName: names.get(byId)?.name ?? '',
      at,
      homeworkId
    }))
  }

  async function views(found: HomeworkRow[]): Promise<Homework[]> {
    const comments = await rows.commentsOf(
      store.read,
      found.map(({ id }) => id)
    )
    const names = await namesOf([
      ...found.map(({ memberId }) => memberId),
      ...comments.map(({ byId }) => byId)
    ])
    const titles = await courses.byIds(
      store.read,
      found.map(({ courseId }) => courseId)
    )
    const answered = await tasks(await rows.answeredQuery(found.map(({ id }) => id)))
    const nameOf = (memberId: string) => names.get(memberId)?.name ?? ''
    const commentsOf = Map.groupBy(comments, (comment) => comment.homeworkId)
    return found.map(({ memberId, courseId, ...row }) => ({
      ...row,
      ...taskFor(answered, row.id),
      courseId,
      courseTitle: titles.get(courseId)?.title ?? '',
      learner: { id: memberId, name: nameOf(memberId) },
      comments: (commentsOf.get(row.id) ?? []).map(({ id, atMs, text, voiceId, byId, at }) => {
        return { id, atMs, text, voiceId, byName: nameOf(byId), at }
      })
    }))
  }
}

function taskFor(answered: readonly HomeworkTask[], id: string): { task?: HomeworkTask } {
  const task = answered.find(({ homeworkId }) => homeworkId === id)
  return task ? { task } : {}
}
