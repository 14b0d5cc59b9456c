import type { Debrief } from '../../shared/contracts/debriefs.ts'
import { MINUTE_MS } from './debrief.ts'

/** The debrief as a sheet: a line a minute, and the sums of the order table below. */

/** Excel takes a file for what an office had in 1995 unless it begins so. */
const UTF8_MARK = '\uFEFF'

const HEADINGS = ['分钟', '时刻', '在看', '说话', '下单', '付款', '付款金额（元）', '讲解', '发券', '问题']

export function csvOf(debrief: Debrief, timeOf: (at: number) => string, harmless: (text: string) => string) {
  const { minutes, marks, orders, show, mine, afterwards } = debrief
  const inMinute = (i: number, kind: Debrief['marks'][number]['kind']) =>
    marks.filter((mark) => mark.kind === kind && Math.floor(mark.atMs / MINUTE_MS) === i)
  const words = (i: number, kind: 'pin' | 'question') =>
    inMinute(i, kind)
      .map(({ text }) => text)
      .join('；')
  const inMinutes = (of: (minute: Debrief['minutes'][number]) => number) =>
    minutes.reduce((all, minute) => all + of(minute), 0)
  const rows: (string | number)[][] = [
    [show.title, show.host.name, timeOf(show.startsAt), debrief.countsTest ? '演示订单' : ''],
    HEADINGS,
    ...minutes.map(({ viewers, lines, orders: ordered, paid, paidFen }, i) => [
      i + 1,
      timeOf(show.openedAt + i * MINUTE_MS),
      viewers < 0 ? '' : viewers,
      lines,
      ordered,
      paid,
      yuan(paidFen),
      words(i, 'pin'),
      inMinute(i, 'coupon').length || '',
      words(i, 'question')
    ]),
    [
      '直播中以外',
      '',
      '',
      '',
      afterwards,
      orders.paid - inMinutes(({ paid }) => paid),
      yuan(orders.paidFen - inMinutes(({ paidFen }) => paidFen)),
      '',
      '',
      ''
    ],
    [
      '合计',
      '',
      mine.peak,
      inMinutes(({ lines }) => lines),
      orders.ordered,
      orders.paid,
      yuan(orders.paidFen),
      '',
      '',
      ''
    ],
    ['没付款', orders.unpaid, '金额（元）', yuan(orders.unpaidFen)],
    ['退款', orders.refunded, '金额（元）', yuan(orders.refundedFen)]
  ]
  return (
    UTF8_MARK + rows.map((row) => row.map((cell) => quoted(cell, harmless)).join(',')).join('\r\n') + '\r\n'
  )
}

const yuan = (fen: number) => (fen / 100).toFixed(2)

/** A title that begins like a formula must not become one on the office's machine. */
function quoted(cell: string | number, harmless: (text: string) => string) {
  if (typeof cell === 'number' || /^-?\d+(\.\d+)?$/.test(cell)) return String(cell)
  const text = harmless(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
