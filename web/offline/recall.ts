import { Refusal } from '../../shared/refusal.ts'
import type { Pocket } from './pocket.ts'

/** Pages that a phone remembers; the oldest goes first. */
const REMEMBERED = 60

interface Kept<T> {
  value: T
  at: number
}

/**
 * The server's answer, or the last one that this phone saw when the server can't be reached. What the server refuses
 * is refused: only a missing network is bridged.
 */
export async function recall<T>(
  pocket: Pocket,
  key: string,
  ask: () => Promise<T>,
  now: number
): Promise<{ value: T; stale: boolean }> {
  try {
    const value = await ask()
    await keep(pocket, key, { value, at: now }).catch(() => {}) // a phone that keeps nothing still shows it
    return { value, stale: false }
  } catch (error) {
    if (error instanceof Refusal) throw error
    const kept = await pocket.get<Kept<T>>('answers', key).catch(() => undefined)
    if (!kept) throw error
    return { value: kept.value, stale: true }
  }
}

async function keep<T>(pocket: Pocket, key: string, kept: Kept<T>) {
  await pocket.change('answers', key, () => kept)
  const all = await pocket.all<Kept<unknown>>('answers')
  const old = all.toSorted(([, one], [, other]) => other.at - one.at).slice(REMEMBERED)
  for (const [each] of old) await pocket.change('answers', each, () => undefined)
}

/** Forgets what was hers when she leaves the phone. */
export async function forget(pocket: Pocket) {
  for (const [key] of await pocket.all('answers')) await pocket.change('answers', key, () => undefined)
}
