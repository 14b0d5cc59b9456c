import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openChromium } from '../../server/testing/chromium.ts'
import { comes, signsIn, type Person } from './person.ts'
import { runVillage, type RunningVillage } from './village.ts'

const LEARNER = '13900000077'
const COURSE = 'course-live'

let village: RunningVillage
let browser: Browser
let learner: Person
let lessonId: string

/** What the server knows of her lesson, asked past her phone. */
async function known() {
  const cookies = (await learner.context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  const answer = await fetch(`${village.url}/api/me/school`, { headers: { cookie: cookies } })
  const { path } = (await answer.json()) as {
    path: { lessons: { lesson: { id: string }; seconds: number; done: boolean }[] }[]
  }
  return path.flatMap(({ lessons }) => lessons).find(({ lesson }) => lesson.id === lessonId)!
}

describe('a lesson out at sea, in a real browser', () => {
  beforeAll(async () => {
    village = await runVillage()
    browser = await openChromium()
    learner = await comes(browser, village.url)
    const answer = await fetch(`${village.url}/api/school/courses/${COURSE}`)
    lessonId = ((await answer.json()) as { lessons: { id: string }[] }).lessons[0]!.id
  })
  afterAll(async () => {
    await browser?.close()
    await village?.stop()
  })

  it('is on the phone after it was opened once', async () => {
    const { page } = learner
    await page.goto(`/school/lesson/${lessonId}`)
    await signsIn(learner, LEARNER)
    await page.getByText('存在手机里了').waitFor()
    await page.waitForFunction(() => !!navigator.serviceWorker.controller)
    expect((await known()).seconds).toBe(0)
  })

  it('opens and plays without a network, and not from what the browser happens to have', async () => {
    const { page, context } = learner
    const tools = await context.newCDPSession(page)
    await tools.send('Network.clearBrowserCache')
    await tools.detach()
    await context.setOffline(true)
    await page.reload()
    const video = page.locator('video')
    await video.waitFor()
    await video.evaluate((player: HTMLVideoElement) => player.play())
    const at = () => video.evaluate((player: HTMLVideoElement) => player.currentTime)
    await expect.poll(at, { timeout: 20_000 }).toBeGreaterThan(6)
    await video.evaluate((player: HTMLVideoElement) => player.pause())
    expect(await video.evaluate((player: HTMLVideoElement) => player.videoWidth)).toBeGreaterThan(0)
    await page.goto('/school')
    await page.getByText('手机里存着的课').waitFor()
    expect((await known()).seconds).toBe(0)
  })

  it('is known to the server as far as she came once the network is back', async () => {
    await learner.context.setOffline(false)
    await expect.poll(async () => (await known()).seconds, { timeout: 20_000 }).toBeGreaterThanOrEqual(5)
    expect((await known()).done).toBe(false)
  })
})
