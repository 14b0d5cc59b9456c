/** A roster as a sheet says it, row by row, before anything is written. */
export interface SheetRow {
  /** As the sheet counts: the heading is row 1. */
  row: number
  name: string
  phone: string
  /** What the sheet itself makes unusable: `phone:formula`. */
  problem?: string | undefined
}

export type Verdict = 'new' | 'known' | 'booked' | 'duplicate' | 'error'
export type JudgedRow = Required<Omit<SheetRow, 'problem'>> & { verdict: Verdict; problem: string }

const NAME_CHARS = 20

/** As people write it: 138-0013 8000, +86 138…. */
export const phoneOf = (text: string) =>
  text.replace(/[\s\-–—()（）]/g, '').replace(/^(\+?86|0086)(?=1\d{10}$)/, '')

/** Which field is wrong and why; empty where nothing is. */
export function faultOf({ name, phone, problem }: SheetRow): string {
  if (problem) return problem
  if (!name) return 'name:missing'
  if (name.length > NAME_CHARS) return 'name:long'
  if (!phone) return 'phone:missing'
  return /^1[3-9]\d{9}$/.test(phone) ? '' : 'phone:wrong'
}

/**
 * What would happen to each row. `known`: whose phones the union knows, under which name, and whether she has booked. A
 * name that differs is only pointed out: people call themselves what they like, and families share a phone.
 */
export function judge(
  rows: readonly SheetRow[],
  known: ReadonlyMap<string, { name: string; booked: boolean }>
): JudgedRow[] {
  const seen = new Set<string>()
  return rows.map(({ row, ...rest }): JudgedRow => {
    const one = { row, name: rest.name.trim(), phone: phoneOf(rest.phone) }
    const fault = faultOf({ ...one, problem: rest.problem })
    if (fault) return { ...one, verdict: 'error', problem: fault }
    if (seen.has(one.phone)) return { ...one, verdict: 'duplicate', problem: 'phone:duplicate' }
    seen.add(one.phone)
    const before = known.get(one.phone)
    if (!before) return { ...one, verdict: 'new', problem: '' }
    const problem = before.name === one.name ? '' : 'name:differs'
    return { ...one, verdict: before.booked ? 'booked' : 'known', problem }
  })
}

export const good = ({ verdict }: Pick<JudgedRow, 'verdict'>) => verdict === 'new' || verdict === 'known'
