import { boundsOf } from '../../shared/day.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import { unpackAll } from '../sheets/zip.ts'
import type { AlipayAccount } from './accounts.ts'
import { alipayApi, AlipayNo, NoBill } from './alipay-api.ts'
import { alipayListed } from './alipay-bill.ts'
import { UNPACKED_BYTES } from './ask.ts'
import { GatewayRefused, type Attempt, type Listed, type Notice, type PayGateway } from './gateway.ts'
import { CURRENCY, type PaymentState, type Said } from './payment.ts'
import { plainMoment } from './village-time.ts'
import { fenOfYuan, inYuan } from './yuan.ts'

/** 《查询对账单下载地址》: the list of yesterday is there by nine in the morning, as a rule. */
export const ALIPAY_LIST_AFTER_MS = 10 * 3_600_000
/** It has one name for “not yet” and “nothing happened”: after a day it is the second. */
const NO_LIST_IS_NONE_MS = 24 * 3_600_000
const NOT_THERE = 'ACQ.TRADE_NOT_EXIST'

/**
 * 支付宝, by an account of our own: its own page on a desk (电脑网站支付), the app or its page on a phone (手机网站支付).
 * Written after the documents alipay.trade.page.pay, .wap.pay, .query, .close, .refund, .fastpay.refund.query,
 * alipay.data.dataservice.bill.downloadurl.query and 《异步通知说明》.
 */
export function alipayGateway({
  alipay: account,
  publicUrl,
  clock
}: {
  alipay: AlipayAccount
  publicUrl: string
  clock: Clock
}): PayGateway {
  const api = alipayApi(account, clock)

  /** It hears of a payment only when the buyer has come to its page: before that, nothing is there to be found. */
  async function query({ id, endsAt, amountFen }: Attempt): Promise<Said> {
    try {
      return saidBy(await api.call<Trade>('alipay.trade.query', { out_trade_no: id }))
    } catch (error) {
      if (!isNotThere(error)) throw error
      return { ...nothing(amountFen), state: endsAt <= clock.now() ? 'closed' : 'open' }
    }
  }

  return {
    name: 'alipay',
    methods: ['alipay'],
    test: /(^|\.)alipaydev\.com$/.test(new URL(account.apiBase).hostname),
    renews: true,
    listAfterMs: ALIPAY_LIST_AFTER_MS,

    sceneOf({ device }) {
      if (device === 'wechat') throw new Problem('open_in_browser')
      return device === 'phone' ? 'wap' : 'page'
    },

    async create({ id, orderId, amountFen, endsAt, scene }) {
      const [method, product] =
        scene === 'wap'
          ? ['alipay.trade.wap.pay', 'QUICK_WAP_WAY']
          : ['alipay.trade.page.pay', 'FAST_INSTANT_TRADE_PAY']
      const biz = {
        out_trade_no: id,
        total_amount: inYuan(amountFen),
        subject: `渔家直播 订单 ${orderId}`,
        product_code: product,
        time_expire: plainMoment(endsAt),
        ...(scene === 'wap' && { quit_url: `${publicUrl}/me/orders/${orderId}` })
      }
      const payUrl = api.address(method!, biz, {
        notify_url: `${publicUrl}/api/notify/alipay`,
        return_url: `${publicUrl}/pay/${id}/back`
      })
      return { ref: id, payUrl }
    },

    query,

    async close(attempt) {
      try {
        await api.call('alipay.trade.close', { out_trade_no: attempt.id })
        return nothing(attempt.amountFen)
      } catch (error) {
        // Nobody has come to its page. If somebody comes before the end all the same, the money is late and goes back.
        if (isNotThere(error)) return nothing(attempt.amountFen)
        if (error instanceof GatewayRefused) return query(attempt)
        throw error
      }
    },

    async refund({ id: paymentId }, { id, amountFen }) {
      const named = { out_trade_no: paymentId, out_request_no: id }
      const { fund_change } = await api.call<{ fund_change?: string }>('alipay.trade.refund', {
        ...named,
        refund_amount: inYuan(amountFen)
      })
      if (fund_change === 'Y') return
      // It says N when the same request has been here before, and then only asking tells what became of that.
      const { refund_status } = await api.call<{ refund_status?: string }>(
        'alipay.trade.fastpay.refund.query',
        named
      )
      if (refund_status !== 'REFUND_SUCCESS') throw new Error('支付宝 is not through with the refund')
    },

    async parseNotify(rawBody): Promise<Notice> {
      const words = api.notice(rawBody)
      const word = (name: string) => words.get(name) ?? ''
      const type = word('trade_status') || word('notify_type')
      const about = { eventId: word('notify_id'), type }
      const refunded = word('gmt_refund') && fenOfYuan(word('refund_fee') || '0')
      if (refunded) return { ...about, about: 'refund', captureRef: word('trade_no'), refundedFen: refunded }
      if (!word('trade_status')) return { ...about, about: 'nothing' }
      const said = saidBy({
        trade_status: word('trade_status'),
        trade_no: word('trade_no'),
        total_amount: word('total_amount'),
        send_pay_date: word('gmt_payment')
      })
      return { ...about, about: 'attempt', paymentId: word('out_trade_no'), said }
    },

    async listDay(day): Promise<Listed[]> {
      const since = clock.now() - boundsOf(day).to
      if (since < ALIPAY_LIST_AFTER_MS) throw new Error('支付宝 has no list of that day yet')
      let bill: { bill_download_url: string }
      try {
        const biz = { bill_type: 'trade', bill_date: day }
        bill = await api.call('alipay.data.dataservice.bill.downloadurl.query', biz)
      } catch (error) {
        if (error instanceof NoBill && since >= NO_LIST_IS_NONE_MS) return []
        throw error
      }
      return alipayListed(await unpackAll(await api.file(bill.bill_download_url), UNPACKED_BYTES))
    }
  }
}

const isNotThere = (error: unknown) => error instanceof AlipayNo && error.code === NOT_THERE

const nothing = (amountFen: number): Said => ({
  state: 'closed',
  amountFen,
  currency: CURRENCY,
  captureRef: ''
})

interface Trade {
  trade_status: string
  trade_no: string
  total_amount: string
  /** When it was paid, if it was. */
  send_pay_date?: string
}

const STATES: Partial<Record<string, PaymentState>> = {
  WAIT_BUYER_PAY: 'open',
  TRADE_SUCCESS: 'paid',
  TRADE_FINISHED: 'paid'
}

function saidBy({ trade_status, trade_no, total_amount, send_pay_date }: Trade): Said {
  // Closed says both: nobody paid in time, and all that was paid went back.
  const closed = send_pay_date ? 'paid' : 'closed'
  const state = trade_status === 'TRADE_CLOSED' ? closed : STATES[trade_status]
  if (!state) throw new Error(`支付宝 says a state that we do not know: ${trade_status}`)
  return {
    state,
    amountFen: fenOfYuan(total_amount),
    currency: CURRENCY, // it takes nothing else from a merchant here
    captureRef: state === 'paid' ? trade_no : ''
  }
}
