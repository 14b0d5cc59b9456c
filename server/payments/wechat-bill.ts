import { MAX_LISTED, GatewayRefused, type Listed } from './gateway.ts'
import { fenOfYuan } from './yuan.ts'

/**
 * 交易账单 (《下载账单·产品介绍》): a line of headings, a line of each payment and refund with a ` before every value, a
 * line of other headings, a line of sums. Found by their headings, since they have grown in number before.
 */
export function wechatListed(file: string): Listed[] {
  const [heads = '', ...lines] = file.replace(/^\uFEFF/, '').split(/\r?\n/)
  const names = heads.split(',')
  const end = lines.findIndex((line) => !line.startsWith('`'))
  if (end === -1) throw new Error('微信支付’s list of the day is torn')
  if (end > MAX_LISTED) throw new GatewayRefused('too much for one list')
  return lines.slice(0, end).flatMap((line) => {
    const values = line.slice(1).split(',`')
    if (values.length !== names.length)
      throw new Error('微信支付’s list of the day has a line of another length')
    return listedOf((name) => {
      const at = names.indexOf(name)
      if (at === -1) throw new Error(`微信支付’s list of the day has no ${name}`)
      return values[at]!.trim()
    })
  })
}

function listedOf(value: (name: string) => string): Listed[] {
  // Another currency is no sum of ours, so that it never agrees.
  const fen = (name: string) => (value('货币种类') === 'CNY' ? fenOfYuan(value(name)) : 0)
  switch (value('交易状态')) {
    case 'SUCCESS':
      return [
        { kind: 'payment', id: value('商户订单号'), ref: value('微信订单号'), amountFen: fen('订单金额') }
      ]
    case 'REFUND':
    case 'REVOKED':
      // One that failed or was taken back moved no money.
      return ['FAIL', 'CLOSED'].includes(value('退款状态'))
        ? []
        : [
            {
              kind: 'refund',
              id: value('商户退款单号'),
              ref: value('微信退款单号'),
              amountFen: fen('申请退款金额')
            }
          ]
    default:
      throw new Error(`微信支付’s list of the day knows a state that we do not: ${value('交易状态')}`)
  }
}
