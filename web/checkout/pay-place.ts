import type { PayMethod } from '../../shared/contracts/orders.ts'

/** A way to pay that is no page: 微信支付 gives a desk a code, and her phone opens what it says. */
export const isCode = (payUrl: string) => payUrl.startsWith('weixin:')

/** Where to send somebody who wants to pay: the gateway’s page, or ours that shows the code. */
export const placeToPay = ({ payUrl, paymentId }: { payUrl: string; paymentId: string }) =>
  isCode(payUrl) ? `/pay/${paymentId}/back` : payUrl

/** WeChat’s own browser opens no page of Alipay, and paying there with WeChat needs an official account of ours. */
const NOT_IN_WECHAT: readonly PayMethod[] = ['wechat_pay', 'alipay']

/** Which ways to pay are open in this browser, and which only in another one. */
export function waysOn(userAgent: string, methods: readonly PayMethod[]) {
  const isOpen = (method: PayMethod) => !/MicroMessenger/i.test(userAgent) || !NOT_IN_WECHAT.includes(method)
  return { here: methods.filter(isOpen), elsewhere: methods.filter((method) => !isOpen(method)) }
}
