import { and, asc, count, desc, eq, gt, inArray, lt, or, sql } from 'drizzle-orm'
import type { Schema } from '../store/schema.ts'
import type { Reader, Store, Tx } from '../store/store.ts'

export const HOMEWORK_PAGE = 50
export const MAX_COMMENTS = 100

export type HomeworkRow = Schema['homework']['$inferSelect']
export type TaskRow = Schema['homeworkTasks']['$inferSelect']
export type CommentRow = Schema['homeworkComments']['$inferSelect']

/** The only SQL over homework and its comments. */
export const homeworkStore = ({
  schema: { homework, homeworkComments: comments, homeworkTasks: tasks },
  read
}: Store) => ({
  byId: async (on: Tx | Reader, id: string): Promise<HomeworkRow | undefined> =>
    (await on.select().from(homework).where(eq(homework.id, id)))[0],
  byClip: async (on: Tx | Reader, clipId: string): Promise<HomeworkRow | undefined> =>
    (await on.select().from(homework).where(eq(homework.clipId, clipId)))[0],
  /** Newest first. */
  of: async (on: Tx | Reader, memberId: string): Promise<HomeworkRow[]> =>
    on
      .select()
      .from(homework)
      .where(eq(homework.memberId, memberId))
      .orderBy(desc(homework.at), desc(homework.id))
      .limit(HOMEWORK_PAGE),
  /** What waits, then what does not; each the newest first. */
  page: async (
    on: Tx | Reader,
    courseId: string | undefined,
    after: HomeworkRow | undefined
  ): Promise<HomeworkRow[]> => {
    const older =
      after && or(lt(homework.at, after.at), and(eq(homework.at, after.at), lt(homework.id, after.id)))
    return on
      .select()
      .from(homework)
      .where(
        and(
          courseId === undefined ? undefined : eq(homework.courseId, courseId),
          after && or(gt(homework.state, after.state), and(eq(homework.state, after.state), older))
        )
      )
      .orderBy(asc(homework.state), desc(homework.at), desc(homework.id))
      .limit(HOMEWORK_PAGE)
  },
  /** False: this clip was handed in already. */
  add: async (tx: Tx, row: HomeworkRow) =>
    (await tx.insert(homework).values(row).onConflictDoNothing().returning({ id: homework.id })).length > 0,
  setState: async (tx: Tx, id: string, state: HomeworkRow['state']) => {
    await tx.update(homework).set({ state }).where(eq(homework.id, id))
  },

  /** The id of the task with this key: this one, or the one that was set before. */
  addTask: async (tx: Tx, row: TaskRow): Promise<string> => {
    const [added] = await tx
      .insert(tasks)
      .values(row)
      .onConflictDoNothing({ target: tasks.key })
      .returning({ id: tasks.id })
    if (added) return added.id
    const [before] = await tx.select({ id: tasks.id }).from(tasks).where(eq(tasks.key, row.key))
    return before!.id
  },
  task: async (on: Tx | Reader, id: string): Promise<TaskRow | undefined> =>
    (await on.select().from(tasks).where(eq(tasks.id, id)))[0],
  /** What is asked of her, newest first. */
  tasksQuery: (memberId: string) =>
    read
      .select()
      .from(tasks)
      .where(eq(tasks.memberId, memberId))
      .orderBy(desc(tasks.at), desc(tasks.id))
      .limit(HOMEWORK_PAGE),
  /** Which tasks these pieces of homework answer. */
  answeredQuery: (homeworkIds: readonly string[]) =>
    read
      .select()
      .from(tasks)
      .where(and(inArray(tasks.homeworkId, [...homeworkIds]), sql`${tasks.homeworkId} <> ''`))
      .limit(HOMEWORK_PAGE),
  answerTask: async (tx: Tx, id: string, homeworkId: string) => {
    await tx.update(tasks).set({ homeworkId }).where(eq(tasks.id, id))
  },

  /** In the order of the clip. */
  commentsOf: async (on: Tx | Reader, homeworkIds: string[]): Promise<CommentRow[]> =>
    homeworkIds.length
      ? on
          .select()
          .from(comments)
          .where(inArray(comments.homeworkId, homeworkIds))
          .orderBy(asc(comments.atMs), asc(comments.id))
          .limit(HOMEWORK_PAGE * MAX_COMMENTS)
      : [],
  comment: async (on: Tx | Reader, homeworkId: string, id: string): Promise<CommentRow | undefined> =>
    (
      await on
        .select()
        .from(comments)
        .where(and(eq(comments.homeworkId, homeworkId), eq(comments.id, id)))
    )[0],
  countComments: async (on: Tx | Reader, homeworkId: string) =>
    (await on.select({ comments: count() }).from(comments).where(eq(comments.homeworkId, homeworkId)))[0]!
      .comments,
  addComment: async (tx: Tx, row: CommentRow) => {
    await tx.insert(comments).values(row)
  },
  dropComment: async (tx: Tx, id: string) => {
    await tx.delete(comments).where(eq(comments.id, id))
  },
  waiting: async (on: Tx | Reader) =>
    (
      await on
        .select({ waiting: sql<number>`count(*)`.mapWith(Number) })
        .from(homework)
        .where(eq(homework.state, 'handed_in'))
    )[0]!.waiting
})
