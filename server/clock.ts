/** Nothing in the village asks the machine for the time; it asks this. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }

export interface StoryClock extends Clock {
  /** What is done in `tell` is done at that moment: ids, times and windows are those of that day. */
  at<T>(moment: number, tell: () => Promise<T>): Promise<T>
}

/** The demo village's clock: its past is lived through the same doors as its present, each thing at its own time. */
export function storyClock(): StoryClock {
  let told: number | undefined
  return {
    now: () => told ?? Date.now(),
    async at(moment, tell) {
      told = moment
      try {
        return await tell()
      } finally {
        told = undefined
      }
    }
  }
}

/** Where the village lives: the day of a catch and the hour of a show are meant in this zone. */
export const ZONE = 'Asia/Shanghai'
