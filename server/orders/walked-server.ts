// Villages that stop at one boundary of a unit of work each, and stand there until their process is killed: between two
// steps of buying, paying and paying back. Answers what each of them had answered by then.
import path from 'node:path'
import { openVillage, type Village } from '../app.ts'
import { readSettings } from '../settings.ts'
import { openSqlite } from '../store/sqlite.ts'
import type { Store } from '../store/store.ts'
import { settableClock } from '../testing/clock.ts'
import { SECRET } from '../testing/market.ts'
import { errandOf } from '../testing/mortal.ts'
import { STORIES, type Cast, type Told } from './walked.ts'

export interface Errand {
  story: keyof typeof STORIES
  cast: Cast
  now: number
  /** Each village is its own, and stops at its own boundary. */
  stops: { dataDir: string; unit: number; when: When }[]
}

/** All of it is written and not committed; or it is on disk, and nobody has been told. */
export type When = 'before the commit' | 'after the commit'

export interface Stood {
  /** The story came to its end before that boundary. */
  finished: boolean
  told: Told[]
}

/** A unit of work that stands still is not one that takes too long. */
const LIMIT_MS = 600_000

function stopping(store: Store, unit: number, when: When) {
  const stopped = Promise.withResolvers<void>()
  const forever = () => {
    stopped.resolve()
    return new Promise<never>(() => {})
  }
  let armed = false
  let units = 0
  const tx: Store['tx'] = async (fn, hint) => {
    let mine = 0
    const value = await store.tx(async (on) => {
      const result = await fn(on)
      if (armed) mine = ++units
      if (mine === unit && when === 'before the commit') await forever()
      return result
    }, hint)
    if (mine === unit && when === 'after the commit') await forever()
    return value
  }
  return { store: { ...store, tx }, stopped: stopped.promise, arm: () => void (armed = true) }
}

const { story, cast, now, stops } = await errandOf<Errand>()
const stood: Stood[] = []
const open: Village[] = []
for (const { dataDir, unit, when } of stops) {
  const clock = settableClock(now)
  const engine = openSqlite({ file: path.join(dataDir, 'village.db'), limitMs: LIMIT_MS })
  const { store, stopped, arm } = stopping(engine, unit, when)
  const settings = readSettings({ DEMO: '0', LOG_LEVEL: 'fatal', SECRET })
  const village = await openVillage({ ...settings, dataDir }, { clock, store })
  open.push(village)
  const told: Told[] = []
  await village.jobs.runDue() // what every village does when it opens is none of the story
  arm()
  const ended = STORIES[story](village, clock, cast, (each) => void told.push(each))
  const finished = await Promise.race([ended.then(() => true), stopped.then(() => false)])
  stood.push({ finished, told })
  if (finished) break // it has no further boundary
}
process.send!(stood)
