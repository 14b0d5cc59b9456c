import type { Tx } from '../store/store.ts'
import type { Times } from './occasion.ts'
import type { BookingRow, OccasionRow } from './store.ts'

/** What others do when something happens here: always part of the unit of work in which it happens. */
export interface Hooks {
  /** She has a seat, or waits (`booking.state`). */
  booked(tx: Tx, now: { occasion: OccasionRow; booking: BookingRow }): Promise<void>
  /** She waited and has a seat now. */
  seated(tx: Tx, now: { occasion: OccasionRow; memberId: string }): Promise<void>
  /** Time or place are no longer what she knows. */
  moved(
    tx: Tx,
    now: { occasion: OccasionRow; memberId: string; was: Times & { place: string } }
  ): Promise<void>
  cancelled(
    tx: Tx,
    now: { occasion: OccasionRow; memberId: string; was: Times & { place: string } }
  ): Promise<void>
  /** The dust of a move or a cancellation has settled, and whoever booked knows. */
  settled(tx: Tx, now: { occasion: OccasionRow }): Promise<void>
  attended(tx: Tx, now: { occasion: OccasionRow; memberId: string; at: number }): Promise<void>
  /** Her attendance was taken back; `first` is the earliest that still stands. */
  undone(
    tx: Tx,
    now: { occasion: OccasionRow; memberId: string; first: { occasionId: string; at: number } | undefined }
  ): Promise<void>
}

/** All who listen, one after the other in the order in which they came. */
export function openHooks(): Hooks & { on(hooks: Partial<Hooks>): void } {
  const all: Partial<Hooks>[] = []
  const each =
    <Name extends keyof Hooks>(name: Name) =>
    async (tx: Tx, now: Parameters<Hooks[Name]>[1]) => {
      for (const hooks of all)
        await (hooks[name] as ((tx: Tx, now: unknown) => Promise<void>) | undefined)?.(tx, now)
    }
  return {
    on: (hooks) => void all.push(hooks),
    booked: each('booked'),
    seated: each('seated'),
    moved: each('moved'),
    cancelled: each('cancelled'),
    settled: each('settled'),
    attended: each('attended'),
    undone: each('undone')
  }
}
