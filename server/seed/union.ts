import writeSheet from 'write-excel-file/node'
import type { Village } from '../app.ts'
import type { Member } from '../members/member.ts'
import { learnerId, learnerName, learnerPhone, LEARNERS } from './learners.ts'
import { BRANCHES } from './lessons.ts'
import { DEMO_PEOPLE, HOSTS_PAPERS } from './people.ts'
import { madeUpId } from './papers.ts'

const DAY_MS = 86_400_000
const HEADINGS = ['姓名', '手机号', '身份证号', '支会', '入会日期', '文化程度']
const SCHOOLS = ['小学', '初中', '初中', '高中']

/** 红岛's branches, and everybody in them: brought in as a sheet, as an officer would. */
export async function gatherTheUnion({ school }: Village, officer: Member) {
  const union = await school.branches.save({
    parentId: '',
    name: '红岛渔家妇女联合会',
    officerId: officer.id
  })
  for (const village of BRANCHES) {
    await school.branches.save({ parentId: union.id, name: village, officerId: officer.id })
  }
  const women = Array.from({ length: LEARNERS }, (_, n) => [
    learnerName(n),
    phoneOf(n),
    madeUpId(learnerId(n), bornOn(n)),
    BRANCHES[n % BRANCHES.length]!,
    `20${String(10 + (n % 14))}-03-08`,
    SCHOOLS[n % SCHOOLS.length]!
  ])
  const sheet = await writeSheet(
    [HEADINGS, ...women].map((row) => row.map((value) => ({ value, type: String })))
  ).toBuffer()
  const { importId, bad, rows } = await school.imports.preview(officer, sheet)
  if (bad) throw new Error(`the demo's register: ${JSON.stringify(rows.find((row) => row.problem))}`)
  await school.imports.confirm(officer, importId)
}

const phoneOf = (n: number) => DEMO_PEOPLE.find(({ id }) => id === learnerId(n))?.phone ?? learnerPhone(n)

/** Between thirty-five and sixty-two years old; no two on the same day. */
const bornOn = (n: number) =>
  HOSTS_PAPERS[learnerId(n)]?.bornOn ??
  new Date(Date.UTC(1964, 1, 3) + n * 47 * DAY_MS).toISOString().slice(0, 10)
