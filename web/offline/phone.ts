import { saveProgress } from '../../shared/contracts/school.ts'
import { call } from '../call.ts'
import { clock } from '../clock.svelte.ts'
import { forgetGates, keyOf, shopsWaiting } from '../gate/books.ts'
import { session } from '../me/session.svelte.ts'
import { Outbox } from './outbox.svelte.ts'
import { pocket } from './pocket.ts'
import { forget, recall } from './recall.ts'
import { Shelf } from './shelf.svelte.ts'

/** The one pocket of this phone, and what is in it. */
export const outbox = new Outbox(pocket, (items) => call(saveProgress, { body: { items } }))

/** What she learned on this phone and the server does not know yet; nothing where the phone keeps nothing. */
export const untold = async () => (session.me ? outbox.of(session.me.id).catch(() => []) : [])

export const newShelf = () => new Shelf(pocket)

/** `recall` for whoever holds this phone: nobody sees what another woman saw. */
export const remembered = <T>(key: string, ask: () => Promise<T>) =>
  recall(pocket, `${session.me?.id ?? ''} ${key}`, ask, clock.exact())

export const forgetMine = () => Promise.all([forget(pocket), forgetGates(pocket)]).catch(() => {})

/** Tells the village of what she redeemed at gates on this phone; nobody else’s. */
export async function handInGates() {
  const { me, remembered: asked } = session
  if (!me || asked) return
  const shops = await shopsWaiting(pocket, me.id)
  if (!shops.length) return
  const [{ villageOf }, { handIn }] = await Promise.all([
    import('../gate/village.svelte.ts'),
    import('../gate/sending.ts')
  ])
  for (const shopId of shops) {
    const aheadMs = () => clock.aheadMs
    await handIn({ pocket, key: keyOf(me.id, shopId), village: villageOf(shopId), aheadMs })
  }
}

/** Phones do not always notice that they have a network again. */
const AGAIN_MS = 30_000

/** Sends what waits, now and whenever the network comes back. Answers the way to stop. */
export function keepSending() {
  const send = async () => {
    if (session.remembered) await session.load().catch(() => {})
    if (session.me && !session.remembered) await outbox.flush(session.me.id).catch(() => {})
    await handInGates().catch(() => {})
  }
  const looked = () => {
    if (!document.hidden) void send()
  }
  const timer = setInterval(() => {
    if (outbox.waiting) looked()
  }, AGAIN_MS)
  addEventListener('online', send)
  document.addEventListener('visibilitychange', looked)
  void send()
  return () => {
    clearInterval(timer)
    removeEventListener('online', send)
    document.removeEventListener('visibilitychange', looked)
  }
}
