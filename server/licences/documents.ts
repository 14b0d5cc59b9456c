import type { Answer, Body, QueryOf } from '../../shared/contract.ts'
import type {
  checkDocument,
  DocumentKind,
  handInDocument,
  HostDocument,
  listDocuments
} from '../../shared/contracts/licences.ts'
import { DAY_MS, dayOf } from '../../shared/day.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import type { Notices } from '../notices/notices.ts'
import { newId } from '../store/id.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { DOCUMENT_NAMES, dueAtOf, UNWARNED, warningOf } from './document.ts'
import type { Audit, Rules } from './rules.ts'
import { licenceStore, type DocumentRow } from './store.ts'

const PAGE = 100
/** What a document keeps of an officer's words; her case keeps them all. */
const WORDS_CHARS = 120
const SWEEP_PAGE = 200
const SWEEP_PAGES = 50
/** After all that any calendar has. */
const EVER = Number.MAX_SAFE_INTEGER

/** What documents ask of the rest of the village. */
export interface DocumentNeighbours {
  /** Throws no_such_file unless all are hers and of this kind. */
  filesOwnedBy: (on: Tx | Reader, fileIds: string[], memberId: string, kind: 'document') => Promise<unknown>
  namesOf: (ids: string[]) => Promise<ReadonlyMap<string, { name: string }>>
  tellIn: Notices['tellIn']
  audit: Audit
  cases: {
    openIn: (
      tx: Tx,
      draft: {
        kind: 'document'
        subjectId: string
        openedBy: string
        form: Record<string, string>
        fileIds: string[]
      }
    ) => Promise<string>
    /** Closes the case of a document that was checked where documents are checked; nothing if it is closed. */
    answerIn: (
      tx: Tx,
      officer: Member,
      caseId: string,
      answer: { approve: boolean; words: string }
    ) => Promise<void>
  }
}

export type Documents = ReturnType<typeof openDocuments>

