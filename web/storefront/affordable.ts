/** The page is left alone this long before a moving poster is fetched. */
const QUIET_MS = 1_500

interface Line {
  saveData?: boolean
  effectiveType?: string
}

/** Whether this phone and this line can pay for a picture that moves. */
export function affordable(line: Line | undefined, calm: boolean) {
  if (calm || line?.saveData) return false
  return !line?.effectiveType || line.effectiveType === '4g'
}

/** Calls `go` once the page is quiet, if it is affordable at all. Answers the way to call it off. */
export function mayPreview(go: () => void) {
  const { connection } = navigator as Navigator & { connection?: Line }
  if (!affordable(connection, matchMedia('(prefers-reduced-motion: reduce)').matches)) return
  const timer = setTimeout(() => {
    if ('requestIdleCallback' in window) requestIdleCallback(go, { timeout: QUIET_MS })
    else go()
  }, QUIET_MS)
  return () => clearTimeout(timer)
}
