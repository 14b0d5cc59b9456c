import type { Delivery } from '../../shared/contracts/freight.ts'
import { dayOf, DAY_MS } from '../../shared/day.ts'

const TEMP_WORDS: Record<string, string> = { ambient: '常温', chilled: '冷藏', frozen: '冷冻' }
const WARNING_WORDS = { far: '路上时间长，到了请马上收', hot: '那边天热，到了请马上收' }

/** A delivery in one sentence, for a note or a label. */
export function deliveryWords(
  { tempClass, cutoffMinute, leavesAt, province, hours, warnings }: Omit<Delivery, 'words'>,
  now: number
) {
  const day = dayWord(leavesAt, now)
  const leaves = cutoffMinute && day === '今天' ? `${clockWord(cutoffMinute)}前付款，今天发` : `${day}发`
  return [
    `${TEMP_WORDS[tempClass] ?? ''}发货`,
    leaves,
    `到${province}路上约 ${hours} 小时（估计）`,
    ...warnings.map((warning) => WARNING_WORDS[warning])
  ].join('，')
}

/** 960 → 16:00 */
export const clockWord = (minute: number) =>
  `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`

function dayWord(at: number, now: number) {
  if (dayOf(at) === dayOf(now)) return '今天'
  if (dayOf(at) === dayOf(now + DAY_MS)) return '明天'
  const [, month, day] = dayOf(at).split('-')
  return `${Number(month)} 月 ${Number(day)} 日`
}