/** 证件: handed in, checked, looked at again after six months, warned of, and over. */
export function openDocuments({
  store,
  clock,
  rules,
  filesOwnedBy,
  namesOf,
  tellIn,
  audit,
  cases
}: { store: Store; clock: Clock; rules: Rules } & DocumentNeighbours) {
  const rows = licenceStore(store)

  return {
    /** Newest first. */
    of: async (memberId: string): Promise<HostDocument[]> =>
      (await rows.documentsOf(store.read, memberId)).map(view),

    /** Hands one in; an officer finds it among the cases. Problems: no_such_file, document_expired, case_open. */
    async handIn(me: Member, draft: Body<typeof handInDocument>): Promise<HostDocument> {
      const { kind, number, fileIds, validUntil } = draft
      refuseExpired(validUntil)
      const row = await store.tx(async (tx) => {
        await filesOwnedBy(tx, fileIds, me.id, 'document')
        const before = await rows.documentsOf(tx, me.id)
        if (before.some((each) => each.kind === kind && each.state === 'waiting'))
          throw new Problem('case_open')
        const now = clock.now()
        const id = newId(now)
        const caseId = await cases.openIn(tx, {
          kind: 'document',
          subjectId: id,
          openedBy: me.id,
          form: formOf(kind, number, validUntil),
          fileIds
        })
        const fresh: DocumentRow = {
          id,
          memberId: me.id,
          kind,
          number: number.trim(),
          fileIds,
          validUntil,
          state: 'waiting',
          handedInAt: now,
          checkedAt: 0,
          checkedBy: '',
          words: '',
          dueAt: 0,
          warnedDays: UNWARNED,
          caseId
        }
        await rows.add(tx, fresh)
        return fresh
      })
      return view(row)
    },

    /** Those to check, oldest first, or by their clock. Problem no_such_document for an unknown `after`. */
    async list({ list, after }: QueryOf<typeof listDocuments>): Promise<Answer<typeof listDocuments>> {
      const last = after === undefined ? undefined : await named(store.read, after)
      const found =
        list === 'waiting' ? await rows.waitingQuery(last, PAGE) : await rows.dueQuery(0, EVER, last, PAGE)
      const names = await namesOf(found.map(({ memberId }) => memberId))
      return {
        items: found.map((row) => ({
          document: view(row),
          member: { id: row.memberId, name: names.get(row.memberId)?.name ?? '' }
        }))
      }
    },

    /**
     * An officer looks at it: good restarts its six months, not good says why. What waits or is good may be looked at,
     * by anybody but its owner. Problems: no_such_document, case_own, document_closed, document_expired.
     */
    async check(
      officer: Member,
      documentId: string,
      { good, validUntil, words }: Body<typeof checkDocument>
    ): Promise<HostDocument> {
      if (good) refuseExpired(validUntil)
      const row = await store.tx(async (tx) => {
        const before = await named(tx, documentId)
        const checked = await checkIn(tx, before, { officer, good, validUntil, words })
        if (before.state === 'waiting' && before.caseId !== '') {
          await cases.answerIn(tx, officer, before.caseId, { approve: good, words })
        }
        return checked
      })
      return view(row)
    },

    /** What follows when the case of a document is decided, in the same unit. */
    async decidedIn(
      tx: Tx,
      documentId: string,
      { officer, approved, words }: { officer: Member; approved: boolean; words: string }
    ): Promise<void> {
      const row = await named(tx, documentId)
      if (row.state !== 'waiting') return // it was checked where documents are checked, and closed this case
      await checkIn(tx, row, { officer, good: approved, validUntil: row.validUntil, words })
    },

    /** She has taken her case back: it counts for nothing, like one that was replaced, and nobody need look at it. */
    async withdrawnIn(tx: Tx, documentId: string): Promise<void> {
      await rows.change(tx, documentId, ['waiting'], { state: 'replaced' })
    },

    /** Warns of what ends soon, each warning once, however many servers sweep. */
    async sweep(): Promise<void> {
      const now = clock.now()
      const { warnDays } = await rules.now(store.read)
      const until = now + Math.max(0, ...warnDays) * DAY_MS
      let last: DocumentRow | undefined
      for (let n = 0; n < SWEEP_PAGES; n++) {
        const ending: DocumentRow[] = await rows.dueQuery(now - DAY_MS, until, last, SWEEP_PAGE)
        for (const row of ending) await warn(row, warnDays, now)
        last = ending.at(-1)
        if (ending.length < SWEEP_PAGE) return
      }
    }
  }

  async function warn(row: DocumentRow, warnDays: number[], now: number) {
    const warning = warningOf(row, warnDays, now)
    if (!warning) return
    await store.tx(async (tx) => {
      if (!(await rows.warn(tx, row, warning.stage))) return
      await tellIn(tx, {
        memberId: row.memberId,
        kind: 'document_due',
        about: {
          kind: row.kind,
          document: DOCUMENT_NAMES[row.kind],
          days: String(warning.daysLeft),
          dueAt: String(row.dueAt)
        },
        href: '/studio/licence'
      })
    })
  }

  async function checkIn(
    tx: Tx,
    { id, memberId, kind }: DocumentRow,
    {
      officer,
      good,
      validUntil,
      words
    }: { officer: Member; good: boolean; validUntil: number; words: string }
  ): Promise<DocumentRow> {
    if (memberId === officer.id) throw new Problem('case_own')
    const now = clock.now()
    // A case may have waited until the paper ran out.
    if (good) refuseExpired(validUntil)
    const { refreshMonths } = await rules.now(tx)
    const checked = { checkedAt: now, checkedBy: officer.id, words: words.trim().slice(0, WORDS_CHARS) }
    const dueAt = dueAtOf({ validUntil, checkedAt: now }, refreshMonths)
    const row = await rows.change(
      tx,
      id,
      ['waiting', 'good'],
      good
        ? { ...checked, state: 'good', validUntil, dueAt, warnedDays: UNWARNED }
        : { ...checked, state: 'refused', dueAt: 0 }
    )
    if (!row) throw new Problem('document_closed')
    if (good) await rows.replaceOthers(tx, memberId, kind, id)
    const details = { kind, good, words: row.words }
    await audit(tx, { actorId: officer.id, action: 'document_checked', subject: memberId, details })
    await tellIn(tx, {
      memberId,
      kind: 'document_checked',
      about: {
        kind,
        document: DOCUMENT_NAMES[kind],
        good: good ? 'yes' : 'no',
        reason: row.words,
        dueAt: String(row.dueAt)
      },
      href: '/studio/licence'
    })
    return row
  }

  async function named(on: Tx | Reader, id: string): Promise<DocumentRow> {
    const row = await rows.document(on, id)
    if (!row) throw new Problem('no_such_document')
    return row
  }

  function refuseExpired(validUntil: number) {
    if (validUntil !== 0 && validUntil <= clock.now()) throw new Problem('document_expired')
  }
}

/** What the officer reads in the case. */
const formOf = (kind: DocumentKind, number: string, validUntil: number) => ({
  证件: DOCUMENT_NAMES[kind],
  ...(number.trim() && { 编号: number.trim() }),
  有效期: validUntil === 0 ? '没有写' : `到 ${dayOf(validUntil)}`
})

const view = (row: DocumentRow): HostDocument => {
  const { id, kind, number, fileIds, validUntil, state, handedInAt, checkedAt, dueAt, words } = row
  return { id, kind, number, fileIds, validUntil, state, handedInAt, checkedAt, dueAt, words }
}
