import { createHash } from 'node:crypto'
import type { Village } from '../app.ts'
import { givePapers } from '../seed/papers.ts'

/** Gives a host everything that any goods ask for, so that a suite about something else may go live with them. */
export async function license(village: Village, memberId: string, name = '') {
  await givePapers(village, {
    memberId,
    name,
    bornOn: bornOn(memberId),
    topics: ['live_selling', 'food_safety', 'dining', 'tourism'],
    documents: ['health', 'food_licence', 'food_filing', 'authorisation']
  })
}

/** Some day of the sixties or seventies: two members of one suite hardly ever share day and number. */
function bornOn(memberId: string) {
  const day = createHash('sha256').update(memberId).digest().readUInt32BE(4) % 7_000
  return new Date(Date.UTC(1960, 0, 1 + day)).toISOString().slice(0, 10)
}
