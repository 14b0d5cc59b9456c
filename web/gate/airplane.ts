/** How long the worker may take to fetch the pages; then the gate asks again when it is opened next. */
const KEEP_MS = 60_000

/** Has the worker keep what a gate needs to open without a network; most phones never stand at one. */
export async function keepPages(): Promise<boolean> {
  if (!import.meta.env.PROD || !navigator.serviceWorker) return false
  const { active } = await navigator.serviceWorker.ready
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = ({ data }) => resolve(data === 'kept')
    setTimeout(() => resolve(false), KEEP_MS)
    active?.postMessage('gate', [port2])
  })
}
