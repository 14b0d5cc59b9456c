import type { EDUCATION } from '../../shared/contracts/register.ts'
import { bornOn, isIdNumber, sexOf } from '../../shared/id-number.ts'

/** Who somebody is, as papers and sheets say it, and what may be shown of that. */

export type Sex = 'f' | 'm'
export type Education = (typeof EDUCATION)[number]

export interface IdNumber {
  /** Eighteen signs; the last may be an X, never an x. */
  number: string
  bornOn: string
  sex: Sex
}

/** Nobody who could join was born before. */
const FIRST_DAY = '1900-01-01'

/** Undefined where a sign must be wrong: the last one checks the others, and she was born on a day that there was. */
export function readIdNumber(written: string, today: string): IdNumber | undefined {
  const number = written.normalize('NFKC').replace(/\s/g, '').toUpperCase()
  if (!isIdNumber(number)) return undefined
  const born = bornOn(number)
  if (born < FIRST_DAY || born > today) return undefined
  return { number, bornOn: born, sex: sexOf(number) }
}

/** 3702**********1234: enough to tell two women apart, too little to be her. */
export const maskedId = (number: string) => number && `${number.slice(0, 4)}**********${number.slice(-4)}`

/** Full years on a day: on the birthday itself she is a year older. */
export function ageOn(bornOn: string, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(bornOn.slice(0, 4))
  return day.slice(5) < bornOn.slice(5) ? years - 1 : years
}

/** Whether a day with this date was or will be. */
export function isDay(day: string): boolean {
  const at = Date.parse(`${day}T00:00:00Z`)
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(at) && new Date(at).toISOString().startsWith(day)
}

/** A day as people write it in a sheet: 2019年3月8日, 2019/3/8, 2019.03.08, 20190308; a month is its first day. */
export function readDay(written: string): string | undefined {
  const text = written.normalize('NFKC').replace(/\s/g, '')
  const found =
    /^(\d{4})[年./-](\d{1,2})(?:[月./-](?:(\d{1,2})日?)?)?$/.exec(text) ??
    /^(\d{4})(\d{2})(\d{2})$/.exec(text)
  if (!found) return undefined
  const [, year = '', month = '', date = '1'] = found
  const day = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`
  return isDay(day) ? day : undefined
}

/** Two-sign names are written with a gap in many sheets, so that they stand as wide as the others. */
export const readName = (written: string) =>
  written.trim().replace(/(?<=\p{Script=Han})\s+(?=\p{Script=Han})/gu, '')

/** A mobile number as people write it: with blanks, dashes, or the country’s number in front. */
export function readPhone(written: string): string | undefined {
  const digits = written
    .normalize('NFKC')
    .replace(/[\s()-]/g, '')
    .replace(/^(\+86|0086|86(?=1\d{10}$))/, '')
  return /^1[3-9]\d{9}$/.test(digits) ? digits : undefined
}

const SCHOOLS: [Education, RegExp][] = [
  ['college', /大专|专科|高职|本科|大学|学士|硕士|博士|研究生/],
  ['senior', /高中|中专|中技|技校|职高|职中/],
  ['junior', /初中|中学/],
  ['primary', /小学|文盲|无/]
]

/** How long she went to school, as a sheet says it; undefined for words that we do not know. */
export function readEducation(written: string): Education | undefined {
  if (!written) return ''
  return SCHOOLS.find(([, words]) => words.test(written))?.[0]
}

export const EDUCATION_WORDS: Record<Education, string> = {
  '': '',
  primary: '小学',
  junior: '初中',
  senior: '高中',
  college: '大专及以上'
}
