import { spawnSync } from 'node:child_process'
import { createReadStream, createWriteStream, existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { chmod, mkdtemp } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress } from 'node:zlib'
import { chromium, type Browser, type LaunchOptions } from 'playwright-core'

/** A camera and a microphone that need no hardware, and sound and video that need no tap. */
const ARGS = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  '--mute-audio',
  // A page behind another one must not fall asleep: a show has two pages in one browser.
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--font-render-hinting=none'
]

/**
 * A real Chromium with a fake camera. It comes from npm and needs no package of the system; `CHROMIUM_PATH` names
 * another one to use instead. The caller closes it.
 */
export async function openChromium(options: LaunchOptions = {}): Promise<Browser> {
  const { executablePath, env } = await chromiumProgram()
  return chromium.launch({
    executablePath,
    env: { ...process.env, ...env },
    headless: true,
    ...options,
    args: [...ARGS, ...(options.args ?? [])]
  })
}

async function chromiumProgram() {
  const own = process.env.CHROMIUM_PATH
  if (own) return { executablePath: own, env: {} }
  const folder = await unpacked()
  return {
    executablePath: path.join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: path.join(folder, 'lib') }
  }
}

/** Unpacked once per version into the temporary folder (some 200 MB, under 3 s); whoever comes second finds it. */
async function unpacked() {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const home = path.resolve(path.dirname(entry), '..')
  const { version } = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8')) as { version: string }
  const folder = path.join(tmpdir(), `yujia-chromium-${version}`)
  if (existsSync(folder)) return folder
  const making = await mkdtemp(path.join(tmpdir(), 'yujia-chromium-making-'))
  const bin = (name: string) => path.join(home, 'bin', name)
  await decompress(bin('chromium.br'), path.join(making, 'chromium'))
  await chmod(path.join(making, 'chromium'), 0o755)
  await unpack(bin('al2023.tar.br'), making)
  await unpack(bin('swiftshader.tar.br'), making)
  try {
    renameSync(making, folder)
  } catch {
    rmSync(making, { recursive: true, force: true }) // somebody else was faster
  }
  return folder
}

const decompress = (from: string, to: string) =>
  pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to))

async function unpack(from: string, folder: string) {
  const tar = path.join(folder, 'packed.tar')
  await decompress(from, tar)
  const { status, stderr } = spawnSync('tar', ['-xf', tar, '-C', folder], { encoding: 'utf8' })
  rmSync(tar)
  if (status !== 0) throw new Error(`cannot unpack ${from}: ${stderr}`)
}
