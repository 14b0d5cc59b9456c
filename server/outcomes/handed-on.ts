import writeSheet, { type SheetData } from 'write-excel-file/node'
import type { Answer } from '../../shared/contract.ts'
import type { getOutcomes, OutcomePerson, Step } from '../../shared/contracts/outcomes.ts'
import { ZONE } from '../clock.ts'
import { harmless } from '../sheets/sheets.ts'
import { MEANING } from './outcome.ts'

const NAMES: Record<Step, string> = {
  enrolled: '报名',
  attended: '到课',
  rehearsed: '彩排',
  licensed: '持证',
  first_show: '首播',
  first_1000: '首个一千元',
  successful: '成功主播'
}

const head = (...words: string[]) =>
  words.map((value) => ({ value, type: String, fontWeight: 'bold' as const }))
const text = (value: string) => ({ value: harmless(value), type: String })
const number = (value: number) => ({ value, type: Number })
const day = (at: number) => new Intl.DateTimeFormat('en-CA', { timeZone: ZONE }).format(at)

/** The board as the union hands it on: the numbers with what they mean, and everybody behind them. Text stays text. */
export function outcomeSheet({
  board,
  lists
}: {
  board: Answer<typeof getOutcomes>
  lists: { step: Step; people: OutcomePerson[] }[]
}): Promise<Buffer> {
  const numbers: SheetData = [
    head('步骤', '人数', '女性', '男性', '口径'),
    ...board.steps.map(({ step, people, women, men }) => [
      text(NAMES[step]),
      number(people),
      number(women),
      number(men),
      text(MEANING[step])
    ]),
    [text('开课'), number(board.classes)],
    [text('签到人次'), number(board.attendances)],
    [text('发证'), number(board.certificates)],
    [text('成功主播的标准'), text(`公开直播 ${board.successShows} 场，实付 ${board.successFen / 100} 元`)],
    ...(board.countsTest ? [[text('说明'), text('演示：金额包含演示收银台的付款')]] : [])
  ]
  const people: SheetData = [
    head('步骤', '姓名', '支会', '日期'),
    ...lists.flatMap(({ step, people: each }) =>
      each.map(({ name, branchName, at }) => [text(NAMES[step]), text(name), text(branchName), text(day(at))])
    )
  ]
  return writeSheet([
    { data: numbers, sheet: '成效板', columns: [{ width: 16 }, {}, {}, {}, { width: 60 }] },
    { data: people, sheet: '名单', columns: [{ width: 14 }, { width: 14 }, { width: 20 }, { width: 14 }] }
  ]).toBuffer()
}
