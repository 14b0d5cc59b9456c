import { DOORS_CLOSE_MS, DOORS_OPEN_MS, type ClassCard } from '../../shared/contracts/classes.ts'

/** Whether one may check in at the door now, as far as the clock goes. */
export const doorsOpen = ({ state, startsAt, endsAt }: ClassCard, now: number) =>
  state === 'open' && now >= startsAt - DOORS_OPEN_MS && now <= endsAt + DOORS_CLOSE_MS

/** What a class is to whoever looks at it. */
export type Standing = 'cancelled' | 'attended' | 'booked' | 'waiting' | 'over' | 'full' | 'free'

export function standingOf({ state, mine, left, endsAt }: ClassCard, now: number): Standing {
  if (mine?.attendedAt) return 'attended'
  if (state === 'cancelled') return 'cancelled'
  if (mine?.state === 'booked' || mine?.state === 'waiting') return now < endsAt ? mine.state : 'over'
  if (now >= endsAt) return 'over'
  return left > 0 ? 'free' : 'full'
}
