import type { Role } from '../../shared/contract.ts'
import type { ShowKind, ShowState } from '../../shared/contracts/live.ts'

/** As it is kept. 回放 is what an ended show is to a viewer. */
export interface Show {
  id: string
  hostId: string
  title: string
  cover: string
  startsAt: number
  state: 'coming' | 'live' | 'away' | 'ended'
  sessionId: string | null
  openedAt: number | null
  endedAt: number | null
  peakViewers: number
  demo: boolean
  createdAt: number
  kind: ShowKind
  subjectId: string
  mentorId: string
  paused: boolean
  saleStopped: string
}

/** A host who types slowly may still schedule a show for “now”. */
export const LATE_MS = 5 * 60_000
/** A host has no more shows than this before her. */
export const MAX_COMING = 50

/** The log of a show that only its host and operators hear. */
export const deskOf = (showId: string) => `desk:${showId}`
export const isDesk = (roomId: string) => roomId.startsWith('desk:')

export const publicState = (state: Show['state']): ShowState => (state === 'ended' ? 'replay' : state)
export const onAir = (show: Pick<Show, 'state'>) => show.state === 'live' || show.state === 'away'

/** Host of the show, any operator, any officer. */
export const runs = (show: Pick<Show, 'hostId'>, member: { id: string; roles: readonly Role[] }) =>
  show.hostId === member.id || member.roles.includes('operator') || member.roles.includes('officer')

/** The shelf with these products: those that stay keep their number, the new ones follow in the order given. */
export function renumber(
  shelf: readonly { number: number; productId: string }[],
  productIds: readonly string[]
) {
  const numbers = new Map(shelf.map((item) => [item.productId, item.number]))
  let last = Math.max(0, ...numbers.values())
  return productIds
    .map((productId) => ({ number: numbers.get(productId) ?? ++last, productId }))
    .sort((a, b) => a.number - b.number)
}
