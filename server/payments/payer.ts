/** Who stands before which screen: some gateways have a way of their own for each. */
export interface Payer {
  device: 'desk' | 'phone' | 'wechat'
  ip: string
}

/** Where nobody has looked: a screen that can show a code to scan. */
export const AT_A_DESK: Payer = { device: 'desk', ip: '127.0.0.1' }

export const payerOf = (userAgent: string, ip: string): Payer => ({
  device: /MicroMessenger/i.test(userAgent)
    ? 'wechat'
    : /Android|iPhone|iPod|Mobile|HarmonyOS/i.test(userAgent)
      ? 'phone'
      : 'desk',
  ip
})
