import { createCipheriv, createHash, randomBytes, sign, verify } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { dayOf } from '../../shared/day.ts'
import type { Clock } from '../clock.ts'
import { gatewayServer, keyPair, type Reply, type Request, type Weather } from './gateway-server.ts'

const MCHID = '1900000001'
const APPID = 'wxd678efh567hg6787'
const SERIAL = '444F4864EA9B34415FAKE'
const PUBLIC_KEY_ID = 'PUB_KEY_ID_0119000000012024'
const API_V3_KEY = 'k'.repeat(32)
const SCHEME = 'WECHATPAY2-SHA256-RSA2048'

/** 交易账单 of bill_type ALL. */
const HEADS =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注'
const SUMS = '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额'

interface Trade {
  words: string
  type: 'NATIVE' | 'MWEB'
  no: string
  transactionId: string
  total: number
  state: 'NOTPAY' | 'SUCCESS' | 'CLOSED'
  expiresAt: number
  paidAt: number
}

interface Refund {
  id: string
  no: string
  transactionId: string
  tradeNo: string
  fen: number
  total: number
  status: string
  at: number
}

class No extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

const ours = keyPair()
const theirs = keyPair()

export type WechatDouble = Awaited<ReturnType<typeof wechatDouble>>

/**
 * 微信支付 APIv3 as far as we use it. It is strict where the real one is: a request with a wrong or old signature, other
 * words under a known number, more back than was paid; and it signs what it answers and tells.
 */
