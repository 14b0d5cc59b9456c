import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import sharp from 'sharp'
import { openChromium } from '../../server/testing/chromium.ts'

const FRAMES = 30

/** A browser whose camera looks at a picture: what it sees is what was held up last, when the camera is opened. */
export async function browserThatSees() {
  const folder = mkdtempSync(path.join(tmpdir(), 'yujia-camera-'))
  const film = path.join(folder, 'seen.mjpeg')
  const holdUp = async (png: Buffer) => {
    const frame = await sharp(png)
      .resize(480, 480, { fit: 'contain', background: '#fff' })
      .extend({ left: 80, right: 80, background: '#fff' })
      .jpeg({ quality: 95 })
      .toBuffer()
    // The browser opens the file by its name each time the camera starts; it never finds half of one.
    writeFileSync(`${film}.next`, Buffer.concat(Array.from({ length: FRAMES }, () => frame)))
    renameSync(`${film}.next`, film)
  }
  await holdUp(await sharp({ create: { width: 8, height: 8, channels: 3, background: '#fff' } }).png().toBuffer())
  const browser = await openChromium({ args: [`--use-file-for-fake-video-capture=${film}`] })
  return {
    browser,
    holdUp,
    async close() {
      await browser.close()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
