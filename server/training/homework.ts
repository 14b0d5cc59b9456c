import { HOMEWORK_SECONDS } from '../../shared/contracts/school.ts'

/** A phone stops filming a moment after it was told to, and players count the last frame where some containers do not. */
const SLACK_MS = 999

export const clipTooLong = (durationMs: number) => durationMs > HOMEWORK_SECONDS * 1000 + SLACK_MS

/** Something must be said, and of a moment that there is in the clip. */
export function commentFault(
  { atMs, text, voiceId }: { atMs: number; text: string; voiceId: string },
  clipMs: number
): '/text' | '/atMs' | undefined {
  if (!text.trim() && !voiceId) return '/text'
  if (atMs > clipMs + SLACK_MS) return '/atMs'
  return undefined
}
