/** A time limit that many units of work share: nearly all end in time, so one timer looks after all of them. */
export interface TimeLimit {
  readonly ms: number
  /** Calls `late` unless what it answers is called within the limit. */
  begin(late: () => void): () => void
}

export function timeLimit(ms: number): TimeLimit {
  /** In the order they began, which is the order in which they would be late. */
  const running = new Set<{ until: number; late: () => void }>()
  let timer: NodeJS.Timeout | undefined

  function look() {
    timer = undefined
    const now = performance.now()
    for (const each of running) {
      if (each.until > now) {
        timer = setTimeout(look, each.until - now).unref()
        return
      }
      running.delete(each)
      each.late()
    }
  }

  return {
    ms,
    begin(late) {
      const each = { until: performance.now() + ms, late }
      running.add(each)
      timer ??= setTimeout(look, ms).unref()
      return () => void running.delete(each)
    }
  }
}
