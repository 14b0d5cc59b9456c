import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Person } from './person.ts'
import type { RunningVillage } from './village.ts'

/** `TOUR=1 npm test` makes README's pictures anew. */
const TOUR = process.env.TOUR === '1'
const tour = path.join(import.meta.dirname, 'tour')

/** A picture for the tour, where it is asked for. */
export async function picture({ page }: Person, name: string) {
  if (!TOUR) return
  mkdirSync(tour, { recursive: true })
  await page.screenshot({ path: path.join(tour, `${name}.jpg`), type: 'jpeg', quality: 78 })
}

/** What everybody saw when a step failed, in a folder that the report names. */
export async function keepPictures(people: Record<string, Person | undefined>, village: RunningVillage) {
  const folder = mkdtempSync(path.join(tmpdir(), 'yujia-broken-journey-'))
  for (const [name, person] of Object.entries(people)) {
    await person?.page.screenshot({ path: path.join(folder, `${name}.png`), timeout: 5_000 }).catch(() => {})
  }
  console.error(`What they saw when it broke: ${folder}\n${village.log()}`)
}
