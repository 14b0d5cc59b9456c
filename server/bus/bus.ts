export interface RoomEvent {
  id: string
  body: string
}

export interface Subscription {
  /** The id to hand in as `after` next time, even if nothing arrives in between. */
  cursor: string
  /** False: the history no longer reaches back to `after`. */
  complete: boolean
  close(): void
}

/** What many connections on many servers share about a live room. It carries hints; the store keeps the facts. */
export interface Bus {
  /** At least once; the body carries its own number. */
  publish(room: string, body: string): Promise<void>
  /** Replays what follows `after` (undefined: nothing), then delivers live, in one order everywhere. */
  subscribe(
    room: string,
    after: string | undefined,
    deliver: (event: RoomEvent) => void
  ): Promise<Subscription>
  /** Adds to a counter that all servers share and returns its value. */
  add(counter: string, n: number): Promise<number>
  /** Reports this server's part of a gauge (its viewers of a room) and returns the sum over the servers alive. */
  share(gauge: string, part: number): Promise<number>
  close(): Promise<void>
}
