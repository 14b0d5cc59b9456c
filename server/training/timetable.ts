import type { Body } from '../../shared/contract.ts'
import type {
  addMaterial,
  ClassCard,
  ClassDraft,
  Material,
  moveClass
} from '../../shared/contracts/classes.ts'
import type { Static } from 'typebox'
import { Problem } from '../../shared/problems.ts'
import { doubleBooked, type Bookings, type Clash, type OccasionRow } from '../bookings/bookings.ts'
import { begun, wrongTimes } from '../bookings/occasion.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import type { News } from '../notices/notice.ts'
import { newId } from '../store/id.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { needs, weekly, type ClassRow } from './class.ts'
import { CANCELLED } from './class-news.ts'
import { classStore, MAX_MATERIALS } from './class-store.ts'
import { hot, type Classes } from './classes.ts'

export interface Neighbours {
  bookings: Bookings
  classes: Classes
  /** Files of a kind that a member brought; anything else is `no_such_file`. */
  ownedBy: (
    on: Tx | Reader,
    fileIds: string[],
    memberId: string,
    kind: 'material'
  ) => Promise<{ type: string }[]>
  /** The room of an online class, once. */
  openClassRoom: (me: Member, room: { classId: string; title: string; startsAt: number }) => Promise<string>
  tellIn: (tx: Tx, news: News) => Promise<void>
}

export type Timetable = ReturnType<typeof openTimetable>

