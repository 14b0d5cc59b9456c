import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { boundsOf } from '../../shared/day.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { WechatAccount } from './accounts.ts'
import { UNPACKED_BYTES } from './ask.ts'
import { GatewayRefused, type Attempt, type Listed, type Notice, type PayGateway } from './gateway.ts'
import type { PaymentState, Said } from './payment.ts'
import { zonedMoment } from './village-time.ts'
import { wechatApi, WechatNo } from './wechat-api.ts'
import { wechatListed } from './wechat-bill.ts'

const unzip = promisify(gunzip)

/** 《申请交易账单》: the list of yesterday is there after ten in the morning. */
export const WECHAT_LIST_AFTER_MS = 10 * 3_600_000
const H5 = 'h5:'

/**
 * 微信支付, by an account of our own: on a desk a code to scan (Native), in a phone’s browser a way into the app (H5).
 * Written after the documents 《Native下单》《H5下单》《商户订单号查询订单》《关闭订单》《退款申请》《支付通知》《退款结果通知》
 * 《申请交易账单》 of APIv3.
 */
export function wechatGateway({
  wechat: account,
  publicUrl,
  clock
}: {
  wechat: WechatAccount
  publicUrl: string
  clock: Clock
}): PayGateway {
  const api = wechatApi(account, clock)
  const { mchid, appid } = account
  const notifyUrl = `${publicUrl}/api/notify/wechat`

  async function query({ id, amountFen }: Attempt): Promise<Said> {
    return saidBy(
      await api.call<Trade>('GET', `/v3/pay/transactions/out-trade-no/${id}?mchid=${mchid}`),
      amountFen
    )
  }

  async function place(attempt: Attempt): Promise<string> {
    const { id, orderId, amountFen, endsAt, scene } = attempt
    const words = {
      appid,
      mchid,
      description: `渔家直播 订单 ${orderId}`,
      out_trade_no: id,
      time_expire: zonedMoment(endsAt),
      notify_url: notifyUrl,
      amount: { total: amountFen, currency: 'CNY' }
    }
    if (!scene.startsWith(H5))
      return (await api.call<{ code_url: string }>('POST', '/v3/pay/transactions/native', words)).code_url
    const { h5_url } = await api.call<{ h5_url: string }>('POST', '/v3/pay/transactions/h5', {
      ...words,
      scene_info: { payer_client_ip: scene.slice(H5.length), h5_info: { type: 'Wap' } }
    })
    return `${h5_url}&redirect_url=${encodeURIComponent(`${publicUrl}/pay/${id}/back`)}`
  }

  return {
    name: 'wechat',
    methods: ['wechat_pay'],
    test: false,
    renews: true,
    listAfterMs: WECHAT_LIST_AFTER_MS,

    sceneOf({ device, ip }) {
      // Its own browser pays by JSAPI only, and for that one needs to know who she is there.
      if (device === 'wechat') throw new Problem('open_in_browser')
      // The page that opens the app must be opened from where it was asked for.
      return device === 'phone' ? H5 + ip : 'native'
    },

    async create(attempt) {
      try {
        return { ref: attempt.id, payUrl: await place(attempt) }
      } catch (error) {
        if (error instanceof GatewayRefused && (await isPaid(attempt)))
          throw new Error('it is paid already, and nobody has told us yet', { cause: error })
        throw error
      }
    },

    query,

    async close(attempt) {
      try {
        await api.call('POST', `/v3/pay/transactions/out-trade-no/${attempt.id}/close`, { mchid })
        return { state: 'closed', amountFen: attempt.amountFen, currency: 'cny', captureRef: '' }
      } catch (error) {
        if (error instanceof GatewayRefused) return query(attempt)
        throw error
      }
    },

    async refund({ captureRef, amountFen: total }, { id, amountFen }) {
      const { status } = await api.call<{ status: string }>('POST', '/v3/refund/domestic/refunds', {
        transaction_id: captureRef,
        out_refund_no: id,
        notify_url: notifyUrl,
        amount: { refund: amountFen, total, currency: 'CNY' }
      })
      if (status !== 'SUCCESS' && status !== 'PROCESSING')
        throw new GatewayRefused(`微信支付 could not pay back: ${status}`)
    },

    async parseNotify(rawBody, headers): Promise<Notice> {
      const { id, event_type: type, resource } = api.notice(rawBody, headers)
      const about = resource as Partial<Trade & Refund>
      if (about.mchid !== mchid || (about.appid !== undefined && about.appid !== appid))
        throw new Problem('bad_signature')
      if (type === 'TRANSACTION.SUCCESS') {
        const trade = resource as Trade
        return {
          eventId: id,
          type,
          about: 'attempt',
          paymentId: trade.out_trade_no,
          said: saidBy(trade, trade.amount?.total ?? 0)
        }
      }
      if (!type.startsWith('REFUND.')) return { eventId: id, type, about: 'nothing' }
      const { transaction_id: captureRef, out_refund_no: refundId, refund_id, amount } = resource as Refund
      const refund = { captureRef, refundId, amountFen: amount.refund }
      // By what it is about, not by its own id: told twice under two ids, it would count twice.
      const eventId = `${type}:${refund_id}`
      return type === 'REFUND.SUCCESS'
        ? { eventId, type, about: 'one_refund', ...refund }
        : { eventId, type, about: 'refund_failed', ...refund, why: type }
    },

    async listDay(day): Promise<Listed[]> {
      if (clock.now() < boundsOf(day).to + WECHAT_LIST_AFTER_MS)
        throw new Error('微信支付 has no list of that day yet')
      let bill: { hash_type: string; hash_value: string; download_url: string }
      try {
        bill = await api.call('GET', `/v3/bill/tradebill?bill_date=${day}&bill_type=ALL&tar_type=GZIP`)
      } catch (error) {
        // After ten that means a day without a payment or refund; before, it is being made.
        if (error instanceof WechatNo && error.code === 'NO_STATEMENT_EXIST') return []
        throw error
      }
      const packed = await api.file(bill.download_url)
      const isPacked = packed[0] === 0x1f && packed[1] === 0x8b
      const file = isPacked ? await unzip(packed, { maxOutputLength: UNPACKED_BYTES }) : packed
      // The sum is over the list itself, as it is before it is packed.
      if (bill.hash_type !== 'SHA1' || createHash('sha1').update(file).digest('hex') !== bill.hash_value)
        throw new Error('微信支付’s list of the day is not the one that it named')
      return wechatListed(file.toString())
    }
  }

  async function isPaid(attempt: Attempt): Promise<boolean> {
    try {
      return (await query(attempt)).state === 'paid'
    } catch (error) {
      if (error instanceof GatewayRefused) return false // it knows of no such attempt
      throw error
    }
  }
}

interface Trade {
  appid: string
  mchid: string
  out_trade_no: string
  trade_state: string
  transaction_id?: string
  amount?: { total?: number; currency?: string }
}

interface Refund {
  mchid: string
  out_trade_no: string
  transaction_id: string
  out_refund_no: string
  refund_id: string
  refund_status: string
  amount: { refund: number; total: number }
}

/** REFUND: some or all of it went back, so it had come. */
const STATES: Partial<Record<string, PaymentState>> = {
  SUCCESS: 'paid',
  REFUND: 'paid',
  NOTPAY: 'open',
  USERPAYING: 'open',
  CLOSED: 'closed',
  REVOKED: 'closed',
  PAYERROR: 'failed'
}

/** Before there is money it need not name a sum. */
function saidBy({ trade_state, transaction_id, amount }: Trade, askedFen: number): Said {
  const state = STATES[trade_state]
  if (!state) throw new Error(`微信支付 says a state that we do not know: ${trade_state}`)
  const isPaid = state === 'paid'
  return {
    state,
    amountFen: isPaid ? (amount?.total ?? 0) : askedFen,
    currency: isPaid ? (amount?.currency ?? '').toLowerCase() : 'cny',
    captureRef: isPaid ? (transaction_id ?? '') : ''
  }
}
