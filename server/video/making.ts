import type { Problem } from '../../shared/problems.ts'
import type { Reel } from './reel.ts'
import type { Session } from './store.ts'

/** Segments that may wait for the object store; beyond it the recording has a hole and says so. */
const UNRECORDED_SEGMENTS = 60
const RECORD_TRIES = 6
const FIRST_RETRY_MS = 200

/** A film that this server is making. */
export interface Making {
  session: Session
  reel: Reel
  openedAt: number
  firstFrameAt: number | undefined
  lastFrameAt: number | undefined
  away: boolean
  /** Its last part is being put away: that does not bring a lost picture back. */
  closing: boolean
  thumbnail: Buffer | undefined
  recording: Recording
  replace: ((problem: Problem | undefined) => void) | undefined
}

/** What of one film is on its way to the archive: one thing after another, in the order it was filmed. */
export interface Recording {
  add(what: () => Promise<unknown>): void
  /** Resolves when everything that was added so far is kept. */
  kept(): Promise<void>
}

export function newRecording(sessionId: string, report: (error: unknown, what?: string) => void): Recording {
  const hole = (error: unknown) => report(error, `a hole in the recording of ${sessionId}`)
  let last = Promise.resolve()
  let waiting = 0
  return {
    add(what) {
      if (waiting >= UNRECORDED_SEGMENTS) return hole(new Error('the object store does not keep up'))
      waiting++
      last = last
        .then(() => stubbornly(what))
        .catch(hole)
        .finally(() => void waiting--)
    },
    kept: () => last
  }
}

async function stubbornly(what: () => Promise<unknown>) {
  for (let tries = 1; ; tries++) {
    try {
      await what()
      return
    } catch (error) {
      if (tries === RECORD_TRIES) throw error
      await new Promise((resolve) => setTimeout(resolve, FIRST_RETRY_MS * 2 ** tries))
    }
  }
}
