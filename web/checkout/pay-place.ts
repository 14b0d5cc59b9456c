/** A way to pay that is no page: 微信支付 gives a desk a code, and her phone opens what it says. */
export const isCode = (payUrl: string) => payUrl.startsWith('weixin:')

/** Where to send somebody who wants to pay: the gateway’s page, or ours that shows the code. */
export const placeToPay = ({ payUrl, paymentId }: { payUrl: string; paymentId: string }) =>
  isCode(payUrl) ? `/pay/${paymentId}/back` : payUrl
