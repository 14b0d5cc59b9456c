import { randomUUID } from 'node:crypto'
import type { Bus } from './bus.ts'

/** Something that has happened, for every server of the village. */
export interface News<What> {
  /** Call it after the commit: the fact is in the store, so this waits for nobody and refuses nothing. */
  tell(what: What): void
  /** Hears no more, once what it told is on its way or lost. */
  close(): Promise<void>
}

/**
 * What servers tell each other beyond their rooms. This server hears of it at once and without the bus, so a dead bus
 * fails nobody's request; the others may miss it, and whoever listens knows what heals that.
 */
export async function openNews<What>(
  bus: Pick<Bus, 'publish' | 'subscribe'>,
  channel: string,
  heard: (what: What) => void
): Promise<News<What>> {
  /** This process, so that it does not hear itself twice. */
  const self = randomUUID()
  const underway = new Set<Promise<void>>()
  const subscription = await bus.subscribe(channel, undefined, ({ body }) => {
    const { from, what } = JSON.parse(body) as { from: string; what: What }
    if (from !== self) heard(what)
  })

  return {
    tell(what) {
      heard(what)
      const sent = bus
        .publish(channel, JSON.stringify({ from: self, what }))
        .catch(() => {})
        .finally(() => underway.delete(sent))
      underway.add(sent)
    },
    async close() {
      await Promise.all(underway)
      subscription.close()
    }
  }
}
