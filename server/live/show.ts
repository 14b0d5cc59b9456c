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
/** A learner has no more rehearsals than this before her. */
export const MAX_COMING_REHEARSALS = 5

/** The log of a show that only its host and operators hear. */
export const deskOf = (showId: string) => `desk:${showId}`
export const isDesk = (roomId: string) => roomId.startsWith('desk:')

export const publicState = (state: Show['state']): ShowState => (state === 'ended' ? 'replay' : state)
export const onAir = (show: Pick<Show, 'state'>) => show.state === 'live' || show.state === 'away'

/** 彩排 and online classes are seen by whom they concern, and nothing is sold in them. */
export const isClosed = (show: Pick<Show, 'kind'>) => show.kind !== 'public'

type Someone = { id: string; roles: readonly Role[] }

/**
 * Her own show, which she films and sets up. In public only while she is a host; whoever learns to be one rehearses,
 * and a trainer holds a class.
 */
export const hosts = (show: Pick<Show, 'hostId' | 'kind'>, member: Someone) =>
  show.hostId === member.id && (isClosed(show) || member.roles.includes('host'))

/**
 * Its host, the mentor who stands beside her, any officer, and who helps: operators with a show, trainers with a
 * rehearsal or a class.
 */
export const runs = (show: Pick<Show, 'hostId' | 'kind' | 'mentorId'>, member: Someone) =>
  hosts(show, member) ||
  show.mentorId === member.id ||
  member.roles.includes('officer') ||
  member.roles.includes(isClosed(show) ? 'trainer' : 'operator')

/** Whether she may see and hear this show; a class may also be hers because she booked it. */
export function watches(show: Pick<Show, 'hostId' | 'kind' | 'mentorId'>, member: Someone | undefined) {
  if (!isClosed(show)) return true
  if (!member) return false
  return runs(show, member) || (show.kind === 'class' ? 'if_booked' : false)
}

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
