import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { build } from 'vite'
import { openVillage, type Village } from '../app.ts'
import { builtWeb, type Web } from '../pages/web.ts'
import { readSettings } from '../settings.ts'
import { openChromium } from '../testing/chromium.ts'
import { people } from '../testing/village.ts'
import { freePort } from '../testing/ports.ts'

/** A village with the film lab as its web side, and a browser in which a host is signed in. */
export interface Lab {
  village: Village
  browser: Browser
  base: string
  hostId: string
  /** Opens a page of `web/lab` and fails loudly when that page does. */
  page(address: string): Promise<Page>
  close(): Promise<void>
}

const LAB = path.resolve(import.meta.dirname, '../../web/lab')

/** A village of its own on a free port, with nothing in it. */
export async function openVillageForBench(webIn?: (folder: string) => Promise<Web>) {
  const folder = mkdtempSync(path.join(tmpdir(), 'yujia-lab-'))
  const port = await freePort(18_000)
  const base = `http://127.0.0.1:${port}`
  const settings = readSettings({
    DEMO: '0',
    LOG_LEVEL: 'error',
    PORT: String(port),
    PUBLIC_URL: base,
    DATA_DIR: path.join(folder, 'data')
  })
  const web = await webIn?.(path.join(folder, 'dist'))
  const village = await openVillage(settings, { ...(web && { web }) })
  village.start()
  await village.http.listen({ port, host: '127.0.0.1' })
  return {
    village,
    base,
    async close() {
      await village.close()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

/** Builds the pages of `web/lab` (named without ending) and opens a whole village around them. */
export async function openLab(...pages: string[]): Promise<Lab> {
  const { village, base, close } = await openVillageForBench((dist) => labWeb(dist, pages))
  const host = await people(village).signIn('海英', 'host')
  const browser = await openChromium()
  const context = await browser.newContext()
  await context.addCookies(
    host.cookie.split('; ').map((pair) => {
      const at = pair.indexOf('=')
      return { name: pair.slice(0, at), value: pair.slice(at + 1), url: base }
    })
  )
  return {
    village,
    browser,
    base,
    hostId: host.me.id,
    async page(address) {
      const page = await context.newPage()
      page.on('pageerror', (error) => console.error(`${address}: ${error.message}`))
      const answer = await page.goto(base + address)
      if (!answer?.ok()) throw new Error(`${address} answered ${answer?.status()}`)
      return page
    },
    async close() {
      await browser.close()
      await close()
    }
  }
}

async function labWeb(dist: string, pages: string[]): Promise<Web> {
  await build({
    configFile: path.resolve(LAB, '../../vite.config.ts'),
    logLevel: 'error',
    build: {
      outDir: dist,
      rolldownOptions: { input: pages.map((page) => path.join(LAB, `${page}.html`)) }
    }
  })
  // The lab has no front page; without one nothing counts as built.
  writeFileSync(path.join(dist, 'index.html'), '')
  const { file } = builtWeb(dist)
  return { shell: () => '', file }
}
