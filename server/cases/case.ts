import type { CaseKind, CaseState } from '../../shared/contracts/cases.ts'
import { endOfDay } from '../../shared/day.ts'
import type { ProblemCode } from '../../shared/problems.ts'

/** What the union promises: an answer before the village’s day ends, so many days after she asked. */
export const ANSWER_WITHIN_DAYS: Record<CaseKind, number> = {
  join: 7,
  transfer: 7,
  leave: 7,
  document: 3,
  compensation: 2
}

/** What one case may hold before its decision; then it is time to talk to each other. */
export const LINES = 100

export interface Case {
  kind: CaseKind
  openedBy: string
  state: CaseState
  waiting: boolean
  dueAt: number
  version: number
}

export const dueAtOf = (kind: CaseKind, openedAt: number) => endOfDay(openedAt, ANSWER_WITHIN_DAYS[kind])

/** A case is overdue while she still waits; what was answered late is answered. */
export const isOverdue = ({ waiting, dueAt }: Case, now: number) => waiting && now > dueAt

/** Of these a member may have several at once, one for each thing they are about. */
const BY_SUBJECT: readonly CaseKind[] = ['document', 'compensation']

/** One open case of a kind for each woman; of documents and bad goods one for each of them. */
export const openKeyOf = (kind: CaseKind, memberId: string, subjectId: string) =>
  BY_SUBJECT.includes(kind) ? `${kind}:${memberId}:${subjectId}` : `${kind}:${memberId}`

/** Why this officer may not decide what she saw as `version`; undefined: she may. */
export function whyNotDecide(each: Case, officerId: string, version: number): ProblemCode | undefined {
  if (each.openedBy === officerId) return 'case_own'
  if (!each.waiting) return 'case_closed'
  if (each.version !== version) return 'case_changed'
  return undefined
}

type Form = Record<string, string>

/** PostgreSQL keeps the names of an object in an order of its own; here is the one in which she was asked. */
const ORDER = '_order'

export const inOrder = (form: Form): Form => ({ ...form, [ORDER]: Object.keys(form).join('\n') })

/**
 * What was asked, as it may be shown. Names that begin with `_` are between the one who opened the case and the one who
 * carries it out: what is sealed, and ids.
 */
export const shownForm = (form: Form) =>
  (form[ORDER]?.split('\n') ?? Object.keys(form))
    .map((name) => ({ name, value: form[name] ?? '' }))
    .filter(({ name, value }) => !name.startsWith('_') && value !== '')

/** What a closed case keeps: only what anybody may see of it. What was sealed in it has done its work. */
export const onceClosed = (form: Form): Form =>
  inOrder(Object.fromEntries(shownForm(form).map(({ name, value }) => [name, value])))
