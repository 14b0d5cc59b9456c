import { flushSync, mount, unmount } from 'svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { PayMethod } from '../../shared/contracts/orders.ts'
import { toasts } from '../ui/toasts.svelte.ts'
import { say } from '../words/checkout.ts'
import { tongue } from '../words/speak.svelte.ts'
import { waysOn } from './pay-place.ts'
import PayWays from './PayWays.svelte'

const PHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148'
const IN_WECHAT = `${PHONE} MicroMessenger/8.0.50 NetType/WIFI Language/zh_CN`

let page: Record<string, unknown> | undefined
const pay = vi.fn<(method: PayMethod) => void>()
function shown(userAgent: string, methods: PayMethod[]) {
  vi.spyOn(navigator, 'userAgent', 'get').mockReturnValue(userAgent)
  page = mount(PayWays, { target: document.body, props: { methods, orderId: 'o1', busy: false, pay } })
  flushSync()
  const buttons = [...document.querySelectorAll('button')]
  return { words: document.body.textContent, buttons, names: buttons.map((each) => each.textContent.trim()) }
}

describe('inside WeChat, where its own browser can pay with neither WeChat nor Alipay', () => {
  beforeEach(() => void (tongue.language = 'zh'))
  afterEach(async () => {
    if (page) await unmount(page)
    page = undefined
    vi.restoreAllMocks()
    tongue.language = 'zh'
  })

  it('a buyer is told so before she taps, how to go on, and what works right there', () => {
    const { words, buttons, names } = shown(IN_WECHAT, ['wechat_pay', 'alipay', 'card'])
    expect(words).toContain('在微信里打开的这一页，付不了微信支付、支付宝')
    expect(words).toContain('在浏览器打开')
    expect(names).toEqual(['复制订单链接', '银行卡'])
    buttons[1]!.click()
    expect(pay).toHaveBeenLastCalledWith('card')
  })

  it('she takes the address of her order along to the browser', async () => {
    const writeText = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
    shown(IN_WECHAT, ['wechat_pay']).buttons[0]!.click()
    expect(writeText).toHaveBeenCalledWith(`${location.origin}/me/orders/o1`)
  })

  it('she is told to copy it by hand where an old phone has no clipboard', async () => {
    vi.spyOn(navigator, 'clipboard', 'get').mockReturnValue(undefined as unknown as Clipboard)
    shown(IN_WECHAT, ['wechat_pay']).buttons[0]!.click()
    await vi.waitFor(() => expect(toasts.list.map(({ text }) => text)).toContain(say.linkNotCopied))
  })

  it('she reads the same in English', () => {
    tongue.language = 'en'
    const { words, names } = shown(IN_WECHAT, ['wechat_pay'])
    expect(words).toContain('Inside WeChat this page cannot take WeChat Pay')
    expect(names).toEqual(['Copy the link of the order'])
  })

  it('nothing of that is said in another browser, nor where only other ways are open', () => {
    expect(shown(PHONE, ['wechat_pay', 'card']).names).toEqual(['微信支付', '银行卡'])
    expect(waysOn(IN_WECHAT, ['sandbox'])).toEqual({ here: ['sandbox'], elsewhere: [] })
  })
})
