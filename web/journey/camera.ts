import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import sharp from 'sharp'
import { openChromium } from '../../server/testing/chromium.ts'

const FRAMES = 30
const [WIDTH, HEIGHT] = [640, 480]
/** As large as still fits when the page asks for a wide picture and top and bottom are cut off. */
const HELD_PX = 320
const [aside, above] = [(WIDTH - HELD_PX) / 2, (HEIGHT - HELD_PX) / 2]
/** How far the boat sails from one frame to the next. */
const SAIL_PX = 16

/** A browser whose camera looks at a picture: what it sees is what was held up last, when the camera is opened. */
export async function browserThatSees() {
  const folder = mkdtempSync(path.join(tmpdir(), 'yujia-camera-'))
  const film = path.join(folder, 'seen.mjpeg')
  const holdUp = async (png: Buffer) => {
    const frame = await sharp(png)
      .resize(HELD_PX, HELD_PX, { fit: 'contain', background: '#fff' })
      .extend({ left: aside, right: aside, top: above, bottom: above, background: '#fff' })
      .jpeg({ quality: 95 })
      .toBuffer()
    shoot(Array.from({ length: FRAMES }, () => frame))
  }
  // The browser opens the file by its name each time the camera starts; it never finds half of one.
  const shoot = (frames: Buffer[]) => {
    writeFileSync(`${film}.next`, Buffer.concat(frames))
    renameSync(`${film}.next`, film)
  }
  await holdUp(
    await sharp({ create: { width: 8, height: 8, channels: 3, background: '#fff' } })
      .png()
      .toBuffer()
  )
  const browser = await openChromium({ args: [`--use-file-for-fake-video-capture=${film}`] })
  return {
    browser,
    holdUp,
    /** The camera is turned to the sea, where something always moves. */
    async turnToTheSea() {
      shoot(await Promise.all(Array.from({ length: FRAMES }, (_, i) => sea(i * SAIL_PX))))
    },
    async close() {
      await browser.close()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

const sea = (boatAt: number) =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">
        <rect width="${WIDTH}" height="${HEIGHT}" fill="#cfe3e6"/>
        <rect y="260" width="${WIDTH}" height="${HEIGHT - 260}" fill="#1d6f7a"/>
        <path d="M${boatAt} 270h150l-30 45h-90z" fill="#a32413"/>
        <path d="M${boatAt + 70} 120v140h-60z" fill="#fff"/>
      </svg>`
    )
  )
    .jpeg({ quality: 85 })
    .toBuffer()
