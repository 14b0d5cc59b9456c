import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ASK_AFTER_MS,
  ASK_EVERY_MS,
  askNow,
  CURRENCY,
  heard,
  usable,
  type Payment,
  type PaymentState
} from './payment.ts'

const STATES = ['open', 'paid', 'failed', 'closed'] as const satisfies readonly PaymentState[]
const said = (state: PaymentState, amountFen = 100, currency = CURRENCY) => ({ state, amountFen, currency })
const payment: Payment = {
  id: 'p',
  orderId: 'o',
  memberId: 'm',
  attempt: 1,
  gateway: 'sandbox',
  method: 'sandbox',
  scene: '',
  amountFen: 100,
  refundedFen: 0,
  state: 'open',
  gatewayRef: 'p',
  payUrl: '/pay/p',
  captureRef: '',
  createdAt: 1_000_000,
  endsAt: 2_000_000,
  askedAt: 0,
  paidAt: null
}

describe('the word of a gateway', () => {
  it('counts as money whatever we thought of the attempt, and only once', () => {
    for (const state of ['open', 'failed', 'closed'] as const) {
      expect(heard({ state, amountFen: 100 }, said('paid'))).toBe('paid')
    }
    expect(heard({ state: 'paid', amountFen: 100 }, said('paid'))).toBe('nothing')
  })

  it('is no payment when sum or currency are not what we asked for', () => {
    expect(heard(payment, said('paid', 99))).toBe('mismatch')
    expect(heard(payment, said('paid', 101))).toBe('mismatch')
    expect(heard(payment, said('paid', 100, 'hkd'))).toBe('mismatch')
  })

  it('comes to the same end in whatever order it is heard', () => {
    const words = fc.array(fc.constantFrom(...STATES), { maxLength: 8 })
    fc.assert(
      fc.property(words, (words) => {
        let state: PaymentState = 'open'
        let paidTimes = 0
        for (const word of words) {
          const news = heard({ state, amountFen: 100 }, said(word))
          if (news === 'paid') paidTimes++
          if (news !== 'nothing' && news !== 'mismatch') state = news
        }
        expect(paidTimes).toBe(words.includes('paid') ? 1 : 0)
        expect(state === 'paid').toBe(words.includes('paid'))
      })
    )
  })
})

describe('an attempt', () => {
  it('is used again only for the same sum in the same way while it takes money', () => {
    const bill = { amountFen: 100 }
    const { gateway, method, scene } = payment
    const way = { gateway, method, scene }
    expect(usable(payment, bill, way, 1_999_999)).toBe(true)
    expect(usable(payment, bill, way, 2_000_000)).toBe(false)
    expect(usable(payment, bill, { ...way, method: 'alipay' }, 1_000_000)).toBe(false)
    expect(usable(payment, bill, { ...way, gateway: 'stripe' }, 1_000_000)).toBe(false)
    expect(usable(payment, bill, { ...way, scene: 'wap' }, 1_000_000)).toBe(false)
    expect(usable(payment, { amountFen: 90 }, way, 1_000_000)).toBe(false)
    expect(usable({ ...payment, state: 'failed' }, bill, way, 1_000_000)).toBe(false)
  })

  it('is asked about once its notification is late, and not at every look of the page', () => {
    const due = payment.createdAt + ASK_AFTER_MS
    expect(askNow(payment, due - 1)).toBe(false)
    expect(askNow(payment, due)).toBe(true)
    expect(askNow({ ...payment, askedAt: due }, due + ASK_EVERY_MS - 1)).toBe(false)
    expect(askNow({ ...payment, askedAt: due }, due + ASK_EVERY_MS)).toBe(true)
    expect(askNow({ ...payment, state: 'paid' }, due)).toBe(false)
  })
})
