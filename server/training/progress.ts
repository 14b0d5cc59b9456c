/** How far somebody is in one lesson. */
export interface Step {
  seconds: number
  done: boolean
  /** When it happened on her phone. */
  at: number
}

/**
 * Two messages about one lesson become one, whichever came first and however often: what is done stays done, and of
 * the place in the lesson the later message knows better.
 */
export function merged(one: Step, other: Step): Step {
  const later = isLater(one, other) ? one : other
  return { seconds: later.seconds, at: later.at, done: one.done || other.done }
}

const isLater = (one: Step, other: Step) =>
  one.at === other.at ? one.seconds > other.seconds : one.at > other.at

/** What a phone may say: its clock does not run ahead of ours, and nobody is farther than the lesson is long. */
export function believed(step: Step, lessonSeconds: number, now: number): Step {
  return { ...step, seconds: Math.min(step.seconds, lessonSeconds), at: Math.min(step.at, now) }
}
