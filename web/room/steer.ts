/** Further behind than this she jumps to the newest picture instead of hurrying after it. */
const JUMP_S = 1.5
const JUMP_EVERY_MS = 3_000
const LATE_S = 0.08
const EARLY_S = -0.12
/** With less than this in hand, hurrying would end in a stall. */
const LEAST_BUFFER_S = 0.35
const FASTEST = 1.1
const SLOWER = 0.95

export interface Bearing {
  /** Behind the newest picture, and how far behind she should be; seconds. */
  latencyS: number
  targetS: number
  /** What is loaded ahead of what she sees. */
  bufferS: number
  sinceJumpMs: number
}

/**
 * How a live picture is kept near its edge: a touch faster when late, a touch slower when the buffer is thin, a jump
 * when it is hopeless. hls.js itself only hurries while more than a second is loaded, which is all there ever is.
 */
export function steer({ latencyS, targetS, bufferS, sinceJumpMs }: Bearing): { rate: number; jump: boolean } {
  const lateS = latencyS - targetS
  if (lateS > JUMP_S && sinceJumpMs > JUMP_EVERY_MS) return { rate: 1, jump: true }
  if (lateS > LATE_S && bufferS > LEAST_BUFFER_S) {
    return { rate: Math.min(FASTEST, 1 + Math.max(0.02, lateS * 0.15)), jump: false }
  }
  if (lateS < EARLY_S && bufferS < targetS * 0.8) return { rate: SLOWER, jump: false }
  return { rate: 1, jump: false }
}
