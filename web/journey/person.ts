import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'

export const PHONE = { width: 390, height: 844 }
export const DESK = { width: 1280, height: 800 }

/** Somebody with a device of her own: a browser that knows nothing of the others. */
export interface Person {
  page: Page
  context: BrowserContext
  /** Errors that her browser printed; a journey without a fault has none. */
  faults: string[]
}

export async function comes(browser: Browser, url: string, viewport = PHONE): Promise<Person> {
  const context = await browser.newContext({
    baseURL: url,
    viewport,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    permissions: ['camera', 'microphone'],
    hasTouch: viewport.width < 600,
    deviceScaleFactor: 1
  })
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => {
    // A guest is asked who she is and a code may be refused: those are answers, not faults.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text()))
      faults.push(`${message.text()} (${message.location().url}:${message.location().lineNumber})`)
  })
  return { page, context, faults }
}

/** Fills the sign-in sheet that is open, with the code from the demo inbox. */
export async function signsIn({ page }: Person, phone: string) {
  const sheet = page.getByRole('dialog', { name: '手机号登录' })
  await sheet.getByLabel('手机号').fill(phone)
  await sheet.getByRole('button', { name: '获取验证码' }).click()
  await sheet.getByLabel('验证码').waitFor()
  const inbox = await page.request.get(`/dev/inbox?phone=${phone}`)
  const { code } = (await inbox.json()) as { code: string }
  await sheet.getByLabel('验证码').fill(code)
  await sheet.waitFor({ state: 'hidden' })
}

/** Accessibility faults that axe finds on the page as it stands. */
export async function axe({ page }: Person) {
  // A sheet that is still rising is half transparent, and its words are pale: nobody reads them yet.
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter(
          ({ playState, effect }) =>
            playState === 'running' && effect?.getComputedTiming().endTime !== Infinity
        )
        .map((each) => each.finished.catch(() => {}))
    )
  )
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)
}

/** The picture moves: what the video shows differs from what it showed, and its clock goes on. */
export async function seesMovingPicture({ page }: Person) {
  const video = page.locator('video').first()
  await video.waitFor()
  const look = () =>
    video.evaluate((element) => {
      const seen = element as HTMLVideoElement
      const canvas = document.createElement('canvas')
      canvas.width = canvas.height = 48
      const pen = canvas.getContext('2d')!
      if (!seen.videoWidth) return { time: 0, bytes: '', width: 0 }
      pen.drawImage(seen, 0, 0, 48, 48)
      return {
        time: seen.currentTime,
        bytes: pen.getImageData(0, 0, 48, 48).data.join(),
        width: seen.videoWidth
      }
    })
  await expect.poll(async () => (await look()).width, { timeout: 20_000 }).toBeGreaterThan(0)
  const before = await look()
  await expect.poll(async () => (await look()).time, { timeout: 20_000 }).toBeGreaterThan(before.time + 0.5)
  await expect.poll(async () => (await look()).bytes !== before.bytes, { timeout: 20_000 }).toBe(true)
}

/** Nothing sticks out of the page sideways. */
export const overflow = ({ page }: Person) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

/** Opens a page for members and signs in there. */
export async function enters(person: Person, path: string, phone: string) {
  await person.page.goto(path)
  await person.page.getByRole('button', { name: '登录' }).first().click()
  await signsIn(person, phone)
}

/** Something was said on her screen. */
export const toast = ({ page }: Person, words: string | RegExp) =>
  page.getByRole('status').getByText(words).first().waitFor()

/** The page is fit for everybody, and fits a phone. */
export async function isFit(person: Person) {
  expect(await axe(person)).toEqual([])
  expect(await overflow(person)).toBe(0)
}