export async function wechatDouble(clock: Clock) {
  const trades = new Map<string, Trade>()
  const refunds: Refund[] = []
  const bills = new Map<string, Buffer>()
  let made = 0
  let status = 'SUCCESS'
  let spoil = (reply: Reply): Reply => reply
  const server = await gatewayServer((request) => spoil(answer(request)))

  function answer(request: Request): Reply {
    const { pathname, searchParams } = request.url
    try {
      checkSignature(request)
      // A file is the only answer that nobody signs.
      if (pathname === '/v3/billdownload/file')
        return { status: 200, body: bills.get(searchParams.get('token')!)! }
      const said = run(request)
      return signed(said === undefined ? 204 : 200, said === undefined ? '' : JSON.stringify(said))
    } catch (error) {
      if (!(error instanceof No)) throw error
      return signed(error.status, JSON.stringify({ code: error.code, message: error.message }))
    }
  }

  function checkSignature({ method, url, body, header }: Request) {
    const parts = new Map(
      [...header('authorization').matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value!])
    )
    const timestamp = parts.get('timestamp') ?? ''
    const words = `${method}\n${url.pathname}${url.search}\n${timestamp}\n${parts.get('nonce_str')}\n${body}\n`
    const genuine =
      header('authorization').startsWith(`${SCHEME} `) &&
      parts.get('mchid') === MCHID &&
      parts.get('serial_no') === SERIAL &&
      Math.abs(clock.now() / 1000 - Number(timestamp)) < 300 &&
      verify(
        'RSA-SHA256',
        Buffer.from(words),
        ours.publicKey,
        Buffer.from(parts.get('signature') ?? '', 'base64')
      )
    if (!genuine) throw new No(401, 'SIGN_ERROR', '签名错误')
    if (!header('user-agent') || !header('accept')) throw new No(400, 'PARAM_ERROR', '缺少请求头')
  }

  const signed = (status: number, body: string): Reply => ({
    status,
    body,
    headers: { 'content-type': 'application/json', ...signatureOf(body) }
  })

  function signatureOf(body: string, at = clock.now()): Record<string, string> {
    const timestamp = String(Math.floor(at / 1000))
    const nonce = randomBytes(16).toString('hex')
    const signature = sign('RSA-SHA256', Buffer.from(`${timestamp}\n${nonce}\n${body}\n`), theirs.privateKey)
    return {
      'wechatpay-timestamp': timestamp,
      'wechatpay-nonce': nonce,
      'wechatpay-signature': signature.toString('base64'),
      'wechatpay-serial': PUBLIC_KEY_ID
    }
  }

  function run({ method, url: { pathname, searchParams }, body }: Request): object | undefined {
    const words = body ? (JSON.parse(body) as Words) : {}
    const [, type] = /^\/v3\/pay\/transactions\/(native|h5)$/.exec(pathname) ?? []
    if (method === 'POST' && type) return placed(type === 'native' ? 'NATIVE' : 'MWEB', words, body)
    const [, no, close] = /^\/v3\/pay\/transactions\/out-trade-no\/(\w+)(\/close)?$/.exec(pathname) ?? []
    if (method === 'GET' && no && searchParams.get('mchid') === MCHID) return shown(tradeOf(no))
    if (method === 'POST' && no && close && words.mchid === MCHID) return closed(tradeOf(no))
    if (method === 'POST' && pathname === '/v3/refund/domestic/refunds') return paidBack(words)
    if (method === 'GET' && pathname === '/v3/bill/tradebill') return billOf(searchParams)
    throw new No(404, 'RESOURCE_NOT_EXISTS', `${method} ${pathname}`)
  }

  function placed(type: Trade['type'], words: Words, body: string) {
    const { appid, mchid, out_trade_no: no = '', description, notify_url, amount, time_expire = '' } = words
    const whole =
      appid === APPID && mchid === MCHID && description && notify_url && amount?.currency === 'CNY'
    if (!whole || !/^[\w|*-]{6,32}$/.test(no) || !Number.isInteger(amount.total) || amount.total! < 1)
      throw new No(400, 'PARAM_ERROR', '参数错误')
    if (type === 'MWEB' && !words.scene_info?.payer_client_ip)
      throw new No(400, 'PARAM_ERROR', '缺少用户终端IP')
    const known = trades.get(no)
    if (known && (known.words !== body || known.type !== type))
      throw new No(400, 'INVALID_REQUEST', '请求参数与首次请求时不一致')
    if (known) tradeOf(no)
    if (known?.state === 'SUCCESS') throw new No(400, 'ORDERPAID', '该订单已支付')
    if (known?.state === 'CLOSED') throw new No(400, 'ORDER_CLOSED', '订单已关闭')
    const expiresAt = Date.parse(time_expire)
    if (!known && !(expiresAt > clock.now() + 60_000)) throw new No(400, 'PARAM_ERROR', '交易结束时间不对')
    const transactionId = known?.transactionId ?? `42000${String(++made).padStart(23, '0')}`
    const total = amount.total!
    if (!known)
      trades.set(no, {
        words: body,
        type,
        no,
        transactionId,
        total,
        state: 'NOTPAY',
        expiresAt,
        paidAt: 0
      })
    // Every time another address, which soon dies, for the same trade.
    return type === 'NATIVE'
      ? { code_url: `weixin://wxpay/bizpayurl?pr=${no}${++made}` }
      : { h5_url: `https://wx.tenpay.example/checkmweb?prepay_id=${no}&package=${++made}` }
  }

  function tradeOf(no: string): Trade {
    const trade = trades.get(no)
    if (!trade) throw new No(404, 'ORDER_NOT_EXIST', '订单不存在')
    if (trade.state === 'NOTPAY' && trade.expiresAt <= clock.now()) trade.state = 'CLOSED'
    return trade
  }

  const shown = ({ no, transactionId, state, total }: Trade) => ({
    appid: APPID,
    mchid: MCHID,
    out_trade_no: no,
    trade_state: state === 'SUCCESS' && refunds.some(({ tradeNo }) => tradeNo === no) ? 'REFUND' : state,
    ...(state === 'SUCCESS' && {
      transaction_id: transactionId,
      amount: { total, payer_total: total, currency: 'CNY', payer_currency: 'CNY' }
    })
  })

  function closed(trade: Trade): undefined {
    if (trade.state === 'SUCCESS') throw new No(400, 'ORDERPAID', '订单已支付')
    trade.state = 'CLOSED'
  }

  function paidBack({ transaction_id: transactionId, out_refund_no: no = '', amount }: Words) {
    const trade = [...trades.values()].find(
      (each) => each.transactionId === transactionId && each.state === 'SUCCESS'
    )
    if (!trade) throw new No(404, 'RESOURCE_NOT_EXISTS', '订单不存在')
    const { refund: fen = 0, total } = amount ?? {}
    const known = refunds.find((each) => each.no === no)
    if (known && known.fen !== fen) throw new No(400, 'INVALID_REQUEST', '订单金额或退款金额与之前请求不一致')
    const before = refunds
      .filter((each) => each.tradeNo === trade.no)
      .reduce((sum, each) => sum + each.fen, 0)
    if (!known && (total !== trade.total || !Number.isInteger(fen) || fen < 1 || before + fen > trade.total))
      throw new No(400, 'INVALID_REQUEST', '累计退款金额大于支付金额')
    return refundShown(known ?? taken(trade, no, fen))
  }

  function taken(trade: Trade, no: string, fen: number): Refund {
    const refund: Refund = {
      id: `5030${String(++made).padStart(24, '0')}`,
      no,
      transactionId: trade.transactionId,
      tradeNo: trade.no,
      fen,
      total: trade.total,
      status,
      at: clock.now()
    }
    refunds.push(refund)
    return refund
  }

  const refundShown = ({ id, no, transactionId, tradeNo, fen, total, status }: Refund) => ({
    refund_id: id,
    out_refund_no: no,
    transaction_id: transactionId,
    out_trade_no: tradeNo,
    status,
    amount: { refund: fen, total, currency: 'CNY' }
  })

  function billOf(asked: URLSearchParams) {
    const day = asked.get('bill_date')!
    if (asked.get('bill_type') !== 'ALL' || asked.get('tar_type') !== 'GZIP')
      throw new No(400, 'PARAM_ERROR', '只备了一种')
    const lines = [
      ...[...trades.values()]
        .filter(({ paidAt }) => paidAt && dayOf(paidAt) === day)
        .map((trade) => line(trade, 'SUCCESS')),
      ...refunds
        .filter(({ at }) => dayOf(at) === day)
        .map((refund) => line(trades.get(refund.tradeNo)!, 'REFUND', refund))
    ]
    if (!lines.length) throw new No(400, 'NO_STATEMENT_EXIST', '账单文件不存在')
    const file = `\uFEFF${[HEADS, ...lines, SUMS, '`1,`0.00,`0.00,`0.00,`0.00,`0.00,`0.00'].join('\r\n')}\r\n`
    const token = `token${++made}`
    bills.set(token, gzipSync(file))
    return {
      hash_type: 'SHA1',
      hash_value: createHash('sha1').update(file).digest('hex'),
      download_url: `${server.base}/v3/billdownload/file?token=${token}`
    }
  }

  /** Words by WeChat's own rules may hold anything, a comma too. */
  const line = (trade: Trade, state: string, refund?: Refund) =>
    [
      '2026-11-22 08:00:00',
      APPID,
      MCHID,
      '0',
      '',
      trade.transactionId,
      trade.no,
      'openid',
      trade.type,
      state,
      'OTHERS',
      'CNY',
      refund ? '0.00' : plainYuan(trade.total),
      '0.00',
      refund?.id ?? '0',
      refund?.no ?? '0',
      plainYuan(refund?.fen ?? 0),
      '0.00',
      refund ? 'ORIGINAL' : '',
      refund?.status ?? '',
      '蛤蜊, 三斤',
      '',
      '0.24000',
      '0.60%',
      plainYuan(trade.total),
      plainYuan(refund?.fen ?? 0),
      ''
    ]
      .map((value) => `\`${value}`)
      .join(',')

  /** What it would send, sealed and signed. */
  function told(
    event_type: string,
    resource: object,
    { id = `evt-${++made}`, at = clock.now() } = {}
  ): { payload: string; headers: Record<string, string> } {
    const nonce = randomBytes(6).toString('hex')
    const associated_data = 'transaction'
    const lock = createCipheriv('aes-256-gcm', API_V3_KEY, nonce)
    lock.setAAD(Buffer.from(associated_data))
    const sealed = Buffer.concat([lock.update(JSON.stringify(resource)), lock.final(), lock.getAuthTag()])
    const payload = JSON.stringify({
      id,
      create_time: new Date(at).toISOString(),
      resource_type: 'encrypt-resource',
      event_type,
      summary: '通知',
      resource: {
        algorithm: 'AEAD_AES_256_GCM',
        original_type: 'transaction',
        ciphertext: sealed.toString('base64'),
        nonce,
        associated_data
      }
    })
    return { payload, headers: { 'content-type': 'application/json', ...signatureOf(payload, at) } }
  }

  return {
    settings: {
      mchid: MCHID,
      appid: APPID,
      serial: SERIAL,
      privateKey: ours.privateKey,
      apiV3Key: API_V3_KEY,
      publicKeyId: PUBLIC_KEY_ID,
      publicKey: theirs.publicKey,
      apiBase: server.base
    },
    trades,
    refunds,
    asked: server.asked,
    set weather(now: Weather) {
      server.weather = now
    },
    /** What becomes of refunds from now on, as it says in its answer. */
    set refundStatus(now: string) {
      status = now
    },
    /** Changes every answer on its way. */
    set spoil(how: typeof spoil) {
      spoil = how
    },
    /** The buyer pays, however late: money that is under way does not look at our clock. */
    pay(no: string) {
      const trade = trades.get(no)!
      trade.state = 'SUCCESS'
      trade.paidAt = clock.now()
    },
    /** Somebody pays back at its own desk. */
    payBackAtDesk: (no: string, fen: number) => taken(trades.get(no)!, `desk${++made}`, fen),
    paid: (
      no: string,
      more: { id?: string; at?: number; total?: number; currency?: string; mchid?: string } = {}
    ) => {
      const trade = trades.get(no)!
      const amount = { total: more.total ?? trade.total, currency: more.currency ?? 'CNY' }
      const resource = { ...shown({ ...trade, state: 'SUCCESS' }), trade_state: 'SUCCESS', amount }
      return told('TRANSACTION.SUCCESS', { ...resource, ...(more.mchid && { mchid: more.mchid }) }, more)
    },
    refunded: (refund: Refund, event: 'SUCCESS' | 'ABNORMAL' | 'CLOSED' = 'SUCCESS') => {
      const { status: _status, ...resource } = refundShown(refund)
      return told(`REFUND.${event}`, { ...resource, mchid: MCHID, refund_status: event })
    },
    close: () => server.close()
  }
}

interface Words {
  appid?: string
  mchid?: string
  out_trade_no?: string
  description?: string
  notify_url?: string
  time_expire?: string
  scene_info?: { payer_client_ip?: string }
  transaction_id?: string
  out_refund_no?: string
  amount?: { total?: number; refund?: number; currency?: string }
}

const plainYuan = (fen: number) => (fen / 100).toFixed(2)
