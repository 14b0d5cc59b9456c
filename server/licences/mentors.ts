import type { Clock } from '../clock.ts'
import type { Rooms } from '../live/rooms.ts'
import type { Show } from '../live/show.ts'
import type { Shows } from '../live/shows.ts'
import type { Notices } from '../notices/notices.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import type { Mentor, Permits } from './permits.ts'
import type { Audit, Rules } from './rules.ts'
import { licenceStore } from './store.ts'

/** A mentor counts as connected while she was heard within this time: her desk is heard every ten seconds. */
export const CONNECTED_MS = 30_000
/** Who did what nobody did: the clock. */
const NOBODY = ''

export type Mentors = ReturnType<typeof openMentors>

/** 带播: whether a learner's mentor is at her desk, on whichever server, and what becomes of the show when she is not. */
export function openMentors({
  store,
  clock,
  rules,
  mentorOf,
  shows,
  act,
  tellIn,
  audit
}: {
  store: Store
  clock: Clock
  rules: Rules
  mentorOf: Permits['mentorOf']
  shows: Pick<Shows, 'get' | 'onAir' | 'setPausedIn'>
  act: Rooms['act']
  tellIn: Notices['tellIn']
  audit: Audit
}) {
  const rows = licenceStore(store)

  /** How long her mentor has been away from this show. */
  async function awayMs(on: Tx | Reader, { id, mentorId, openedAt }: Show): Promise<number> {
    const seen = await rows.seen(on, id)
    const lastAt = seen?.mentorId === mentorId ? seen.seenAt : (openedAt ?? clock.now())
    return clock.now() - lastAt
  }

  /** Whether a show must change between paused and not, and how. */
  async function dueIn(on: Tx | Reader, show: Show): Promise<'pause' | 'resume' | undefined> {
    if (show.mentorId === '') return show.paused ? 'resume' : undefined
    const ms = await awayMs(on, show)
    if (show.paused) return ms <= CONNECTED_MS ? 'resume' : undefined
    const { mentorAwaySeconds } = await rules.now(on)
    return ms >= mentorAwaySeconds * 1000 ? 'pause' : undefined
  }

  async function look(show: Show): Promise<void> {
    if (!(await dueIn(store.read, show))) return
    await act(async (tx, tell) => {
      const fresh = await shows.get(show.id, tx)
      const due = await dueIn(tx, fresh)
      if (!due) return
      const paused = due === 'pause'
      if (!(await shows.setPausedIn(tx, tell, show.id, paused, NOBODY))) return
      const { id, title, hostId, mentorId } = fresh
      const details = { showId: id, title, mentorId }
      await audit(tx, {
        actorId: NOBODY,
        action: paused ? 'show_paused' : 'show_resumed',
        subject: hostId,
        details
      })
      if (!paused) return
      for (const [memberId, href] of [
        [hostId, `/studio/${id}`],
        [mentorId, `/desk/${id}`]
      ] as const) {
        await tellIn(tx, { memberId, kind: 'show_paused', about: { title }, href })
      }
    })
  }

  return {
    /** Whether she was heard at the desk of this show a moment ago. */
    async connected(showId: string, mentor: Mentor): Promise<boolean> {
      const seen = await rows.seen(store.read, showId)
      return seen?.mentorId === mentor.id && clock.now() - seen.seenAt <= CONNECTED_MS
    },

    /**
     * She was heard at a desk. False: she is not the mentor of its host, or not any more, though the show may have begun
     * beside her. A show that waits for her goes on at once.
     */
    async seen(showId: string, memberId: string): Promise<boolean> {
      const show = await shows.get(showId)
      if (show.state === 'ended') return false
      const mentor = await mentorOf(store.read, show.hostId)
      if (mentor?.id !== memberId) return false
      await store.tx((tx) => rows.see(tx, { showId, mentorId: memberId, seenAt: clock.now() }))
      if (show.paused) await look(show)
      return true
    },

    /** Pauses the shows whose mentor is away, and lets those go on whose mentor is back. */
    async watch(): Promise<void> {
      for (const show of await shows.onAir()) if (show.mentorId !== '' || show.paused) await look(show)
    }
  }
}
