import type { Clock } from '../clock.ts'

/** 2026-11-22 08:00 in the village: a clock that goes only when a test says so. */
export const MORNING = Date.UTC(2026, 10, 22, 0, 0, 0)

export function settableClock(start = MORNING): Clock & { set(ms: number): void; pass(ms: number): void } {
  let now = start
  return {
    now: () => now,
    set: (ms) => void (now = ms),
    pass: (ms) => void (now += ms)
  }
}
