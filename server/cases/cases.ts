import type { CaseKind, CaseLine, CaseView } from '../../shared/contracts/cases.ts'
import type { FileKind } from '../../shared/contracts/files.ts'
import type { Role } from '../../shared/contract.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Rooms, Tell } from '../live/rooms.ts'
import { has, type Member } from '../members/member.ts'
import { newId } from '../store/id.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { dueAtOf, inOrder, isOverdue, LINES, onceClosed, openKeyOf, shownForm, whyNotDecide } from './case.ts'
import { caseStore, type CaseRow, type LineRow } from './store.ts'

const PAGE = 50

/** What was asked, as whoever carries it out is told; `form` with what is sealed. */
export interface AskedCase {
  id: string
  kind: CaseKind
  subjectId: string
  openedBy: string
  form: Record<string, string>
}

/** Carries a decision out, part of its unit of work; throws a Problem where that cannot be. */
export type Decided = (
  tx: Tx,
  theCase: AskedCase,
  approved: boolean,
  officer: Member,
  words: string,
  tell: Tell
) => Promise<void>

/** What else a kind of case wants. */
interface Manner {
  /** The page on which she reads of it. */
  href?: string | ((theCase: AskedCase) => string)
  /** Who looks at it and decides besides officers. */
  handledBy?: Role
  /** What she may hand in with her answer; papers, where nothing is said. */
  files?: FileKind
  /** She took it back. */
  withdrawn?: (tx: Tx, theCase: AskedCase) => Promise<void>
  /** Whoever carries it out tells her herself. */
  quiet?: boolean
}

export type Cases = ReturnType<typeof openCases>

