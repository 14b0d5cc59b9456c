import { randomInt } from 'node:crypto'

const RANDOM_DIGITS = 12

/** A new id: 9 digits of time and 12 of chance, base 36. Sorts by time, fits into addresses and object keys. */
export function newId(now = Date.now()) {
  let id = now.toString(36).padStart(9, '0')
  for (let i = 0; i < RANDOM_DIGITS; i++) id += randomInt(36).toString(36)
  return id
}
