import encodeQR from 'qr'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest'
import { browserThatSees } from './camera.ts'
import { comes, enters, isFit, type Person } from './person.ts'
import { keepPictures } from './pictures.ts'
import { runVillage, type RunningVillage } from './village.ts'

const HOST = '13800000003'
const OPERATOR = '13800000011'
const BUYER = '13900000301'
const DINNER = '四人渔家宴（海鲜加主食）'
const SHOP = '秀梅渔家宴'
const GUESTS = 4

interface Bought {
  code: string
  qr: string
  state: string
}

let village: RunningVillage
let eyes: Awaited<ReturnType<typeof browserThatSees>>
let buyer: Person
let host: Person
let operator: Person
let orderId = ''
let bought: Bought[] = []
let brokenAt = ''

async function asks<T>({ page }: Person, method: 'GET' | 'POST', url: string, data?: object): Promise<T> {
  const answer = await page.request.fetch(url, { method, data, headers: { origin: village.url } })
  if (!answer.ok()) throw new Error(`${method} ${url}: ${answer.status()} ${await answer.text()}`)
  return (await answer.json()) as T
}

const vouchers = async () =>
  (await asks<{ items: Bought[] }>(buyer, 'GET', `/api/me/orders/${orderId}/vouchers`)).items
const states = async () => (await vouchers()).map(({ state }) => state)

/** A paper with the code on it, as a guest holds it up. */
const paper = ({ qr }: Bought) =>
  sharp(Buffer.from(encodeQR(qr, 'svg', { border: 2 })))
    .flatten({ background: '#fff' })
    .resize(640)
    .png()
    .toBuffer()

async function types({ page }: Person, { code }: Bought) {
  for (const digit of code) await page.getByRole('button', { name: digit, exact: true }).click()
}
/** What fills her screen; the next guest comes. */
async function sees({ page }: Person, word: string, more?: string | RegExp) {
  const result = page.getByRole('dialog', { name: word, exact: true })
  await result.waitFor()
  if (more) await result.getByText(more).first().waitFor()
  await result.getByRole('button', { name: '下一位' }).click()
  await result.waitFor({ state: 'hidden' })
}

describe('vouchers at a gate without a network, in a real browser', () => {
  beforeAll(async () => {
    ;[village, eyes] = await Promise.all([runVillage(), browserThatSees()])
    buyer = await comes(eyes.browser, village.url)
    host = await comes(eyes.browser, village.url)
    operator = await comes(eyes.browser, village.url)
  })
  // Each step stands on the one before; what comes after a broken one would only hide it.
  beforeEach(({ task }) => {
    if (brokenAt) throw new Error(`“${brokenAt}” failed before`)
    onTestFailed(() => {
      brokenAt ||= task.name
      return keepPictures({ buyer, host, operator }, village)
    })
  })
  afterAll(async () => {
    await eyes?.close()
    await village?.stop()
  })

  it('are bought at the demo cashier', async () => {
    await enters(buyer, '/me', BUYER)
    await buyer.page.getByText('您好').waitFor()
    const { items } = await asks<{ items: { title: string; specs: { id: string }[] }[] }>(
      buyer,
      'GET',
      `/api/products?q=${encodeURIComponent('渔家宴')}`
    )
    const specId = items.find(({ title }) => title === DINNER)!.specs[0]!.id
    const lines = [{ specId, qty: GUESTS }]
    const { payFen } = await asks<{ payFen: number }>(buyer, 'POST', '/api/orders/quote', {
      lines,
      picks: []
    })
    const order = { key: 'dinner-for-sixteen', lines, picks: [], payFen }
    const { bill } = await asks<{ bill: { orders: { id: string }[] } }>(buyer, 'POST', '/api/orders', order)
    orderId = bill.orders[0]!.id
    const { payUrl } = await asks<{ payUrl: string }>(buyer, 'POST', `/api/me/orders/${orderId}/pay`, {
      method: 'sandbox'
    })
    await buyer.page.goto(payUrl)
    await buyer.page.getByRole('button', { name: '付款成功', exact: true }).click()
    await expect.poll(async () => (await vouchers()).length, { timeout: 20_000 }).toBe(GUESTS)
    bought = await vouchers()
    expect(new Set(bought.map(({ code }) => code)).size).toBe(GUESTS)
  })

  it('are on the phone of the host once she has opened her gate', async () => {
    const { page } = host
    await enters(host, '/studio', HOST)
    await page.getByRole('link', { name: '闸口核销' }).click()
    await page.getByRole('heading', { name: SHOP }).waitFor()
    await page.getByText('断网也打得开').waitFor()
    await isFit(host)
    await enters(operator, '/gate', OPERATOR)
    await operator.page.getByRole('link', { name: new RegExp(SHOP) }).click()
    await operator.page.getByText('联网中').waitFor()
  })

  it('are redeemed with the network off, by digits and by the camera, each once', async () => {
    const { page, context } = host
    const [first, second] = bought as [Bought, Bought]
    await context.setOffline(true)
    await page.reload()
    await page.getByText('没有网络，照常核销').waitFor()
    await types(host, first)
    await page.getByRole('dialog', { name: '可用', exact: true }).waitFor()
    await isFit(host)
    await sees(host, '可用', '先记在手机里')
    await types(host, first)
    await sees(host, '已用过', /就在这个闸口/)

    await eyes.holdUp(await paper(second))
    await page.getByRole('button', { name: '扫码' }).click()
    await sees(host, '可用', DINNER)
    await page.getByRole('button', { name: '输六位码' }).click()
    await page.getByText('2 笔等着上报').waitFor()
    await page.getByText('今天核销 2 张').waitFor()
    await isFit(host)
    expect(await states()).toEqual(bought.map(() => 'open'))
  })

  it('are told to the village when the network is back, and whom two gates let in is said until it is noted', async () => {
    const { page, context } = host
    await types(operator, bought[1]!)
    await sees(operator, '可用')
    await context.setOffline(false)
    const conflict = page.getByRole('alert').filter({ hasText: '有 1 笔对不上' })
    await conflict.getByText(/别处先用过.*核销过/).waitFor()
    expect(await page.getByText('笔等着上报').count()).toBe(0)
    await isFit(host)
    expect(await states()).toEqual(['redeemed', 'redeemed', 'open', 'open'])
    await page.reload()
    await conflict.getByRole('button', { name: '知道了' }).click()
    await conflict.waitFor({ state: 'hidden' })

    await page.getByRole('button', { name: '记录' }).click()
    await page.getByRole('button', { name: '对不上的' }).click()
    await page.getByRole('listitem').getByText('没网时').waitFor()
    await isFit(host)
    await page.keyboard.press('Escape')
  })

  it('are taken back within five minutes, with a reason', async () => {
    const { page } = operator
    await types(operator, bought[2]!)
    const result = page.getByRole('dialog', { name: '可用', exact: true })
    await result.getByRole('button', { name: /^撤销/ }).click()
    await isFit(operator)
    await result.getByRole('button', { name: '点错了' }).click()
    await result.waitFor({ state: 'hidden' })
    expect((await states())[2]).toBe('open')
    await types(host, bought[2]!)
    await sees(host, '可用')
    await types(operator, bought[2]!)
    await sees(operator, '已用过', /秀梅/)
  })
})
