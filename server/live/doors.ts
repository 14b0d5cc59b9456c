import { LRUCache } from 'lru-cache'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import type { Neighbours } from './neighbours.ts'
import { hosts, isClosed, runs, watches, type Show } from './show.ts'
import type { showStore } from './store.ts'

/** Whether somebody booked a class is believed for so long: her phone asks for a part of the picture three times a second. */
const BOOKED_MS = 5_000
/** That she did not, only for so long: she may just be booking. */
const NOT_BOOKED_MS = 1_000
const BOOKED_REMEMBERED = 10_000

export type Doors = ReturnType<typeof openDoors>

/** Who comes into a show: to watch it, to help run it, to film it. */
export function openDoors({
  store,
  shows,
  clock,
  inClass,
  permit
}: {
  store: Store
  shows: ReturnType<typeof showStore>
  clock: Clock
} & Pick<Neighbours, 'inClass' | 'permit'>) {
  const booked = new LRUCache<string, boolean>({
    max: BOOKED_REMEMBERED,
    ttl: BOOKED_MS,
    ttlResolution: 0,
    perf: clock
  })

  async function get(showId: string, on: Tx | Reader = store.read): Promise<Show> {
    const show = await shows.one(on, showId)
    if (!show) throw new Problem('no_such_show')
    return show
  }

  /** A public show for everybody, a closed one for whom it concerns. */
  async function mayWatch(show: Show, member: Member | undefined): Promise<boolean> {
    const answer = watches(show, member)
    return answer === 'if_booked' ? hasBooked(show.subjectId, member!.id) : answer
  }

  async function hasBooked(classId: string, memberId: string): Promise<boolean> {
    const key = `${classId} ${memberId}`
    const known = booked.get(key)
    if (known !== undefined) return known
    const seated = await inClass(classId, memberId)
    booked.set(key, seated, { ttl: seated ? BOOKED_MS : NOT_BOOKED_MS })
    return seated
  }

  /** To whom it does not concern a closed show is as good as none; a guest may sign in and try again. */
  async function refuseStranger(show: Show, member: Member | undefined) {
    if (await mayWatch(show, member)) return
    throw new Problem(member ? 'no_such_show' : 'sign_in_first')
  }

  /** Who runs it, and the mentor of its host until it is over: she must be at its desk before a learner goes live. */
  async function mayRun(show: Show, me: Member, on: Tx | Reader = store.read): Promise<boolean> {
    if (runs(show, me)) return true
    if (isClosed(show) || show.state === 'ended') return false
    return (await permit.mentorOf(on, show.hostId))?.id === me.id
  }

  return {
    get,
    mayWatch,
    refuseStranger,
    mayRun,

    /** The show, if it concerns this member, or everybody. */
    async watchedBy(member: Member | undefined, showId: string): Promise<Show> {
      const show = await get(showId)
      await refuseStranger(show, member)
      return show
    },

    /** The show, if this member runs it. */
    async runBy(me: Member, showId: string, on: Tx | Reader = store.read): Promise<Show> {
      const show = await get(showId, on)
      if (!(await mayRun(show, me, on))) throw new Problem('show_not_yours')
      return show
    },

    /** The show, if it is this member’s own and she may hold it. */
    async hostedBy(me: Member, showId: string, on: Tx | Reader = store.read): Promise<Show> {
      const show = await get(showId, on)
      if (show.hostId !== me.id) throw new Problem('show_not_yours')
      if (!hosts(show, me)) throw new Problem('role_missing')
      return show
    }
  }
}
