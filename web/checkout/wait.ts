/** How often the return page asks, and for how long before it stops and says so. */
const ASK_MS = 1_200
const LONGEST_MS = 60_000

export type PayEnd = 'paid' | 'failed' | 'closed' | 'unknown'

/**
 * Asks until the payment has ended. `unknown` after a minute, or when nothing could be asked: it may still come.
 * Undefined when the signal stops it.
 */
export async function waitForPay(
  ask: () => Promise<{ state: string }>,
  signal: AbortSignal,
  pause = (ms: number) => new Promise((go) => setTimeout(go, ms))
): Promise<PayEnd | undefined> {
  for (let waited = 0; waited < LONGEST_MS; waited += ASK_MS) {
    const state = await ask().then(
      (answer) => answer.state,
      () => 'unreachable' // a phone that comes back from the gateway’s app has no network for a moment
    )
    if (signal.aborted) return undefined
    if (state === 'paid' || state === 'failed' || state === 'closed') return state
    await pause(ASK_MS)
    if (signal.aborted) return undefined
  }
  return 'unknown'
}
