import { REGISTER_ROWS, type ImportRow, type RegisterRow } from '../../shared/contracts/register.ts'
import type { Static } from 'typebox'
import { dayOf } from '../../shared/day.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import { maskedPhone, type Member } from '../members/member.ts'
import type { Members } from '../members/members.ts'
import type { Seal } from '../seal.ts'
import { readSheet, writeSheet, type Previews } from '../sheets/sheets.ts'
import { newId } from '../store/id.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import type { Branches } from './branches.ts'
import { entryWith, idColumns, shownRow } from './entry.ts'
import { COLUMNS, judge, reader, type Candidate, type Judged, type Known } from './intake.ts'
import { EDUCATION_WORDS, maskedId } from './person.ts'
import { HOT, type Register } from './register.ts'
import { registerStore, type EntryRow, type MoveRow } from './store.ts'

const PURPOSE = 'register'
/** What one sheet that goes out may hold; a larger union hands its branches in one by one. */
const EXPORT_ROWS = 20_000
const EXPORT_PAGE = 1_000
/** Longer than a phone is something else, perhaps an ID number in the wrong column. */
const PHONE_SHOWN = 13
const OPTIONAL = ['phone', 'idNumber', 'branch', 'joinedOn', 'education'] as const

type ImportView = Static<typeof ImportRow>

export type Imports = ReturnType<typeof openImports>

/** The register as sheets: 500 rows in, looked at before anything is written; all of it out, masked. */
export function openImports({
  store,
  clock,
  seal,
  members,
  branches,
  register,
  previews
}: {
  store: Store
  clock: Clock
  seal: Seal
  members: Pick<Members, 'peopleIn' | 'enrolIn' | 'setPhonesIn' | 'recogniseAnew' | 'audit'>
  branches: Branches
  register: Register
  previews: Previews
}) {
  const entries = registerStore(store)

  return {
    /** Says what would become of each row; nothing is written but the preview itself. */
    async preview(
      officer: Member,
      bytes: Buffer
    ): Promise<{ importId: string; rows: ImportView[]; good: number; bad: number }> {
      const rows = await readSheet(bytes, { columns: COLUMNS, optional: OPTIONAL, maxRows: REGISTER_ROWS })
      const read = reader(await branches.all(store.read), dayOf(clock.now()))
      const candidates = rows.map(read)
      const judged = await verdicts(store.read, candidates)
      const importId = await store.tx((tx) =>
        previews.keep(tx, { purpose: PURPOSE, byId: officer.id, rows: candidates })
      )
      const good = judged.filter(({ verdict }) => verdict === 'new' || verdict === 'known').length
      return { importId, rows: judged.map(shown), good, bad: judged.length - good }
    },

    /** Writes the good rows in one unit, or none; what has happened since the preview is looked at once more. */
    async confirm(
      officer: Member,
      importId: string
    ): Promise<{ added: number; changed: number; skipped: number }> {
      const { gotPhone, ...done } = await store.tx(async (tx) => {
        const candidates = await previews.take<Candidate[]>(tx, importId, PURPOSE, officer.id)
        const judged = await verdicts(tx, candidates)
        const plan = await planned(tx, judged, officer)
        await members.enrolIn(tx, plan.newcomers)
        await members.setPhonesIn(tx, plan.phones)
        await register.putIn(tx, plan.entries, plan.moves)
        const added = plan.newcomers.length
        const changed = plan.entries.length - added
        const counts = { added, changed, skipped: judged.length - added - changed }
        await members.audit(tx, {
          actorId: officer.id,
          action: 'register_imported',
          subject: importId,
          details: counts
        })
        return { ...counts, gotPhone: plan.phones.map(({ id }) => id) }
      }, HOT)
      for (const memberId of gotPhone) members.recogniseAnew(memberId)
      return done
    },

    /** For the upper union: who belongs where; phones and ID numbers masked. */
    async exported(branchId: string | undefined): Promise<Buffer> {
      const [wanted, names] = await Promise.all([register.wantedBy('', branchId), branches.names(store.read)])
      const rows: RegisterRow[] = []
      for (let after = ''; ;) {
        const page = await entries.page(wanted, after, EXPORT_PAGE)
        rows.push(...page.map((row) => shownRow(row, names)))
        if (rows.length > EXPORT_ROWS) throw new Problem('sheet_too_long', { rows: EXPORT_ROWS })
        if (page.length < EXPORT_PAGE) break
        after = page.at(-1)!.entry.memberId
      }
      rows.sort((a, b) => order(a.branchName, b.branchName) || order(a.name, b.name))
      return writeSheet(
        '会员名册',
        OUT.map(([heading]) => heading),
        rows.map((row) => OUT.map(([, of]) => of(row)))
      )
    }
  }

  async function verdicts(on: Tx | Reader, candidates: Candidate[]): Promise<Judged[]> {
    const phones = candidates.map(({ phone }) => phone).filter(Boolean)
    const digests = candidates.flatMap(({ id }) => (id ? [seal.digest(id.number)] : []))
    const holders = await members.peopleIn(on, { phones })
    const byId = await entries.byDigests(on, digests)
    const byHolder = await entries.entries(
      on,
      holders.map(({ id }) => id)
    )
    const entryOf = new Map([...byId, ...byHolder].map((entry) => [entry.memberId, entry]))
    const known = ({ id, name, phone }: { id: string; name: string; phone: string }): Known => {
      const entry = entryOf.get(id)
      const digest = entry?.sealedId ? entry.idDigest : ''
      return { memberId: id, name: entry?.name ?? name, phone, inRegister: Boolean(entry), digest }
    }
    return judge(candidates, {
      byPhone: new Map(holders.map((person) => [person.phone, known(person)])),
      byDigest: new Map(
        byId.map(({ memberId, idDigest, name }) => [idDigest, known({ id: memberId, name, phone: '' })])
      ),
      digestOf: seal.digest
    })
  }

  /** What a unit has to write for the good rows: bulk by bulk, not woman by woman. */
  async function planned(tx: Tx, judged: Judged[], officer: Member) {
    const at = clock.now()
    const today = dayOf(at)
    const good = judged.filter((each) => each.verdict === 'new' || each.verdict === 'known')
    const knownIds = good.flatMap((each) => (each.verdict === 'known' ? [each.memberId] : []))
    const before = new Map((await entries.entries(tx, knownIds)).map((entry) => [entry.memberId, entry]))
    const people = new Map((await members.peopleIn(tx, { ids: knownIds })).map((each) => [each.id, each]))
    const plan = {
      newcomers: [] as { id: string; name: string; phone?: string; roles: [] }[],
      phones: [] as { id: string; phone: string }[],
      entries: [] as EntryRow[],
      moves: [] as MoveRow[]
    }
    for (const { candidate, ...each } of good) {
      const { name, phone, id, branchId, education, joinedOn } = candidate
      const memberId = each.verdict === 'known' ? each.memberId : newId(at)
      const was = before.get(memberId)
      const idIsNews = id && was?.idDigest !== each.digest
      const entry = entryWith(was, {
        memberId,
        name,
        branchId: branchId || was?.branchId || '',
        education: education || was?.education || '',
        joinedOn: joinedOn || was?.joinedOn || today,
        id: idIsNews ? idColumns(seal, id) : undefined,
        at
      })
      // A phone is only ever filled in: a sheet that is a year old must not lock anybody out of her own.
      const getsPhone = each.verdict === 'known' && phone !== '' && people.get(memberId)?.phone === ''
      if (each.verdict === 'new')
        plan.newcomers.push({ id: memberId, name, ...(phone && { phone }), roles: [] })
      if (getsPhone) plan.phones.push({ id: memberId, phone })
      if (!getsPhone && was && sameEntry(was, entry)) continue
      plan.entries.push(entry)
      const byId = officer.id
      if (was?.state !== 'member') plan.moves.push(register.moveOf(entry, 'joined', { byId }))
      else if (was.branchId !== entry.branchId)
        plan.moves.push(register.moveOf(entry, 'moved', { byId, fromId: was.branchId }))
    }
    return plan
  }
}

