import type { Answer, Body } from '../../shared/contract.ts'
import {
  ROSTER_ROWS,
  type bookFor,
  type getRoster,
  type getSlip,
  type importRoster,
  type previewRoster,
  type RosterRow
} from '../../shared/contracts/classes.ts'
import { Problem } from '../../shared/problems.ts'
import type { Bookings } from '../bookings/bookings.ts'
import { doorsOpen } from '../bookings/occasion.ts'
import type { Clock } from '../clock.ts'
import { maskedPhone, type Member } from '../members/member.ts'
import type { News } from '../notices/notice.ts'
import { readSheet, type Previews } from '../sheets/sheets.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { hot, type Classes } from './classes.ts'
import { good, judge, phoneOf, type JudgedRow } from './roster.ts'

const COLUMNS = {
  name: ['姓名', '名字', 'name'],
  phone: ['手机号', '手机', '手机号码', '电话', '联系电话', 'phone']
}
/** Rows that are enrolled in one unit of work: each may write a member, a booking, a notice and a milestone. */
const ROWS_AT_ONCE = 25
const SHOWN_CHARS = 40
/** A tap whose answer was lost is made again: so soon the same name is the same woman. Without a phone nothing else tells. */
const AGAIN_MS = 30_000

export interface Person {
  id: string
  name: string
  phone: string
}

export interface Neighbours {
  bookings: Bookings
  classes: Classes
  peopleIn: (
    on: Tx | Reader,
    wanted: { ids?: readonly string[]; phones?: readonly string[] }
  ) => Promise<Person[]>
  /** Writes somebody into the union's book, who may have no phone; the member who has that phone, if there is one. */
  enrolNewcomer: (tx: Tx, newcomer: { name: string; phone?: string | undefined }) => Promise<string>
  previews: Previews
  audit: (
    tx: Tx,
    line: { actorId: string; action: string; subject: string; details: Record<string, unknown> }
  ) => Promise<void>
  tellIn: (tx: Tx, news: News) => Promise<void>
}

export type Rosters = ReturnType<typeof openRosters>

