import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest'
import { openChromium } from '../../server/testing/chromium.ts'
import { axe, comes, DESK, overflow, PHONE, seesMovingPicture, signsIn, type Person } from './person.ts'
import { mudflat, type Mudflat } from './mudflat.ts'
import { keepPictures, picture } from './pictures.ts'
import { runVillage, type RunningVillage } from './village.ts'

const HOST = '13800000002'
const OPERATOR = '13800000011'
const BUYER = '13900000001'
const ADDRESS = '张小芳 13900000001 山东省青岛市市南区香港中路10号2单元301'

let village: RunningVillage
let browser: Browser
/** The host’s way to the village. */
let flats: Mudflat
let host: Person
let buyer: Person
let operator: Person
let brokenAt = ''

describe('a morning in the village, in a real browser', () => {
  beforeAll(async () => {
    village = await runVillage()
    browser = await openChromium()
    flats = await mudflat(village.url)
    host = await comes(browser, flats.url)
    buyer = await comes(browser, village.url)
    operator = await comes(browser, village.url, DESK)
  })
  // Each step stands on the one before; what comes after a broken one would only hide it.
  beforeEach(({ task }) => {
    if (brokenAt) throw new Error(`“${brokenAt}” failed before`)
    onTestFailed(() => {
      brokenAt ||= task.name
      return keepPictures({ host, buyer, operator }, village)
    })
  })
  afterAll(async () => {
    await browser?.close()
    await flats?.close()
    await village?.stop()
  })

  it('the storefront opens with a show on air from the first minute', async () => {
    const { page } = buyer
    await page.goto('/')
    await page.getByText('直播中').first().waitFor()
    await page.getByText('演示').first().waitFor()
    expect(await axe(buyer)).toEqual([])
    expect(await overflow(buyer)).toBe(0)
    await picture(buyer, '1-storefront')
  })

  it('the demo show plays for a guest', async () => {
    const { page } = buyer
    await page.locator('a[href^="/show/"]').first().click()
    await page.waitForURL(/\/show\//)
    await seesMovingPicture(buyer)
    await page.goto('/')
  })

  it('a host signs in and prepares a show', async () => {
    const { page } = host
    await page.goto('/studio')
    await page.getByRole('button', { name: '登录' }).first().click()
    await signsIn(host, HOST)
    await page.getByRole('button', { name: '马上开播' }).click()
    await page.getByLabel('这场叫什么').fill('桂兰的头一潮海蛎子')
    await page.getByRole('button', { name: '去准备' }).click()
    await page.waitForURL(/\/studio\/[0-9a-z-]+$/)
    await expect.poll(() => page.getByRole('button', { name: '打开摄像头' }).count()).toBe(1)
  })

  it('she goes live from her phone’s browser, and the open storefront shows it within three seconds', async () => {
    const { page } = host
    await page.getByRole('button', { name: '打开摄像头' }).click()
    const go = page.getByRole('button', { name: '开播', exact: true })
    await expect.poll(() => go.isEnabled(), { timeout: 20_000 }).toBe(true)
    expect(await axe(host)).toEqual([])
    await go.click()
    // The first frame is out when the server says that the show is live; from then on we count.
    const live = async () => {
      const answer = await page.request.get('/api/shows?state=live')
      const { items } = (await answer.json()) as { items: { title: string }[] }
      return items.some((show) => show.title === '桂兰的头一潮海蛎子')
    }
    await expect.poll(live, { timeout: 20_000, interval: 50 }).toBe(true)
    const firstFrameAt = Date.now()
    await buyer.page.getByText('桂兰的头一潮海蛎子').first().waitFor()
    expect(Date.now() - firstFrameAt).toBeLessThanOrEqual(3_000)
    await page.getByText('直播中').first().waitFor()
  })

  it('a buyer sees moving video on a phone of 390 × 844', async () => {
    const { page } = buyer
    await page.getByText('桂兰的头一潮海蛎子').first().click()
    await page.waitForURL(/\/show\//)
    await seesMovingPicture(buyer)
    expect(page.viewportSize()).toEqual(PHONE)
  })

  it('she talks, and the host reads it', async () => {
    const { page } = buyer
    const line = page.getByRole('textbox', { name: '说点什么' })
    const sheet = page.getByRole('dialog', { name: '手机号登录' })
    const said = page.getByRole('log').getByText('海蛎子肥不肥？')
    await line.fill('海蛎子肥不肥？')
    await line.press('Enter')
    await sheet.waitFor()
    await signsIn(buyer, BUYER)
    if ((await line.inputValue()) !== '') await line.press('Enter')
    await said.waitFor()
    await expect.poll(() => host.page.getByText('海蛎子肥不肥？').count(), { timeout: 5_000 }).toBe(1)
    await line.blur() // the keyboard goes, and what it covered comes back
  })

  it('the host pins a product and drops a coupon; every phone shows it', async () => {
    const { page } = host
    await page.getByRole('button', { name: /^讲解/ }).first().click()
    await buyer.page.getByText('正在讲解').first().waitFor()
    await page.getByRole('button', { name: '发券' }).first().click()
    const sheet = page.getByRole('dialog', { name: '发一张券' })
    const ticket = sheet.getByRole('listitem').filter({ hasText: '关注领券' }).first()
    await ticket.getByRole('button', { name: '发这张' }).click()
    await buyer.page.getByRole('button', { name: '关注并领券' }).first().waitFor()
    await picture(host, '2-studio')
    await picture(buyer, '3-room')
    expect(await axe(buyer)).toEqual([])
    expect(await axe(host)).toEqual([])
  })

  it('one tap follows and claims, the sum is explained, and the picture plays on', async () => {
    const { page } = buyer
    await page.getByRole('button', { name: '关注并领券' }).first().click()
    await page
      .getByText(/领到了/)
      .first()
      .waitFor()
    const order = page.getByRole('dialog', { name: '下单' })
    await order.waitFor()
    await order.getByLabel('粘贴一整条地址').fill(ADDRESS)
    await order.getByRole('button', { name: '存好，用这个地址' }).click()
    await order.getByText('张小芳').first().waitFor()
    const enough = order.getByRole('button', { name: /就能减/ })
    if (await enough.isVisible()) await enough.click()
    await order.getByText('优惠券').first().waitFor()
    await order.getByText(/已选最省的/).waitFor()
    expect(await axe(buyer)).toEqual([])
    await picture(buyer, '4-checkout')
    await seesMovingPicture(buyer)
  })

  it('she orders and pays at the demo cashier, and host and operator see the order at once', async () => {
    await operator.page.goto('/desk')
    await operator.page.getByRole('button', { name: '登录' }).first().click()
    await signsIn(operator, OPERATOR)
    await operator.page.getByRole('link', { name: /桂兰的头一潮海蛎子/ }).click()
    await seesMovingPicture(operator)

    const { page } = buyer
    const sheet = page.getByRole('dialog')
    const agree = sheet.getByRole('checkbox', { name: /生鲜/ })
    if (await agree.isVisible()) await agree.check()
    await sheet.getByRole('button', { name: /提交订单/ }).click()
    await host.page.getByText('下单了').first().waitFor()
    await sheet.getByText('演示收银台 · 不会真正扣款').waitFor()
    await picture(buyer, '5-cashier')
    await sheet.getByRole('button', { name: '付款成功，通知来两次' }).click()
    await sheet.getByRole('heading', { name: '付好了' }).first().waitFor()
    await host.page.getByText('付好了').first().waitFor()
    await operator.page.getByText('付好了').first().waitFor()
    expect(await axe(operator)).toEqual([])
    await picture(operator, '6-desk')
    await sheet.getByRole('button', { name: '接着看直播' }).click()
    await seesMovingPicture(buyer)
  })

  it('her signal goes on the mud flats: 马上回来, and the picture returns without a reload', async () => {
    const { page } = buyer
    const loaded = await page.evaluate(() => performance.timeOrigin)
    flats.goesQuiet()
    await page.getByText('马上回来', { exact: true }).first().waitFor()
    await host.page.getByText('断线了').first().waitFor()
    flats.comesBack()
    await page.getByText('马上回来', { exact: true }).first().waitFor({ state: 'hidden' })
    await seesMovingPicture(buyer)
    expect(await page.evaluate(() => performance.timeOrigin)).toBe(loaded)
  })

  it('the host ends the show, and the replay plays at once', async () => {
    const { page } = host
    await page.getByRole('button', { name: '结束', exact: true }).click()
    await page.getByRole('button', { name: '结束直播' }).click()
    await page.getByText('辛苦了！').waitFor()
    await buyer.page.getByText('回放').first().waitFor()
    await buyer.page.reload()
    await seesMovingPicture(buyer)
  })

  it('the order is in her orders, marked as a test', async () => {
    const { page } = buyer
    await page.goto('/me/orders')
    await page.getByText('已付款').first().waitFor()
    await page.getByText('测试单').first().waitFor()
    expect(await axe(buyer)).toEqual([])
  })

  it('no browser complained on the way', () => {
    // While her signal was gone, her phone could not but fail to connect; nobody else may have a fault.
    const hers = host.faults.filter((fault) => !/^WebSocket connection to .* failed/.test(fault))
    expect({ host: hers, buyer: buyer.faults, operator: operator.faults }).toEqual({
      host: [],
      buyer: [],
      operator: []
    })
  })
})
