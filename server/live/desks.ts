/** How often whoever helps from a desk is asked for a sign of life: a show may be waiting for her. */
const BEAT_MS = 10_000

/** Somebody at the desk of a show that is not her own. */
export interface Seat {
  showId: string
  memberId: string
  ask(): void
}

/**
 * 带播: tells who was heard at which desk, when she sits down and after each sign of life. A phone that lost its network
 * says nothing, though its socket stays open for a while. Who turns out to be no mentor is not told of again.
 */
export function openDesks({
  seen,
  report,
  beatMs = BEAT_MS
}: {
  /** False: she is not the mentor of this show's host. */
  seen: (showId: string, memberId: string) => Promise<boolean>
  report: (error: unknown, what: string) => void
  beatMs?: number
}) {
  const seats = new Set<Seat>()

  async function heard(seat: Seat) {
    if (!seats.has(seat)) return
    try {
      if (!(await seen(seat.showId, seat.memberId))) seats.delete(seat)
    } catch (error) {
      report(error, 'noting who sits at a desk') // the next sign of life is noted again
    }
  }

  const beats = setInterval(() => {
    for (const seat of seats) seat.ask()
  }, beatMs)

  return {
    async sit(seat: Seat) {
      seats.add(seat)
      await heard(seat)
    },
    heard,
    leave: (seat: Seat) => void seats.delete(seat),
    close: () => clearInterval(beats)
  }
}

export type Desks = ReturnType<typeof openDesks>
