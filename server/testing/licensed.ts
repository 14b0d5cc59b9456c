import { createHash } from 'node:crypto'
import type { Village } from '../app.ts'
import { givePapers, type Papers } from '../seed/papers.ts'

/** What fresh goods ask for and nothing more. */
export const FRESH = {
  topics: ['live_selling', 'food_safety'],
  documents: ['health']
} as const satisfies Partial<Papers>

/** Everything that any goods ask for. */
const ALL = {
  topics: [...FRESH.topics, 'dining', 'tourism'],
  documents: [...FRESH.documents, 'food_licence', 'food_filing', 'authorisation']
} as const satisfies Partial<Papers>

/** Gives a host what goods ask for, so that a suite about something else may go live with them. */
export async function license(
  village: Village,
  memberId: string,
  name = '',
  papers: Partial<Pick<Papers, 'bornOn' | 'topics' | 'documents'>> = {}
) {
  await givePapers(village, { memberId, name, bornOn: someDay(memberId), ...ALL, ...papers })
}

/** Of the sixties or seventies: two members of one suite hardly ever share day and number. */
function someDay(memberId: string) {
  const day = createHash('sha256').update(memberId).digest().readUInt32BE(4) % 7_000
  return new Date(Date.UTC(1960, 0, 1 + day)).toISOString().slice(0, 10)
}
