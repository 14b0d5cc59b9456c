import type { RowProblem } from '../../shared/contracts/register.ts'
import { branchesByName, type Node } from './branch.ts'
import {
  readDay,
  readEducation,
  readIdNumber,
  readName,
  readPhone,
  type Education,
  type IdNumber
} from './person.ts'

/** What an upper union’s sheet of members says, row by row, and what would become of each row. Plain rules. */

/** Which headings mean what; the first of each is what our own template says. */
export const COLUMNS = {
  name: ['姓名', 'name'],
  phone: ['手机号', '手机', '手机号码', '电话', '联系电话', '联系方式', 'phone'],
  idNumber: ['身份证号', '身份证', '身份证号码', '证件号码', '公民身份号码', 'idnumber'],
  branch: ['支会', '所属支会', '所在支会', '支会名称', '单位', 'branch'],
  joinedOn: ['入会日期', '入会时间', '入会年月', 'joinedon'],
  education: ['文化程度', '学历', 'education']
} as const
export type Column = keyof typeof COLUMNS

const NAME_CHARS = 20

/** A row that was understood, or what is wrong with it. */
export interface Candidate {
  row: number
  name: string
  phone: string
  id?: IdNumber
  /** Empty where the sheet does not say. */
  branchId: string
  joinedOn: string
  education: Education
  /** As the sheet says it, to be found again there. */
  written: Record<'phone' | 'idNumber' | 'branch', string>
  problem: '' | RowProblem
}

/** Somebody whom the village knows already. */
export interface Known {
  memberId: string
  name: string
  phone: string
  inRegister: boolean
  /** Of her ID number; empty while nobody has written it down. */
  digest: string
}

export type Judged = { candidate: Candidate } & (
  | { verdict: 'new'; digest: string }
  | { verdict: 'known'; memberId: string; digest: string }
  | { verdict: 'duplicate' | 'conflict' | 'error'; problem: '' | RowProblem; meets: string }
)

/** Reads one row after another; days are days in the village. */
export function reader(branches: readonly Node[], today: string) {
  const branchCalled = branchesByName(branches)

  return ({
    row,
    cells,
    problem = ''
  }: {
    row: number
    cells: Record<Column, string>
    problem?: string
  }): Candidate => {
    const name = readName(cells.name)
    const phone = readPhone(cells.phone)
    const id = readIdNumber(cells.idNumber, today)
    const branch = branchCalled(cells.branch)
    const joinedOn = readDay(cells.joinedOn)
    const education = readEducation(cells.education)
    const [, trouble] = problem.split(':') // of the cell itself: a formula, or digits that Excel has lost
    const wrong = (): '' | RowProblem => {
      if (!name) return 'no_name'
      if (name.length > NAME_CHARS) return 'name_long'
      if (cells.phone && !phone) return 'bad_phone'
      if (cells.idNumber && !id) return 'bad_id_number'
      if (!phone && !id) return 'no_phone_no_id'
      if (cells.branch && !branch) return 'no_such_branch'
      if (branch === 'several') return 'branch_several'
      if (cells.joinedOn && !joinedOn) return 'bad_date'
      if (joinedOn && joinedOn > today) return 'bad_date'
      if (education === undefined) return 'bad_education'
      return ''
    }
    return {
      row,
      name,
      phone: phone ?? '',
      ...(id && { id }),
      branchId: branch && branch !== 'several' ? branch.id : '',
      joinedOn: joinedOn ?? '',
      education: education ?? '',
      written: { phone: cells.phone, idNumber: cells.idNumber, branch: cells.branch },
      problem: (trouble as RowProblem | undefined) ?? wrong()
    }
  }
}

/**
 * What would become of each row. An ID number says who she is; a phone does so only where the name agrees, for a mother
 * and her daughter may share one.
 */
export function judge(
  candidates: readonly Candidate[],
  {
    byDigest,
    byPhone,
    digestOf
  }: {
    byDigest: ReadonlyMap<string, Known>
    byPhone: ReadonlyMap<string, Known>
    digestOf: (idNumber: string) => string
  }
): Judged[] {
  const seen = new Map<string, number>()

  return candidates.map((candidate): Judged => {
    const { row, name, phone, id, branchId, problem } = candidate
    if (problem) return { candidate, verdict: 'error', problem, meets: '' }
    const digest = id ? digestOf(id.number) : ''
    const [byHerId, byHerPhone] = [byDigest.get(digest), phone ? byPhone.get(phone) : undefined]
    const known = byHerId ?? byHerPhone

    const keys = [digest && `id:${digest}`, phone && `phone:${phone}`].filter(Boolean)
    const repeats = (row: number): Judged => ({
      candidate,
      verdict: 'duplicate',
      problem: '',
      meets: String(row)
    })
    const earlier = keys.map((key) => seen.get(key)).find(Boolean)
    if (earlier) return repeats(earlier)

    const conflict = (because: RowProblem, { name: meets }: Known): Judged => ({
      candidate,
      verdict: 'conflict',
      problem: because,
      meets
    })
    if (byHerId && byHerPhone && byHerId.memberId !== byHerPhone.memberId)
      return conflict('phone_taken', byHerPhone)
    if (!byHerId && byHerPhone?.inRegister) {
      if (digest && byHerPhone.digest) return conflict('id_differs', byHerPhone)
      if (byHerPhone.name !== name) return conflict('name_differs', byHerPhone)
    }
    const sameWoman = known && seen.get(`member:${known.memberId}`)
    if (sameWoman) return repeats(sameWoman)
    if (!branchId && !known?.inRegister)
      return { candidate, verdict: 'error', problem: 'no_branch', meets: '' }

    if (known) keys.push(`member:${known.memberId}`)
    for (const key of keys) seen.set(key, row)
    return known
      ? { candidate, verdict: 'known', memberId: known.memberId, digest }
      : { candidate, verdict: 'new', digest }
  })
}
