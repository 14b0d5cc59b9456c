import { HOMEWORK_SECONDS, type HomeworkComment } from '../../shared/contracts/school.ts'

/** Where on the clip's line a comment stands, in per cent; a film that a browser made does not know how long it is. */
export function placeOf({ atMs }: Pick<HomeworkComment, 'atMs'>, durationSeconds: number) {
  const seconds = Number.isFinite(durationSeconds) && durationSeconds > 0 ? durationSeconds : HOMEWORK_SECONDS
  return Math.min(100, atMs / 10 / seconds)
}

/** The comments whose moment lies between two looks at the clock of a clip that plays. */
export const passed = (comments: readonly HomeworkComment[], fromMs: number, toMs: number) =>
  comments.filter(({ atMs }) => atMs >= fromMs && atMs < toMs)
