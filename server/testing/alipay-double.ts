import { sign, verify } from 'node:crypto'
import { dayOf } from '../../shared/day.ts'
import type { Clock } from '../clock.ts'
import { zipOf } from '../sheets/testing.ts'
import { gatewayServer, keyPair, type Reply, type Request, type Weather } from './gateway-server.ts'

const APP_ID = '2021000000000001'
const SELLER_ID = '2088000000000001'
const PRODUCTS: Partial<Record<string, string>> = {
  'alipay.trade.page.pay': 'FAST_INSTANT_TRADE_PAY',
  'alipay.trade.wap.pay': 'QUICK_WAP_WAY'
}
/** 业务明细. */
const HEADS =
  '支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注'
const SUMS = '门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）'

interface Trade {
  no: string
  tradeNo: string
  total: string
  state: 'WAIT_BUYER_PAY' | 'TRADE_SUCCESS' | 'TRADE_CLOSED'
  expiresAt: number
  paidAt: number
}

interface Refund {
  no: string
  tradeNo: string
  outTradeNo: string
  fen: number
  at: number
}

class No extends Error {
  readonly sub: string
  readonly code: string
  constructor(sub: string, message: string, code = '40004') {
    super(message)
    this.sub = sub
    this.code = code
  }
}

const ours = keyPair()
const theirs = keyPair()

export type AlipayDouble = Awaited<ReturnType<typeof alipayDouble>>

/**
 * 支付宝 as far as we use it: its page, queries, refunds, the list of a day in a zip of GBK. It knows of a trade only once
 * a buyer has brought our signed words to its page, checks every signature, and signs what it answers and tells.
 */
