import type { RegisterDraft, RegisterRow } from '../../shared/contracts/register.ts'
import { dayOf } from '../../shared/day.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import { maskedPhone, type Member } from '../members/member.ts'
import type { Members } from '../members/members.ts'
import type { Seal } from '../seal.ts'
import { newId } from '../store/id.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import type { Branches } from './branches.ts'
import { entryWith, idColumns, shownRow } from './entry.ts'
import { isDay, readIdNumber, readName, readPhone, type IdNumber, type Sex } from './person.ts'
import { registerStore, type EntryRow, type MoveRow, type Wanted } from './store.ts'

const PAGE = 100
const LOOKS = 200
/** Units that write people in line up, so that two officers with one sheet wait instead of colliding. */
export const HOT = { hot: 'register' }

/** What is known of somebody, for domains that decide by it. */
export interface Person {
  name: string
  idKnown: boolean
  bornOn: string
  sex: '' | Sex
  branchId: string
  branchName: string
  state: 'member' | 'left'
}

/** Part of the unit in which the register learned something about these people. */
export type Changed = (tx: Tx, people: { memberId: string; sex: '' | Sex }[]) => Promise<void>

export type Register = ReturnType<typeof openRegister>

/** 名册: the real names, branches and ID numbers of the union's members, and who looked at them. */
export function openRegister({
  store,
  clock,
  seal,
  members,
  branches
}: {
  store: Store
  clock: Clock
  seal: Seal
  members: Pick<Members, 'namesOf' | 'peopleIn' | 'enrolIn' | 'setPhonesIn' | 'recogniseAnew' | 'audit'>
  branches: Branches
}) {
  const register = registerStore(store)
  const listeners: Changed[] = []

  return {
    /** By a part of the name, a whole phone or a whole ID number; in a branch and all that belong to it. */
    async find({
      q = '',
      branchId,
      after
    }: {
      q?: string | undefined
      branchId?: string | undefined
      after?: string | undefined
    }): Promise<{ items: RegisterRow[]; total: number }> {
      const wanted = await wantedBy(q.trim(), branchId)
      const [rows, total, names] = await Promise.all([
        register.find(wanted, after, PAGE),
        register.total(wanted),
        branches.names(store.read)
      ])
      return { items: rows.map((row) => shownRow(row, names)), total }
    },

    /** Writes a woman in; throws `in_register` with whom she meets, and writes nothing. */
    async add(officer: Member, draft: RegisterDraft): Promise<RegisterRow> {
      const { id, name, joinedOn } = checked(draft)
      const memberId = await store.tx(async (tx) => {
        await branches.mustBe(tx, draft.branchId)
        const [holder] = draft.phone ? await members.peopleIn(tx, { phones: [draft.phone] }) : []
        const [byId] = id ? await register.byDigests(tx, [seal.digest(id.number)]) : []
        const [byPhone] = holder ? await register.entries(tx, [holder.id]) : []
        const left = [byId, byPhone].find((entry) => entry?.state === 'left')
        for (const entry of [byId, byPhone]) if (entry?.state === 'member') throw await meets(tx, entry)
        if (byId && holder && byId.memberId !== holder.id) throw metOutside(holder.name)
        if (byPhone?.sealedId && id && byPhone.idDigest !== seal.digest(id.number))
          throw await meets(tx, byPhone)
        if (!id && !draft.phone) {
          const [namesake] = await register.namesakes(tx, name, draft.branchId)
          if (namesake) throw await meets(tx, namesake)
        }
        const known = left?.memberId ?? holder?.id
        const memberId = known ?? newId(clock.now())
        if (!known) await enrol(tx, { id: memberId, name, phone: draft.phone })
        else if (draft.phone && !holder) await members.setPhonesIn(tx, [{ id: memberId, phone: draft.phone }])
        const { branchId, education } = draft
        const entry = entryWith(left, {
          memberId,
          name,
          branchId,
          education,
          joinedOn,
          id: sealed(id),
          at: clock.now()
        })
        await putIn(tx, [entry], [moveOf(entry, 'joined', { byId: officer.id })])
        return memberId
      }, HOT)
      if (draft.phone) members.recogniseAnew(memberId)
      return rowOf(memberId)
    },

    /** Corrects an entry. A phone that changes is the one she signs in with from now on. */
    async change(officer: Member, memberId: string, draft: RegisterDraft): Promise<RegisterRow> {
      const { id, name, joinedOn } = checked(draft)
      const phoneChanged = await store.tx(async (tx) => {
        const [before] = await register.entries(tx, [memberId])
        if (!before) throw new Problem('not_in_register')
        await branches.mustBe(tx, draft.branchId)
        const [twin] = id ? await register.byDigests(tx, [seal.digest(id.number)]) : []
        if (twin && twin.memberId !== memberId) throw await meets(tx, twin)
        const phoneChanged = await movePhone(tx, officer, memberId, draft.phone)
        const { branchId, education } = draft
        const entry: EntryRow = {
          ...entryWith(before, {
            memberId,
            name,
            branchId,
            education,
            joinedOn,
            id: sealed(id),
            at: clock.now()
          }),
          state: before.state
        }
        const moved = before.branchId !== branchId
        await putIn(
          tx,
          [entry],
          moved ? [moveOf(entry, 'moved', { fromId: before.branchId, byId: officer.id })] : []
        )
        return phoneChanged
      }, HOT)
      if (phoneChanged) members.recogniseAnew(memberId)
      return rowOf(memberId)
    },

    /** A whole ID number, once; who looked and why is in the book before she sees it, or she sees nothing. */
    async lookAtId(officer: Member, memberId: string, reason: string): Promise<string> {
      return store.tx(async (tx) => {
        const [entry] = await register.entries(tx, [memberId])
        if (!entry) throw new Problem('not_in_register')
        if (!entry.sealedId) throw new Problem('id_unknown')
        const at = clock.now()
        await register.addLook(tx, { id: newId(at), memberId, byId: officer.id, at, reason: reason.trim() })
        return seal.open(entry.sealedId)
      })
    },

    /** Every look, the newest first. */
    async looks(memberId?: string) {
      const rows = await register.looksQuery(memberId, LOOKS)
      const names = await members.namesOf(rows.map(({ byId }) => byId))
      const entries = await register.entries(store.read, [...new Set(rows.map((row) => row.memberId))])
      const called = new Map(entries.map((entry) => [entry.memberId, entry.name]))
      return rows.map(({ memberId: whose, byId, at, reason }) => ({
        memberId: whose,
        name: called.get(whose) ?? '',
        byName: names.get(byId)?.name ?? '',
        at,
        reason
      }))
    },

    // doors for the rest of the village

    async personOf(on: Tx | Reader, memberId: string): Promise<Person | undefined> {
      const [entry] = await register.entries(on, [memberId])
      if (!entry) return undefined
      const { name, sealedId, bornOn, sex, branchId, state } = entry
      const branchName = (await branches.names(on)).get(branchId) ?? ''
      return { name, idKnown: sealedId !== '', bornOn, sex, branchId, branchName, state }
    },

    /** Empty while nobody has written her ID number down. */
    async sexOf(on: Tx | Reader, memberId: string): Promise<'' | Sex> {
      return (await register.entries(on, [memberId]))[0]?.sex ?? ''
    },

    /** Whoever is not in the register, or has left, is missing from the answer. */
    async branchNamesOf(memberIds: readonly string[]): Promise<Map<string, string>> {
      const [entries, names] = await Promise.all([
        register.entries(store.read, [...new Set(memberIds)]),
        branches.names(store.read)
      ])
      return new Map(
        entries
          .filter(({ state }) => state === 'member')
          .map(({ memberId, branchId }) => [memberId, names.get(branchId) ?? ''])
      )
    },

    /** Names for whatever is printed: as her papers say it, and as she calls herself where nobody has seen any. */
    async paperNamesOf(memberIds: readonly string[]) {
      const [names, entries] = await Promise.all([
        members.namesOf(memberIds),
        register.entries(store.read, [...new Set(memberIds)])
      ])
      for (const { memberId, name } of entries) {
        const known = names.get(memberId)
        if (known && name) names.set(memberId, { ...known, name })
      }
      return names
    },

    onChange: (listener: Changed) => void listeners.push(listener),

    rowOf,
    rowIfAny,
    wantedBy,
    meets,
    putIn,
    moveOf
  }

  async function wantedBy(q: string, branchId: string | undefined): Promise<Wanted> {
    const phone = readPhone(q)
    const id = readIdNumber(q, dayOf(clock.now()))
    return {
      ...(id ? { digest: seal.digest(id.number) } : phone ? { phone } : q && { name: q }),
      ...(branchId && { branchIds: await branches.within(branchId) })
    }
  }

  /** What an officer wrote down, if it can be true. */
  function checked({ idNumber, joinedOn, name }: RegisterDraft) {
    const today = dayOf(clock.now())
    const id = idNumber === undefined ? undefined : readIdNumber(idNumber, today)
    if (idNumber !== undefined && !id) throw new Problem('bad_id_number')
    if (!isDay(joinedOn) || joinedOn > today) throw new Problem('bad_input', { field: '/joinedOn' })
    return { id, joinedOn, name: readName(name) }
  }

  function sealed(id: IdNumber | undefined) {
    return id && idColumns(seal, id)
  }

  async function enrol(tx: Tx, person: { id: string; name: string; phone?: string | undefined }) {
    const added = await members.enrolIn(tx, [{ ...person, roles: [] }])
    if (!added.has(person.id)) throw metOutside('')
  }

  async function movePhone(
    tx: Tx,
    officer: Member,
    memberId: string,
    phone: string | undefined
  ): Promise<boolean> {
    if (!phone) return false
    const [holder] = await members.peopleIn(tx, { phones: [phone] })
    if (holder?.id === memberId) return false
    if (holder) {
      const [entry] = await register.entries(tx, [holder.id])
      throw entry ? await meets(tx, entry) : metOutside(holder.name)
    }
    await members.setPhonesIn(tx, [{ id: memberId, phone }])
    const details = { phone: maskedPhone(phone) }
    await members.audit(tx, { actorId: officer.id, action: 'phone_changed', subject: memberId, details })
    return true
  }

  /** `in_register`, with the name and the branch of whom she meets. */
  async function meets(tx: Tx, { name, branchId, memberId }: EntryRow): Promise<Problem> {
    const branch = (await branches.names(tx)).get(branchId) ?? ''
    return new Problem('in_register', {
      memberId,
      name,
      branch,
      meets: [name, branch].filter(Boolean).join(' · ')
    })
  }

  /** Part of a unit: entries, how they came to be so, and whoever wants to hear of it. */
  async function putIn(tx: Tx, entries: EntryRow[], moves: MoveRow[]): Promise<void> {
    await register.put(tx, entries)
    await register.addMoves(tx, moves)
    const people = entries.map(({ memberId, sex }) => ({ memberId, sex }))
    for (const tell of listeners) await tell(tx, people)
  }

  function moveOf(
    { memberId, branchId }: EntryRow,
    what: MoveRow['what'],
    { fromId = '', caseId = '', byId }: { fromId?: string; caseId?: string; byId: string }
  ): MoveRow {
    const at = clock.now()
    return { id: newId(at), memberId, what, fromId, toId: what === 'left' ? '' : branchId, caseId, byId, at }
  }

  async function rowIfAny(memberId: string): Promise<RegisterRow | undefined> {
    const [row] = await register.full(store.read, [memberId])
    return row && shownRow(row, await branches.names(store.read))
  }

  async function rowOf(memberId: string): Promise<RegisterRow> {
    const row = await rowIfAny(memberId)
    if (!row) throw new Problem('not_in_register')
    return row
  }
}

/** Her phone belongs to somebody who is no member of the union. */
const metOutside = (name: string) => new Problem('in_register', { name, branch: '', meets: name })