const { compare: order } = new Intl.Collator('zh')

/** Sealed text is different every time, so it is the digest that tells. */
const sameEntry = (a: EntryRow, b: EntryRow) =>
  (['name', 'branchId', 'education', 'joinedOn', 'idDigest', 'state'] as const).every(
    (key) => a[key] === b[key]
  )

function shown(judged: Judged): ImportView {
  const { candidate, verdict } = judged
  const { row, name, phone, id, written } = candidate
  const { problem, meets } = 'meets' in judged ? judged : { problem: '' as const, meets: '' }
  return {
    row,
    name: name.slice(0, 40),
    phone: phone ? maskedPhone(phone) : written.phone.length > PHONE_SHOWN ? '…' : written.phone,
    idNumber: id ? maskedId(id.number) : written.idNumber && '…',
    branch: written.branch.slice(0, 60),
    verdict,
    problem,
    meets
  }
}

const SEX_WORDS = { '': '', f: '女', m: '男' }

const OUT: [heading: string, of: (row: RegisterRow) => string][] = [
  ['姓名', ({ name }) => name],
  ['性别', ({ sex }) => SEX_WORDS[sex]],
  ['手机号', ({ phone }) => phone],
  ['身份证号', ({ idNumber }) => idNumber],
  ['支会', ({ branchName }) => branchName],
  ['入会日期', ({ joinedOn }) => joinedOn],
  ['文化程度', ({ education }) => EDUCATION_WORDS[education]],
  ['状态', ({ state }) => (state === 'member' ? '在会' : '已退会')]
]