/** 事项: somebody asks, an officer looks, decides and answers; what was asked for happens in the same moment. */
export function openCases({
  store,
  clock,
  act,
  namesOf,
  tellIn,
  ownedFiles
}: {
  store: Store
  clock: Clock
  /** A unit of work in which rooms may hear of what a decision does. */
  act: Rooms['act']
  namesOf: (ids: string[]) => Promise<ReadonlyMap<string, { name: string; roles: readonly Role[] }>>
  tellIn: (
    tx: Tx,
    news: {
      memberId: string
      kind: 'case_decided' | 'case_asked'
      about: Record<string, string>
      href: string
    }
  ) => Promise<void>
  /** Throws where one of these is not a file of this kind that she handed in. */
  ownedFiles: (on: Tx | Reader, fileIds: string[], memberId: string, kind: FileKind) => Promise<unknown>
}) {
  const cases = caseStore(store)
  const kinds = new Map<CaseKind, Manner & { decided: Decided }>()

  return {
    /** Who carries out what is decided about this kind. */
    onDecided(kind: CaseKind, decided: Decided, manner: Manner = {}): void {
      kinds.set(kind, { decided, ...manner })
    },

    /** Part of the caller's unit. Throws `case_open` (with its id) while one of hers of this kind waits. */
    async openIn(
      tx: Tx,
      {
        kind,
        subjectId = '',
        openedBy,
        form,
        words = '',
        fileIds = []
      }: {
        kind: CaseKind
        subjectId?: string
        openedBy: string
        /** Names that begin with `_` are kept and never shown. */
        form: Record<string, string>
        words?: string
        fileIds?: string[]
      }
    ): Promise<string> {
      const at = clock.now()
      const id = newId(at)
      const openKey = openKeyOf(kind, openedBy, subjectId)
      const row: CaseRow = {
        id,
        kind,
        subjectId,
        openedBy,
        ownerId: '',
        state: 'open',
        waiting: true,
        openKey,
        form: inOrder(form),
        openedAt: at,
        dueAt: dueAtOf(kind, at),
        closedAt: 0,
        version: 1
      }
      if (!(await cases.add(tx, row))) {
        const [open] = await cases.withOpenKeys(tx, [openKey])
        throw new Problem('case_open', { caseId: open?.id })
      }
      await cases.addLine(tx, { caseId: id, n: 1, at, byId: openedBy, what: 'opened', words, fileIds })
      return id
    },

    /** Those of hers that nobody has answered. */
    async waitingOf(on: Tx | Reader, memberId: string, kinds: CaseKind[]) {
      const rows = await cases.withOpenKeys(
        on,
        kinds.map((kind) => openKeyOf(kind, memberId, ''))
      )
      return rows.map(({ id, kind, openedAt }) => ({ caseId: id, kind, at: openedAt }))
    },

    /**
     * Open ones by their deadline, closed ones from the last; and how many wait, and how many too long. Who is no officer
     * sees one kind, if she handles it: role_missing otherwise.
     */
    async list(
      me: Member,
      {
        list,
        kind,
        after
      }: {
        list: 'open' | 'closed'
        kind?: CaseKind | undefined
        after?: string | undefined
      }
    ): Promise<{ items: CaseView[]; open: number; overdue: number }> {
      const officer = has(me, 'officer')
      if (!officer && !(kind && handles(me, kind))) throw new Problem('role_missing')
      const counted = officer ? undefined : kind
      const last = after ? await cases.one(store.read, after) : undefined
      if (after && !last) throw new Problem('bad_input', { field: '/after' })
      const [rows, [open], [overdue]] = await Promise.all([
        list === 'open' ? cases.openQuery(kind, last, PAGE) : cases.closedQuery(kind, last, PAGE),
        cases.countQuery(counted),
        cases.countQuery(counted, clock.now())
      ])
      return { items: await viewsOf(rows), open: open!.n, overdue: overdue!.n }
    },

    /** How many of a kind wait, and how many too long. */
    async countsOf(kind: CaseKind): Promise<{ open: number; overdue: number }> {
      const [[open], [overdue]] = await Promise.all([
        cases.countQuery(kind),
        cases.countQuery(kind, clock.now())
      ])
      return { open: open!.n, overdue: overdue!.n }
    },

    /** For who opened it and for who handles it; to everybody else there is no such case. */
    async get(me: Member, caseId: string): Promise<CaseView> {
      return viewOf(hersOrHandled(me, await cases.one(store.read, caseId)))
    },

    /** These, for whoever the caller has let in. */
    async views(caseIds: string[]): Promise<CaseView[]> {
      return viewsOf(await cases.byIds(store.read, caseIds))
    },

    /** Approves or refuses, and what was asked for happens in the same unit of work, or nothing does. */
    async decide(
      officer: Member,
      caseId: string,
      { version, approve, words }: { version: number; approve: boolean; words: string }
    ): Promise<CaseView> {
      const row = await act(async (tx, tell) => {
        const before = hersOrHandled(officer, await cases.one(tx, caseId))
        const refused = whyNotDecide(before, officer.id, version)
        if (refused) throw new Problem(refused)
        return answered(tx, tell, officer, before, { approve, words })
      })
      return viewOf(row)
    },

    /**
     * Part of a unit in which it was carried out already: closes the case, if it still waits, and tells nobody. With a
     * `version` only as it was seen: case_closed, case_changed.
     */
    async answerIn(
      tx: Tx,
      officer: Member,
      caseId: string,
      { approve, words, version }: { approve: boolean; words: string; version?: number }
    ): Promise<void> {
      const before = await cases.one(tx, caseId)
      if (!before?.waiting && version === undefined) return
      const refused = before && whyNotDecide(before, officer.id, version ?? before.version)
      if (!before || refused) throw new Problem(refused ?? 'no_such_case')
      await concluded(tx, officer, before, { approve, words })
    },

    /** An officer asks something back, or she who opened it answers. */
    async write(
      me: Member,
      caseId: string,
      { words, fileIds }: { words: string; fileIds: string[] }
    ): Promise<CaseView> {
      const row = await store.tx(async (tx) => {
        const before = stillOpen(hersOrHandled(me, await cases.one(tx, caseId)))
        const asks = before.openedBy !== me.id
        await ownedFiles(tx, fileIds, me.id, kinds.get(before.kind)?.files ?? 'document')
        const state = asks ? ('asked' as const) : ('open' as const)
        const after = await moved(
          tx,
          me,
          before,
          { what: asks ? 'asked' : 'answered', words, fileIds },
          { state }
        )
        const about = { kind: before.kind, words }
        const href = hrefOf(before)
        if (asks) await tellIn(tx, { memberId: before.openedBy, kind: 'case_asked', about, href })
        return after
      })
      return viewOf(row)
    },

    /** An officer, or another who handles it, answers for it from now on; never for her own. */
    async take(officer: Member, caseId: string, ownerId: string): Promise<CaseView> {
      const owner = (await namesOf([ownerId])).get(ownerId)
      const row = await store.tx(async (tx) => {
        const before = stillOpen(hersOrHandled(officer, await cases.one(tx, caseId)))
        const able = owner && handles({ id: ownerId, ...owner }, before.kind)
        if (!able) throw new Problem('no_such_member')
        if (before.openedBy === ownerId) throw new Problem('case_own')
        return moved(tx, officer, before, { what: 'assigned', words: owner.name }, { ownerId })
      })
      return viewOf(row)
    },

    /** Nobody but she who opened it takes it back. */
    async withdraw(me: Member, caseId: string): Promise<CaseView> {
      const row = await store.tx(async (tx) => {
        const before = await cases.one(tx, caseId)
        if (before?.openedBy !== me.id) throw new Problem('no_such_case')
        const state = 'withdrawn' as const
        const after = await moved(tx, me, stillOpen(before), { what: state }, { state, ...closed(before) })
        await kinds.get(before.kind)?.withdrawn?.(tx, before)
        return after
      })
      return viewOf(row)
    }
  }

  function handles(me: Member, kind: CaseKind): boolean {
    const { handledBy } = kinds.get(kind) ?? {}
    return has(me, 'officer') || (handledBy !== undefined && has(me, handledBy))
  }

  function hersOrHandled(me: Member, row: CaseRow | undefined): CaseRow {
    if (!row || (row.openedBy !== me.id && !handles(me, row.kind))) throw new Problem('no_such_case')
    return row
  }

  function hrefOf(row: CaseRow): string {
    const { href = '' } = kinds.get(row.kind) ?? {}
    return typeof href === 'string' ? href : href(row)
  }

  /** The decision, what follows from it, and the news of it. */
  async function answered(
    tx: Tx,
    tell: Tell,
    officer: Member,
    before: CaseRow,
    { approve, words }: { approve: boolean; words: string }
  ): Promise<CaseRow> {
    const after = await concluded(tx, officer, before, { approve, words })
    const { decided, quiet } = kinds.get(before.kind) ?? {}
    await decided?.(tx, before, approve, officer, words, tell)
    const about = { kind: before.kind, decision: after.state, words }
    const href = hrefOf(before)
    if (!quiet) await tellIn(tx, { memberId: before.openedBy, kind: 'case_decided', about, href })
    return after
  }

  async function concluded(
    tx: Tx,
    officer: Member,
    before: CaseRow,
    { approve, words }: { approve: boolean; words: string }
  ): Promise<CaseRow> {
    const state = approve ? ('approved' as const) : ('refused' as const)
    return moved(tx, officer, before, { what: state, words }, { state, ...closed(before) })
  }

  /** Changes the case and writes the line that says so; in the database's own eyes it is still what was read. */
  async function moved(
    tx: Tx,
    by: Member,
    before: CaseRow,
    line: { what: LineRow['what']; words?: string; fileIds?: string[] },
    change: Parameters<typeof cases.change>[2]
  ): Promise<CaseRow> {
    const n = (await cases.lastLine(tx, before.id)) + 1
    if (n > LINES && change.waiting !== false) throw new Problem('case_full')
    const after = await cases.change(tx, before, change)
    if (!after) throw new Problem('case_changed')
    const { what, words = '', fileIds = [] } = line
    await cases.addLine(tx, { caseId: before.id, n, at: clock.now(), byId: by.id, what, words, fileIds })
    return after
  }

  function closed({ id, form }: CaseRow) {
    return { waiting: false, openKey: id, closedAt: clock.now(), form: onceClosed(form) }
  }

  async function viewOf(row: CaseRow): Promise<CaseView> {
    return (await viewsOf([row]))[0]!
  }

  async function viewsOf(rows: CaseRow[]): Promise<CaseView[]> {
    if (!rows.length) return []
    const lines = await cases.linesQuery(
      store.read,
      rows.map(({ id }) => id)
    )
    const ids = [
      ...rows.flatMap(({ openedBy, ownerId }) => [openedBy, ownerId]),
      ...lines.map(({ byId }) => byId)
    ]
    const names = await namesOf(ids.filter(Boolean))
    const named = (id: string) => ({ id, name: names.get(id)?.name ?? '' })
    const byCase = Map.groupBy(lines, ({ caseId }) => caseId)
    return rows.map((row) => ({
      id: row.id,
      kind: row.kind,
      state: row.state,
      by: named(row.openedBy),
      owner: named(row.ownerId),
      openedAt: row.openedAt,
      dueAt: row.dueAt,
      overdue: isOverdue(row, clock.now()),
      version: row.version,
      form: shownForm(row.form),
      lines: (byCase.get(row.id) ?? []).map(({ n, at, byId, what, words, fileIds }): CaseLine => ({
        n,
        at,
        byName: named(byId).name,
        what,
        words,
        fileIds
      }))
    }))
  }
}

function stillOpen(row: CaseRow): CaseRow {
  if (!row.waiting) throw new Problem('case_closed')
  return row
}