/** 课表: trainers and officers schedule classes, move them, call them off, and lay out what is needed. */
export function openTimetable({
  store,
  clock,
  bookings,
  classes,
  ownedBy,
  openClassRoom,
  tellIn
}: { store: Store; clock: Clock } & Neighbours) {
  const rows = classStore(store)

  function refuseWrong(times: { startsAt: number; endsAt: number }) {
    const wrong = wrongTimes(times)
    if (wrong) throw new Problem(wrong, { field: '/endsAt' })
    if (begun(times, clock.now())) throw new Problem('class_in_the_past')
  }

  /** Everything a class needs is there, whether or not it is free. */
  async function refuseUnknown(tx: Tx, { courseId, trainerId, roomId, kitIds }: ClassDraft) {
    if (!(await rows.hasCourse(tx, courseId))) throw new Problem('no_such_course')
    if (!(await bookings.resources.isTrainer(tx, trainerId))) throw new Problem('not_a_trainer')
    const open = await bookings.resources.openOnes(tx, [...(roomId ? [roomId] : []), ...kitIds])
    const isOpen = (id: string, kind: string) => open.some((each) => each.id === id && each.kind === kind)
    const missing = [
      ...(roomId && !isOpen(roomId, 'room') ? [roomId] : []),
      ...kitIds.filter((id) => !isOpen(id, 'kit'))
    ]
    if (missing.length) throw new Problem('no_such_resource', { resourceIds: missing })
    return open.find((each) => each.id === roomId)
  }

  async function both(on: Tx | Reader, classId: string): Promise<{ row: ClassRow; occasion: OccasionRow }> {
    const [row, occasion] = [await rows.one(on, classId), await bookings.one(on, classId)]
    if (!row || !occasion) throw new Problem('no_such_class')
    return { row, occasion }
  }

  /** The time of a class that has begun changes no more, nor its course: who came would have learned something else. */
  function refuseBegun(occasion: OccasionRow, times: { startsAt: number; endsAt: number }) {
    if (occasion.startsAt === times.startsAt && occasion.endsAt === times.endsAt) return
    if (begun(occasion, clock.now())) throw new Problem('class_over')
    refuseWrong(times)
  }

  /** Whoever is to teach hears of it, unless it was her own doing. */
  async function tellTrainer(
    tx: Tx,
    me: Member,
    kind: 'class_to_teach' | 'class_handed_over',
    trainerId: string,
    classId: string,
    weeks = 1
  ) {
    if (trainerId === me.id) return
    const occasion = (await bookings.one(tx, classId))!
    // Who held it is put right afterwards as well: nobody needs to come for that.
    if (begun(occasion, clock.now())) return
    const { title, place, startsAt } = occasion
    const about = { title, place, startsAt: String(startsAt), weeks: String(weeks), by: me.name }
    await tellIn(tx, { memberId: trainerId, kind, about, href: `/teach/class/${classId}` })
  }

  const refuseClashes = (clashes: readonly Clash[]) => {
    if (clashes.length) throw doubleBooked(clashes)
  }

  /**
   * Part of the caller's unit, also for classes of the past: the demo village has some. All of them or, when something is
   * in the way, none.
   */
  async function scheduleIn(tx: Tx, byId: string, draft: ClassDraft, weeks = 1, ids?: readonly string[]) {
    const room = await refuseUnknown(tx, draft)
    const { courseId, title, startsAt, endsAt, seats } = draft
    const now = clock.now()
    const times = weekly({ startsAt, endsAt }, weeks).map((each, i) => ({
      ...each,
      id: ids?.[i] ?? newId(now)
    }))
    const seriesId = weeks > 1 ? times[0]!.id : ''
    const place = draft.place.trim() || (room?.name ?? '')
    const occasion = {
      kind: 'class',
      subjectId: courseId,
      seriesId,
      title: title.trim(),
      place,
      seats
    } as const
    const occasions = times.map((each) => ({ ...occasion, ...each, createdBy: byId }))
    refuseClashes(await bookings.openIn(tx, occasions, needs(draft)))
    await rows.add(
      tx,
      times.map(({ id, startsAt }) => ({
        ...rowOf(draft),
        id,
        showId: '',
        toldStartsAt: startsAt,
        toldPlace: place
      }))
    )
    return times.map(({ id }) => id)
  }

  return {
    scheduleIn,

    async schedule(me: Member, draft: ClassDraft, weeks: number): Promise<ClassCard[]> {
      refuseWrong(draft)
      const ids = await store.tx(async (tx) => {
        const made = await scheduleIn(tx, me.id, draft, weeks)
        await tellTrainer(tx, me, 'class_to_teach', draft.trainerId, made[0]!, weeks)
        return made
      })
      const occasions = await bookings.byIds(store.read, ids)
      return classes.cardsOf(occasions.toSorted((a, b) => a.startsAt - b.startsAt))
    },

    /** A class as its trainers edit it. */
    async draftOf(classId: string): Promise<{ class: ClassCard; draft: ClassDraft }> {
      const { row, occasion } = await both(store.read, classId)
      const { title, place, startsAt, endsAt, seats } = occasion
      const { courseId, about, trainerId, roomId, kitIds, online } = row
      const draft = {
        courseId,
        title,
        about,
        trainerId,
        roomId,
        place,
        kitIds,
        startsAt,
        endsAt,
        seats,
        online
      }
      return { class: await classes.card(classId), draft }
    },

    async change(me: Member, classId: string, version: number, draft: ClassDraft): Promise<ClassCard> {
      await store.tx(
        async (tx) => {
          const { row, occasion } = await both(tx, classId)
          refuseBegun(occasion, draft)
          if (draft.courseId !== row.courseId && begun(occasion, clock.now())) throw new Problem('class_over')
          const room = await refuseUnknown(tx, draft)
          const { courseId, title, startsAt, endsAt, seats } = draft
          const place = draft.place.trim() || (room?.name ?? '')
          const change = { subjectId: courseId, title: title.trim(), place, startsAt, endsAt, seats }
          refuseClashes(await bookings.moveIn(tx, classId, version, change, needs(draft)))
          const known = draft.trainerId === me.id || draft.trainerId !== row.trainerId
          const told = known ? { toldStartsAt: startsAt, toldPlace: place } : {}
          await rows.change(tx, classId, { ...rowOf(draft), ...told })
          if (draft.trainerId === row.trainerId) return
          await tellTrainer(tx, me, 'class_to_teach', draft.trainerId, classId)
          await tellTrainer(tx, me, 'class_handed_over', row.trainerId, classId)
        },
        { hot: hot(classId) }
      )
      return classes.card(classId)
    },

    /** A drag on the calendar: only the time. */
    async move(
      me: Member,
      classId: string,
      { version, ...times }: Body<typeof moveClass>
    ): Promise<ClassCard> {
      await store.tx(
        async (tx) => {
          const { row, occasion } = await both(tx, classId)
          refuseBegun(occasion, times)
          const { subjectId, title, place, seats } = occasion
          const change = { subjectId, title, place, seats, ...times }
          refuseClashes(await bookings.moveIn(tx, classId, version, change, needs(row)))
          if (row.trainerId === me.id) await rows.change(tx, classId, { toldStartsAt: times.startsAt })
        },
        { hot: hot(classId) }
      )
      return classes.card(classId)
    },

    async cancel(me: Member, classId: string, reason: string): Promise<ClassCard> {
      await store.tx(
        async (tx) => {
          const { row } = await both(tx, classId)
          await bookings.cancelIn(tx, classId, reason.trim())
          if (row.trainerId === me.id) await rows.change(tx, classId, CANCELLED)
        },
        { hot: hot(classId) }
      )
      return classes.card(classId)
    },

    async addMaterial(me: Member, classId: string, { fileId, title }: Body<typeof addMaterial>) {
      return store.tx(async (tx): Promise<Static<typeof Material>[]> => {
        await both(tx, classId)
        const [file] = await ownedBy(tx, [fileId], me.id, 'material')
        const lying = await rows.materials(tx, classId)
        if (lying.length >= MAX_MATERIALS && !lying.some((each) => each.fileId === fileId))
          throw new Problem('materials_full')
        const { type } = file!
        await rows.addMaterial(tx, { classId, fileId, title: title.trim(), type, at: clock.now() })
        return rows.materials(tx, classId)
      })
    },

    async dropMaterial(classId: string, fileId: string): Promise<Static<typeof Material>[]> {
      return store.tx(async (tx) => {
        await both(tx, classId)
        await rows.dropMaterial(tx, classId, fileId)
        return rows.materials(tx, classId)
      })
    },

    /** The room of an online class, for its own trainer's camera; again answers the same room. */
    async openRoom(me: Member, classId: string): Promise<string> {
      const { row, occasion } = await both(store.read, classId)
      if (!row.online) throw new Problem('not_online')
      if (occasion.state === 'cancelled') throw new Problem('class_cancelled')
      if (row.trainerId !== me.id) throw new Problem('not_yours')
      const { title, startsAt } = occasion
      const showId = await openClassRoom(me, { classId, title, startsAt })
      if (row.showId !== showId) await store.tx((tx) => rows.change(tx, classId, { showId }))
      return showId
    }
  }
}

const rowOf = ({ courseId, trainerId, roomId, kitIds, about, online }: ClassDraft) => ({
  courseId,
  trainerId,
  roomId,
  kitIds,
  about,
  online
})
