import type { AttendedHow } from '../../shared/contracts/classes.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Tx } from '../store/store.ts'
import { MAX_SHEETS, type attendanceStore, type AttendanceRow } from './attendance-store.ts'
import type { Hooks } from './hooks.ts'
import { doorsOf, doorsOpen } from './occasion.ts'
import type { Seats } from './seats.ts'
import type { occasionStore, On } from './store.ts'

export interface Arrival {
  occasionId: string
  memberId: string
  how: AttendedHow
  /** Who let her in: herself by the code at the door, or who ticked her. */
  byId: string
  /** Whoever is not on the list gets a free seat; otherwise `not_booked`. Who waits always may have one. */
  walkIn: boolean
  at?: number
}

export type Attendances = ReturnType<typeof openAttendances>

/** 签到: who came, by code, by scan, by hand or from paper; once each. */
export function openAttendances({
  clock,
  rows,
  occasions,
  seats,
  hooks,
  audit
}: {
  clock: Clock
  rows: ReturnType<typeof attendanceStore>
  occasions: ReturnType<typeof occasionStore>
  seats: Seats
  hooks: Hooks
  audit: (
    tx: Tx,
    line: { actorId: string; action: string; subject: string; details: Record<string, unknown> }
  ) => Promise<void>
}) {
  async function standing(tx: Tx, occasionId: string) {
    const occasion = await occasions.one(tx, occasionId)
    if (!occasion) throw new Problem('no_such_class')
    if (occasion.state === 'cancelled') throw new Problem('class_cancelled')
    return occasion
  }

  /** Whether she was there, and nobody took it back. */
  async function wasThere(on: On, occasionId: string, memberId: string): Promise<boolean> {
    const row = await rows.one(on, occasionId, memberId)
    return Boolean(row && !row.undone)
  }

  return {
    /**
     * Checks somebody in. Twice, or from two phones, is once. Throws `doors_closed`, `class_full`, `not_booked`, and
     * `attendance_undone` for who was taken off the list by staff and scans once more: only staff put her back.
     */
    async attendIn(
      tx: Tx,
      { occasionId, memberId, how, byId, walkIn, at = clock.now() }: Arrival
    ): Promise<AttendanceRow> {
      const occasion = await standing(tx, occasionId)
      if (!doorsOpen(occasion, how, at)) throw new Problem('doors_closed', doorsOf(occasion, how))
      const before = await rows.one(tx, occasionId, memberId)
      if (before && !before.undone) return before
      if (before && how === 'qr') throw new Problem('attendance_undone')

      const booking = await occasions.booking(tx, occasionId, memberId)
      if (booking?.state !== 'booked') {
        if (booking?.state !== 'waiting' && !walkIn) throw new Problem('not_booked')
        await seats.seatIn(tx, occasion, { occasionId, memberId, how: 'walk_in', byId, at })
      }
      const attendance = {
        occasionId,
        memberId,
        at,
        how,
        byId,
        undone: false,
        undoneAt: 0,
        undoneBy: '',
        undoneWhy: ''
      }
      await rows.put(tx, attendance)
      if (before) {
        const details = { occasionId, how, undoneWhy: before.undoneWhy, undoneBy: before.undoneBy }
        await audit(tx, { actorId: byId, action: 'attendance_ticked_again', subject: memberId, details })
      }
      await hooks.attended(tx, { occasion, memberId, at })
      return attendance
    },

    /** Takes an attendance back. The row says who, when and why; the log keeps what was taken back. */
    async undoIn(
      tx: Tx,
      {
        occasionId,
        memberId,
        byId,
        reason
      }: { occasionId: string; memberId: string; byId: string; reason: string }
    ): Promise<void> {
      // Also of one that was called off: who was ticked by mistake an hour before the storm was not there either.
      const occasion = await occasions.one(tx, occasionId)
      if (!occasion) throw new Problem('no_such_class')
      const undone = { undoneAt: clock.now(), undoneBy: byId, undoneWhy: reason }
      const row = await rows.undo(tx, { occasionId, memberId, ...undone })
      if (!row) throw new Problem('not_attended')
      const details = { occasionId, reason, at: row.at, how: row.how, byId: row.byId }
      await audit(tx, { actorId: byId, action: 'attendance_undone', subject: memberId, details })
      await hooks.undone(tx, { occasion, memberId, first: await rows.firstOf(tx, memberId) })
    },

    wasThere,

    /** Keeps a photo of the paper sheet. */
    async addSheetIn(tx: Tx, sheet: { occasionId: string; fileId: string; byId: string }): Promise<void> {
      await standing(tx, sheet.occasionId)
      if ((await rows.sheets(tx, sheet.occasionId)).length >= MAX_SHEETS) throw new Problem('materials_full')
      await rows.addSheet(tx, { ...sheet, at: clock.now() })
    },

    /** What she says of an occasion that she attended. Throws `not_attended`. */
    async sayIn(
      tx: Tx,
      said: { occasionId: string; memberId: string; stars: number; words: string }
    ): Promise<void> {
      await standing(tx, said.occasionId)
      if (!(await wasThere(tx, said.occasionId, said.memberId))) throw new Problem('not_attended')
      await rows.say(tx, { ...said, at: clock.now() })
    },

    of: rows.of,
    sheetsOf: rows.sheets,
    saidOf: rows.said,
    feedbackOf: rows.feedback,
    ofMemberIn: rows.ofMemberInQuery,
    perSubject: rows.perSubject,
    /** Who came to a subject's occasions, how often and when last. */
    async cameTo(on: On, subjectId: string): Promise<Map<string, { times: number; last: number }>> {
      const rowsOf = await rows.cameToQuery(on, subjectId)
      return new Map(rowsOf.map(({ memberId, times, last }) => [memberId, { times, last: last ?? 0 }]))
    },
    history: (memberId: string, limit: number) => rows.historyQuery(memberId, limit)
  }
}
