/**
 * Ids that come in bursts, handed over once in a while: in a rush something changes with every order, and the store is
 * asked only so often. Beyond `most` an id is dropped until it comes again.
 */
export function gather(
  ms: number,
  most: number,
  tell: (ids: string[]) => Promise<void>,
  report: (error: unknown) => void
) {
  const waiting = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let telling: Promise<void> = Promise.resolve()

  function tellNow() {
    timer = undefined
    const ids = [...waiting]
    waiting.clear()
    telling = tell(ids).catch(report)
  }

  return {
    add(ids: readonly string[]) {
      for (const id of ids) if (waiting.size < most) waiting.add(id)
      timer ??= setTimeout(tellNow, ms)
    },
    /** Lets what is being told be told; what waits is forgotten. */
    async close() {
      clearTimeout(timer)
      await telling
    }
  }
}
