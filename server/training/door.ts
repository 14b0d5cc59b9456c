import type { ClassCard } from '../../shared/contracts/classes.ts'
import { Problem } from '../../shared/problems.ts'
import type { Arrival } from '../bookings/attendances.ts'
import type { Bookings } from '../bookings/bookings.ts'
import { doorsOf, doorsOpen } from '../bookings/occasion.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { hot, type Classes } from './classes.ts'

export interface Neighbours {
  bookings: Bookings
  classes: Classes
  ownedBy: (on: Tx | Reader, fileIds: string[], memberId: string, kind: 'sheet') => Promise<unknown>
}

export type Door = ReturnType<typeof openDoor>

/** 签到: what happens at the door of a class. */
export function openDoor({
  store,
  clock,
  bookings,
  classes,
  ownedBy
}: { store: Store; clock: Clock } & Neighbours) {
  const { attendances, codes } = bookings

  const attend = (arrival: Arrival) =>
    store.tx((tx) => attendances.attendIn(tx, arrival), { hot: hot(arrival.occasionId) })

  return {
    /** What the trainer's screen shows now. There is none before the doors open. */
    async codeOf(classId: string) {
      const occasion = await bookings.one(store.read, classId)
      if (!occasion) throw new Problem('no_such_class')
      if (occasion.state === 'cancelled') throw new Problem('class_cancelled')
      const now = clock.now()
      if (!doorsOpen(occasion, 'qr', now)) throw new Problem('doors_closed', doorsOf(occasion, 'qr'))
      return codes.door(classId, now)
    },

    memberCode: (me: Member) => codes.member(me.id, clock.now()),

    /** By the code on the screen. Who has not booked gets a free seat, as everybody does who stands at the door. */
    async checkIn(me: Member, code: string): Promise<{ class: ClassCard; at: number }> {
      const read = codes.read(code, clock.now())
      if (read.kind !== 'door') throw new Problem('code_wrong')
      const { occasionId } = read
      const arrival = { occasionId, memberId: me.id, how: 'qr', byId: me.id, walkIn: true } as const
      const { at } = await attend(arrival)
      return { class: await classes.card(occasionId, me.id), at }
    },

    /** Staff scanned somebody's phone or slip; answers whose it was. A slip is good for its own class only. */
    async scan(me: Member, classId: string, code: string): Promise<string> {
      const read = codes.read(code, clock.now())
      if (read.kind === 'door' || (read.kind === 'slip' && read.occasionId !== classId))
        throw new Problem('code_wrong')
      const { memberId } = read
      await attend({ occasionId: classId, memberId, how: 'scan', byId: me.id, walkIn: true })
      return memberId
    },

    /** By hand, or from the paper sheet: only who is on the list. */
    async tick(me: Member, classId: string, memberId: string, how: 'manual' | 'paper'): Promise<void> {
      await attend({ occasionId: classId, memberId, how, byId: me.id, walkIn: false })
    },

    async untick(me: Member, classId: string, memberId: string, reason: string): Promise<void> {
      await store.tx(
        (tx) => attendances.undoIn(tx, { occasionId: classId, memberId, byId: me.id, reason: reason.trim() }),
        { hot: hot(classId) }
      )
    },

    async addSheet(me: Member, classId: string, fileId: string): Promise<void> {
      await store.tx(async (tx) => {
        await ownedBy(tx, [fileId], me.id, 'sheet')
        await attendances.addSheetIn(tx, { occasionId: classId, fileId, byId: me.id })
      })
    }
  }
}