export async function alipayDouble(clock: Clock) {
  const trades = new Map<string, Trade>()
  const refunds: Refund[] = []
  const bills = new Map<string, Buffer>()
  let made = 0
  let spoil = (reply: Reply): Reply => reply
  const server = await gatewayServer((request) => spoil(answer(request)))

  function answer({ url, body }: Request): Reply {
    if (url.pathname === '/bill') return { status: 200, body: bills.get(url.search)! }
    const method = url.searchParams.get('method') ?? ''
    const name = `${method.replaceAll('.', '_')}_response`
    let said: object
    try {
      said = { code: '10000', msg: 'Success', ...run(method, checked(url, body)) }
    } catch (error) {
      if (!(error instanceof No)) throw error
      said = { code: error.code, msg: 'Business Failed', sub_code: error.sub, sub_msg: error.message }
    }
    const words = JSON.stringify(said)
    const headers = { 'content-type': 'text/html;charset=utf-8' }
    return { status: 200, headers, body: `{"${name}":${words},"sign":"${signatureOf(words)}"}` }
  }

  const signatureOf = (words: string) =>
    sign('RSA-SHA256', Buffer.from(words), theirs.privateKey).toString('base64')

  function checked(url: URL, body: string): Biz {
    const words = Object.fromEntries([...url.searchParams, ...new URLSearchParams(body)])
    const { sign: signature = '', ...rest } = words
    const genuine =
      rest.app_id === APP_ID &&
      rest.sign_type === 'RSA2' &&
      rest.charset === 'utf-8' &&
      rest.version === '1.0' &&
      verify('RSA-SHA256', Buffer.from(sorted(rest)), ours.publicKey, Buffer.from(signature, 'base64'))
    if (!genuine) throw new No('isv.invalid-signature', '验签出错', '40002')
    return JSON.parse(rest.biz_content!) as Biz
  }

  function run(method: string, biz: Biz): object {
    switch (method) {
      case 'alipay.trade.query':
        return shown(tradeOf(biz.out_trade_no!))
      case 'alipay.trade.close': {
        const trade = tradeOf(biz.out_trade_no!)
        if (trade.state !== 'WAIT_BUYER_PAY') throw new No('ACQ.TRADE_STATUS_ERROR', '交易状态不合法')
        trade.state = 'TRADE_CLOSED'
        return { out_trade_no: trade.no, trade_no: trade.tradeNo }
      }
      case 'alipay.trade.refund':
        return paidBack(tradeOf(biz.out_trade_no!), biz)
      case 'alipay.trade.fastpay.refund.query': {
        const found = refunds.find(({ no }) => no === biz.out_request_no)
        return found ? { refund_status: 'REFUND_SUCCESS', refund_amount: plainYuan(found.fen) } : {}
      }
      case 'alipay.data.dataservice.bill.downloadurl.query':
        return billOf(biz.bill_date!)
      default:
        throw new No('isv.invalid-method', '不存在的方法名', '40002')
    }
  }

  function tradeOf(no: string): Trade {
    const trade = trades.get(no)
    if (!trade) throw new No('ACQ.TRADE_NOT_EXIST', '交易不存在')
    if (trade.state === 'WAIT_BUYER_PAY' && trade.expiresAt <= clock.now()) trade.state = 'TRADE_CLOSED'
    return trade
  }

  const shown = ({ no, tradeNo, total, state, paidAt }: Trade) => ({
    out_trade_no: no,
    trade_no: tradeNo,
    total_amount: total,
    trade_status: state,
    // Braces and quotes in words of people are no end of anything.
    buyer_logon_id: '“}{\\" 李梅',
    ...(paidAt && { send_pay_date: moment(paidAt) })
  })

  function paidBack(trade: Trade, { refund_amount = '', out_request_no: no = '' }: Biz) {
    const fen = Math.round(Number(refund_amount) * 100)
    const known = refunds.find((each) => each.no === no)
    if (known && known.fen !== fen) throw new No('ACQ.DISCORDANT_REPEAT_REQUEST', '请求号重复，金额不一致')
    if (!trade.paidAt) throw new No('ACQ.TRADE_STATUS_ERROR', '交易状态不合法')
    if (!known && (!/^\d+\.\d\d$/.test(refund_amount) || refundedFen(trade) + fen > fenOf(trade)))
      throw new No('ACQ.REFUND_AMT_NOT_EQUAL_TOTAL', '退款金额超限')
    if (!known) takeBack(trade, no, fen)
    return {
      fund_change: known ? 'N' : 'Y',
      refund_fee: plainYuan(refundedFen(trade)),
      out_trade_no: trade.no,
      trade_no: trade.tradeNo
    }
  }

  function takeBack(trade: Trade, no: string, fen: number): Refund {
    const refund = { no, tradeNo: trade.tradeNo, outTradeNo: trade.no, fen, at: clock.now() }
    refunds.push(refund)
    if (refundedFen(trade) === fenOf(trade)) trade.state = 'TRADE_CLOSED'
    return refund
  }

  const refundedFen = ({ no }: Trade) =>
    refunds.filter(({ outTradeNo }) => outTradeNo === no).reduce((sum, { fen }) => sum + fen, 0)

  function billOf(day: string) {
    const lines = [
      ...[...trades.values()]
        .filter(({ paidAt }) => paidAt && dayOf(paidAt) === day)
        .map(({ no, tradeNo, total }) => line(tradeNo, no, '交易', total, '')),
      ...refunds
        .filter(({ at }) => dayOf(at) === day)
        .map(({ no, tradeNo, outTradeNo, fen }) => line(tradeNo, outTradeNo, '退款', plainYuan(-fen), no))
    ]
    if (!lines.length) throw new No('isp.bill_not_exist', '账单不存在')
    const notes = [`#支付宝业务明细查询`, `#账号：[${SELLER_ID}0156]`, '#-----业务明细列表----']
    const detail = [...notes, HEADS, ...lines, '#-----业务明细列表结束----', ''].join('\r\n')
    const sums = ['#支付宝业务汇总查询', SUMS, ',,1,0,0.00,0.00', ''].join('\r\n')
    const search = `?bizDates=${day}&fileId=${++made}`
    bills.set(
      search,
      zipOf({ [`${SELLER_ID}_业务明细(汇总).csv`]: gbk(sums), [`${SELLER_ID}_业务明细.csv`]: gbk(detail) })
    )
    return { bill_download_url: `${server.base}/bill${search}` }
  }

  const line = (tradeNo: string, no: string, kind: string, yuan: string, request: string) =>
    [
      `${tradeNo}\t`,
      `${no}\t`,
      kind,
      '"蛤蜊, ""三斤"""',
      '2026-11-22 08:00:00',
      '2026-11-22 08:00:10',
      ',,,,李梅(150******00)',
      yuan,
      yuan,
      '0.00,0.00,0.00,0.00,0.00,,0.00,0.00',
      `${request}\t`,
      '-0.24,0.00,'
    ].join(',')

  /** What it would send about a trade now, signed. */
  function told(trade: Trade, more: Record<string, string>, at = clock.now(), id = `ac05${++made}`) {
    const words: Record<string, string> = {
      notify_time: moment(at),
      notify_type: 'trade_status_sync',
      notify_id: id,
      app_id: APP_ID,
      seller_id: SELLER_ID,
      charset: 'utf-8',
      version: '1.0',
      trade_no: trade.tradeNo,
      out_trade_no: trade.no,
      trade_status: trade.state,
      total_amount: trade.total,
      subject: '渔家直播 订单 & 空 格+号',
      ...(trade.paidAt && { gmt_payment: moment(trade.paidAt) }),
      ...more
    }
    const all = { ...words, sign: signatureOf(sorted(words)), sign_type: 'RSA2' }
    const headers = { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' }
    return { payload: new URLSearchParams(all).toString(), headers }
  }

  /** She comes to its page with the words that we signed; throws where its page would say no. */
  function visit(address: string): Trade {
    const url = new URL(address)
    const biz = checked(url, '')
    const method = url.searchParams.get('method') ?? ''
    if (biz.product_code !== PRODUCTS[method]) throw new Error('not a page of 支付宝')
    const known = trades.get(biz.out_trade_no!)
    const expiresAt = Date.parse(`${biz.time_expire!.replace(' ', 'T')}+08:00`)
    if (!known && expiresAt <= clock.now()) throw new Error('too late to begin')
    const trade = known ?? {
      no: biz.out_trade_no!,
      tradeNo: `20261122${String(++made).padStart(20, '0')}`,
      total: biz.total_amount!,
      state: 'WAIT_BUYER_PAY' as const,
      expiresAt,
      paidAt: 0
    }
    trades.set(trade.no, trade)
    return trade
  }

  return {
    settings: {
      appId: APP_ID,
      sellerId: SELLER_ID,
      privateKey: ours.privateKey,
      publicKey: theirs.publicKey,
      apiBase: `${server.base}/gateway.do`
    },
    trades,
    refunds,
    asked: server.asked,
    set weather(now: Weather) {
      server.weather = now
    },
    set spoil(how: typeof spoil) {
      spoil = how
    },
    visit,
    /** The buyer pays on its page, however late. */
    pay(no: string) {
      const trade = trades.get(no)!
      trade.state = 'TRADE_SUCCESS'
      trade.paidAt = clock.now()
    },
    payBackAtDesk: (no: string, fen: number) => takeBack(trades.get(no)!, `desk${++made}`, fen),
    /** What it tells of a trade as it stands, or as a test says. */
    told: (no: string, more: Record<string, string> = {}, at?: number, id?: string) =>
      told(trades.get(no)!, more, at, id),
    /** What it tells of a refund: all that went back so far. */
    refunded: (no: string) => {
      const trade = trades.get(no)!
      return told(trade, {
        refund_fee: plainYuan(refundedFen(trade)),
        gmt_refund: `${moment(clock.now())}.000`
      })
    },
    close: () => server.close()
  }
}

interface Biz {
  out_trade_no?: string
  total_amount?: string
  product_code?: string
  time_expire?: string
  refund_amount?: string
  out_request_no?: string
  bill_date?: string
}

const sorted = (words: Record<string, string>) =>
  Object.keys(words)
    .filter((name) => words[name])
    .toSorted()
    .map((name) => `${name}=${words[name]}`)
    .join('&')

const moment = (at: number) => new Date(at + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')

const plainYuan = (fen: number) => (fen / 100).toFixed(2)
const fenOf = ({ total }: Trade) => Math.round(Number(total) * 100)

let toGbk: Map<string, Buffer> | undefined

/** Nothing in Node writes GBK; what it reads can be turned round. */
function gbk(text: string): Buffer {
  toGbk ??= new Map(
    Array.from({ length: 0x7e * 0xbf }, (_, n) => {
      const bytes = Buffer.from([0x81 + Math.floor(n / 0xbf), 0x40 + (n % 0xbf)])
      return [new TextDecoder('gbk').decode(bytes), bytes] as const
    })
  )
  return Buffer.concat(Array.from(text, (sign) => (sign < '\x80' ? Buffer.from(sign) : toGbk!.get(sign)!)))
}
