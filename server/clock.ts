/** Nothing in the village asks the machine for the time; it asks this. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }

/** Where the village lives: the day of a catch and the hour of a show are meant in this zone. */
export const ZONE = 'Asia/Shanghai'
