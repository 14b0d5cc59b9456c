import { GatewayRefused, MAX_LISTED, type Listed } from './gateway.ts'
import { fenOfYuan } from './yuan.ts'

const TRADE = '支付宝交易号'

/**
 * 业务明细 (《查询对账单下载地址》, bill_type trade): notes that begin with #, a line of headings, a line of each payment and
 * refund. The other file in the zip only adds up, and is known by its headings. Both are in GBK.
 */
export function alipayListed(files: readonly Buffer[]): Listed[] {
  const details = files
    .map((file) => linesOf(new TextDecoder('gbk').decode(file)))
    .find((lines) => valuesOf(lines[0] ?? '').includes(TRADE))
  if (!details) throw new Error('支付宝’s list of the day is not among its files')
  const [heads = '', ...lines] = details
  if (lines.length > MAX_LISTED) throw new GatewayRefused('too much for one list')
  const names = valuesOf(heads)
  return lines.map((line) => {
    const values = valuesOf(line)
    if (values.length !== names.length)
      throw new Error('支付宝’s list of the day has a line of another length')
    return listedOf((name) => {
      const at = names.indexOf(name)
      if (at === -1) throw new Error(`支付宝’s list of the day has no ${name}`)
      return values[at]!
    })
  })
}

const linesOf = (text: string) => text.split(/\r?\n/).filter((line) => line.trim() && !line.startsWith('#'))

/** Excel takes long numbers for numbers unless a tab stands behind them. */
const valuesOf = (line: string) => splitCsv(line).map((value) => value.trim())

/** A value with a comma stands in quotes, and a quote in it is doubled. */
function splitCsv(line: string): string[] {
  const values: string[] = []
  const pattern = /(?:"((?:[^"]|"")*)"\s*|([^",][^,]*|))(?:,|$)/gy
  while (pattern.lastIndex <= line.length) {
    const found = pattern.exec(line)
    if (!found) throw new Error('支付宝’s list of the day is torn')
    values.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '')
    if (!found[0].endsWith(',')) break
  }
  return values
}

function listedOf(value: (name: string) => string): Listed {
  const amountFen = Math.abs(fenOfYuan(value('订单金额（元）')))
  const ref = value(TRADE)
  switch (value('业务类型')) {
    case '交易':
      return { kind: 'payment', id: value('商户订单号'), ref, amountFen }
    case '退款': {
      const id = value('退款批次号/请求号')
      return { kind: 'refund', id, ref: `${ref}/${id}`, amountFen }
    }
    default:
      throw new Error(`支付宝’s list of the day knows a kind that we do not: ${value('业务类型')}`)
  }
}
