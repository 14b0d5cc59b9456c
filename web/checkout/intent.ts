import { newToken } from '../token.ts'

const KEPT = 'order-intent'
/** As long as an order is held; after that it is a new wish. */
const KEPT_MS = 15 * 60_000

interface Intent {
  key: string
  wish: string
  at: number
}

/**
 * The key of this wish. Asked again for the same wish while no answer has come, even after the page was loaded anew,
 * it is the same key: the server makes one order of it.
 */
export function keyFor(wish: unknown, now = Date.now()): string {
  const written = JSON.stringify(wish)
  const open = read()
  if (open && open.wish === written && now - open.at < KEPT_MS) return open.key
  const intent: Intent = { key: newToken(), wish: written, at: now }
  sessionStorage.setItem(KEPT, JSON.stringify(intent))
  return intent.key
}

/** The server has answered, yes or no: the next order is another one. */
export const settled = () => sessionStorage.removeItem(KEPT)

function read(): Intent | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? 'null') ?? undefined
  } catch {
    return undefined
  }
}
