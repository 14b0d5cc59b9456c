import { writeFileSync } from 'node:fs'
import { openLab } from '../bench/lab.ts'
import { DEMO_FILM } from './film.ts'

/** Draws and records the demo film anew: `node server/seed/record-demo-film.ts`. Its result is committed. */
const lab = await openLab('film')
try {
  const page = await lab.page('/lab/film.html')
  const film = Buffer.from(await page.evaluate<string>('record()'), 'base64')
  writeFileSync(DEMO_FILM, film)
  console.log(`${DEMO_FILM}: ${film.length} bytes`)
} finally {
  await lab.close()
}
process.exit(0)
