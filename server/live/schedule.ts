import type { Static } from 'typebox'
import type { ShowDraft } from '../../shared/contracts/live.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import { newId } from '../store/id.ts'
import type { Store, Tx } from '../store/store.ts'
import type { Doors } from './doors.ts'
import type { Neighbours } from './neighbours.ts'
import type { Rooms } from './rooms.ts'
import type { Shelves } from './shelves.ts'
import { deskOf, isClosed, LATE_MS, MAX_COMING, MAX_COMING_REHEARSALS, renumber, type Show } from './show.ts'
import type { showStore } from './store.ts'

/** What is to come: a show for everybody, 彩排, the room of an online class. */
export function openSchedule({
  store,
  shows,
  clock,
  rooms,
  doors,
  shelves,
  isOurPicture,
  permit
}: {
  store: Store
  shows: ReturnType<typeof showStore>
  clock: Clock
  rooms: Rooms
  doors: Doors
  shelves: Shelves
} & Pick<Neighbours, 'isOurPicture' | 'permit'>) {
  const blank = (): Show => ({
    id: newId(clock.now()),
    hostId: '',
    title: '',
    cover: '',
    startsAt: clock.now(),
    state: 'coming',
    sessionId: null,
    openedAt: null,
    endedAt: null,
    peakViewers: 0,
    demo: false,
    createdAt: clock.now(),
    kind: 'public',
    subjectId: '',
    mentorId: '',
    paused: false,
    saleStopped: ''
  })

  async function add(tx: Tx, show: Show, productIds: string[]) {
    await shows.add(tx, show)
    await shows.setShelf(tx, show.id, renumber([], productIds))
    await rooms.open(tx, show.id)
    await rooms.open(tx, deskOf(show.id))
  }

  function refuseForeign(cover: string) {
    if (!isOurPicture(cover)) throw new Problem('bad_input', { field: '/cover' })
  }

  function refusePast(startsAt: number) {
    if (startsAt < clock.now() - LATE_MS) throw new Problem('show_in_the_past')
  }

  return {
    async schedule(
      me: Member,
      draft: Static<typeof ShowDraft>,
      { demo = false, id = newId(clock.now()) } = {}
    ): Promise<Show> {
      refuseForeign(draft.cover)
      refusePast(draft.startsAt)
      await shelves.refuseUnknown(draft.productIds)
      await permit.beforeShelf(me.id, draft.productIds)
      const { productIds, ...words } = draft
      const show = { ...blank(), ...words, id, hostId: me.id, demo }
      await store.tx(async (tx) => {
        const coming = await shows.ofHost(tx, me.id, ['coming'])
        if (coming.filter((each) => !isClosed(each)).length >= MAX_COMING) throw new Problem('too_many_shows')
        await add(tx, show, productIds)
      })
      return show
    },

    /** 彩排: a show of hers that she and the trainers see. Its shelf may hold anybody's goods; nothing is sold. */
    async rehearse(
      me: Member,
      { courseId, title, productIds }: { courseId: string; title: string; productIds: string[] }
    ): Promise<Show> {
      await shelves.refuseUnknown(productIds)
      const show: Show = { ...blank(), title, hostId: me.id, kind: 'rehearsal', subjectId: courseId }
      await store.tx(async (tx) => {
        const coming = await shows.ofHost(tx, me.id, ['coming'])
        if (coming.filter(({ kind }) => kind === 'rehearsal').length >= MAX_COMING_REHEARSALS)
          throw new Problem('too_many_rehearsals')
        await add(tx, show, productIds)
      })
      return show
    },

    /** The room of an online class, once; until it is on air it is held by the trainer who opened it last. */
    async openClassRoom(
      me: Member,
      { classId, title, startsAt }: { classId: string; title: string; startsAt: number }
    ): Promise<string> {
      const id = `class-${classId}`
      const held = { title, startsAt, hostId: me.id }
      await store.tx(async (tx) => {
        const before = await shows.one(tx, id)
        if (!before) await add(tx, { ...blank(), ...held, id, kind: 'class', subjectId: classId }, [])
        else if (before.state === 'coming') await shows.change(tx, id, held)
      })
      return id
    },

    async change(me: Member, showId: string, draft: Static<typeof ShowDraft>): Promise<Show> {
      const { productIds, ...words } = draft
      refuseForeign(words.cover)
      await shelves.refuseUnknown(productIds)
      await shelves.refuseUnlicensed(await doors.hostedBy(me, showId), productIds)
      await store.tx(async (tx) => {
        const show = await doors.hostedBy(me, showId, tx)
        if (show.state !== 'coming') throw new Problem(show.state === 'ended' ? 'show_over' : 'show_begun')
        if (words.startsAt !== show.startsAt) refusePast(words.startsAt)
        await shows.change(tx, showId, words)
        await shows.setShelf(tx, showId, renumber(await shows.shelf(tx, showId), productIds))
      })
      return doors.get(showId)
    }
  }
}