/** The list of a class as its trainers see it, and whom they write onto it. */
export function openRosters({
  store,
  clock,
  bookings,
  classes,
  peopleIn,
  enrolNewcomer,
  previews,
  audit,
  tellIn
}: { store: Store; clock: Clock } & Neighbours) {
  const { attendances } = bookings

  async function rowsOf(classId: string, only?: string): Promise<RosterRow[]> {
    const on = store.read
    const [all, came, said] = await Promise.all([
      bookings.rosterOf(on, classId),
      attendances.of(on, classId),
      attendances.saidOf(on, classId)
    ])
    const waiting = all.filter(({ state }) => state === 'waiting').map(({ memberId }) => memberId)
    const rows = only ? all.filter(({ memberId }) => memberId === only) : all
    const arrived = new Map(came.filter(({ undone }) => !undone).map((each) => [each.memberId, each]))
    const ids = rows.flatMap(({ memberId, byId }) => [memberId, byId, arrived.get(memberId)?.byId ?? byId])
    const people = new Map((await peopleIn(on, { ids: [...new Set(ids)] })).map((each) => [each.id, each]))
    const nameOf = (id: string) => people.get(id)?.name ?? ''
    return rows.map(({ memberId, state, how, byId, at }) => {
      const attended = arrived.get(memberId)
      return {
        memberId,
        name: nameOf(memberId),
        phone: shown(people.get(memberId)?.phone),
        state,
        line: waiting.indexOf(memberId) + 1,
        how,
        byName: nameOf(byId),
        at,
        ...(attended && { attended: { at: attended.at, how: attended.how, byName: nameOf(attended.byId) } }),
        stars: said.get(memberId)?.stars ?? 0,
        words: said.get(memberId)?.words ?? ''
      }
    })
  }

  async function row(classId: string, memberId: string): Promise<RosterRow> {
    const [found] = await rowsOf(classId, memberId)
    if (!found) throw new Problem('not_booked')
    return found
  }

  return {
    row,

    async get(classId: string): Promise<Answer<typeof getRoster>> {
      const [card, rows, sheets] = await Promise.all([
        classes.card(classId),
        rowsOf(classId),
        attendances.sheetsOf(store.read, classId)
      ])
      const people = await peopleIn(store.read, { ids: [...new Set(sheets.map(({ byId }) => byId))] })
      const names = new Map(people.map(({ id, name }) => [id, name]))
      return {
        class: card,
        rows,
        sheets: sheets.map(({ fileId, at, byId }) => ({ fileId, at, byName: names.get(byId) ?? '' }))
      }
    },

    /**
     * Writes somebody onto the list for her. A walk-in stands at the door: she needs a free seat, and is checked in at once.
     * Throws `no_such_member`, `class_full`, `doors_closed`, and what booking throws.
     */
    async bookFor(
      me: Member,
      classId: string,
      { memberId, newcomer, how }: Body<typeof bookFor>
    ): Promise<RosterRow> {
      if (Boolean(memberId) === Boolean(newcomer)) throw new Problem('bad_input', { field: '/memberId' })
      const id = await store.tx(
        async (tx) => {
          const id = memberId ?? (await newcomerIn(tx, me, classId, newcomer!))
          if (!(await peopleIn(tx, { ids: [id] })).length) throw new Problem('no_such_member')
          if (how === 'officer')
            await bookings.bookIn(tx, { occasionId: classId, memberId: id, how, byId: me.id })
          else await arriveIn(tx, classId, id, me.id)
          return id
        },
        { hot: hot(classId) }
      )
      return row(classId, id)
    },

    /** Takes somebody off the list; twice is once. The log keeps who did it, and she is told: she did not do so herself. */
    async unbook(me: Member, classId: string, memberId: string): Promise<void> {
      await store.tx(
        async (tx) => {
          const before = await bookings.bookingOf(tx, classId, memberId)
          await bookings.leaveIn(tx, classId, memberId)
          if (!before || before.state === 'cancelled') return
          const details = { occasionId: classId, was: before.state }
          await audit(tx, { actorId: me.id, action: 'booking_taken_off', subject: memberId, details })
          if (memberId === me.id) return
          const { title, place, startsAt } = (await bookings.one(tx, classId))!
          const about = { title, place, startsAt: String(startsAt), was: before.state, by: me.name }
          await tellIn(tx, { memberId, kind: 'class_taken_off', about, href: `/school/class/${classId}` })
        },
        { hot: hot(classId) }
      )
    },

    /** Reads a sheet and says what would happen to each row; writes nobody down. Throws what `readSheet` throws. */
    async preview(me: Member, classId: string, sheet: Buffer): Promise<Answer<typeof previewRoster>> {
      await classes.card(classId)
      const read = await readSheet(sheet, { columns: COLUMNS, maxRows: ROSTER_ROWS })
      const rows = read.map(({ row, cells, problem }) => ({ row, ...cells, problem }))
      const judged = judge(rows, await known(store.read, classId, rows))
      const wanted = judged.filter(good)
      const importId = await store.tx((tx) =>
        previews.keep(tx, { purpose: purpose(classId), byId: me.id, rows: wanted })
      )
      return {
        importId,
        rows: judged.map(({ name, phone, ...row }) => ({
          ...row,
          name: name.slice(0, SHOWN_CHARS),
          phone: row.problem.startsWith('phone:') && row.verdict === 'error' ? '' : maskedPhone(phone)
        })),
        good: wanted.length,
        bad: judged.filter(({ verdict }) => verdict === 'error' || verdict === 'duplicate').length
      }
    },

    /**
     * Enrols the good rows of a preview. A server that dies on the way has enrolled some of them: the same sheet once more
     * enrols the others, since whoever has booked keeps her seat.
     */
    async importRows(me: Member, classId: string, importId: string): Promise<Answer<typeof importRoster>> {
      const wanted = await store.tx((tx) => previews.take<JudgedRow[]>(tx, importId, purpose(classId), me.id))
      const counts = { booked: 0, waiting: 0, skipped: 0 }
      for (let i = 0; i < wanted.length; i += ROWS_AT_ONCE) {
        const some = wanted.slice(i, i + ROWS_AT_ONCE)
        const states = await store.tx((tx) => enrolIn(tx, classId, some, me.id), { hot: hot(classId) })
        for (const state of states) counts[state]++
      }
      return counts
    },

    /** For a woman without a smartphone: what she takes home, and shows at the door. */
    async slip(classId: string, memberId: string): Promise<Answer<typeof getSlip>> {
      const { name, state, line } = await row(classId, memberId)
      return {
        class: await classes.card(classId),
        name,
        state,
        line,
        code: bookings.codes.slip(classId, memberId)
      }
    }
  }

  /** Who of a sheet's people the union knows by phone, and whether she has booked. */
  async function known(on: Tx | Reader, classId: string, rows: readonly { phone: string }[]) {
    const phones = [...new Set(rows.map(({ phone }) => phoneOf(phone)))].filter(Boolean)
    const people = await peopleIn(on, { phones })
    const booked = new Set(
      (await bookings.rosterOf(on, classId))
        .filter(({ state }) => state !== 'cancelled')
        .map(({ memberId }) => memberId)
    )
    return new Map(people.map(({ id, name, phone }) => [phone, { id, name, booked: booked.has(id) }]))
  }

  /** Looks once more: somebody may have booked, or joined, since the preview. */
  async function enrolIn(tx: Tx, classId: string, rows: readonly JudgedRow[], byId: string) {
    const there = await known(tx, classId, rows)
    const states: ('booked' | 'waiting' | 'skipped')[] = []
    for (const { name, phone } of rows) {
      const person = there.get(phone)
      if (person?.booked) {
        states.push('skipped')
        continue
      }
      const memberId = person?.id ?? (await enrolNewcomer(tx, { name, phone }))
      const { state } = await bookings.bookIn(tx, { occasionId: classId, memberId, how: 'roster', byId })
      states.push(state === 'booked' ? 'booked' : 'waiting')
    }
    return states
  }

  async function newcomerIn(
    tx: Tx,
    me: Member,
    classId: string,
    newcomer: { name: string; phone?: string | undefined }
  ): Promise<string> {
    const name = newcomer.name.trim()
    const again = newcomer.phone ? undefined : await justWritten(tx, me, classId, name)
    return again ?? enrolNewcomer(tx, { ...newcomer, name })
  }

  async function justWritten(tx: Tx, me: Member, classId: string, name: string) {
    const since = clock.now() - AGAIN_MS
    const hers = (await bookings.rosterOf(tx, classId)).filter(
      ({ byId, at, state }) => byId === me.id && at > since && state !== 'cancelled'
    )
    const people = await peopleIn(tx, { ids: hers.map(({ memberId }) => memberId) })
    return people.find((person) => person.name === name && !person.phone)?.id
  }

  /** Whoever walked in while the paper sheet went round is written down from it, days later. */
  async function arriveIn(tx: Tx, classId: string, memberId: string, byId: string) {
    const occasion = await bookings.one(tx, classId)
    if (!occasion) throw new Problem('no_such_class')
    const how = doorsOpen(occasion, 'manual', clock.now()) ? 'manual' : 'paper'
    await attendances.attendIn(tx, { occasionId: classId, memberId, how, byId, walkIn: true })
  }
}

const shown = (phone: string | undefined) => (phone ? maskedPhone(phone) : '')

const purpose = (classId: string) => `roster:${classId}`
