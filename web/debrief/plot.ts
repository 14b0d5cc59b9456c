/** Where things lie on the curve: numbers in, numbers and paths out. */

export interface Frame {
  width: number
  height: number
  minutes: number
  /** What the top of the plot stands for. */
  top: number
}

/** A round number above the highest. */
export function topOf(highest: number): number {
  const steps = [4, 6, 8, 10, 15, 20, 30, 40, 50, 60, 80, 100]
  for (let by = 1; ; by *= 10) {
    const found = steps.find((step) => step * by >= highest)
    if (found) return found * by
  }
}

/** The middle of a minute. */
export const xOf = (minute: number, { width, minutes }: Frame) => ((minute + 0.5) / minutes) * width
/** A moment, in minutes since the first frame. */
export const xAt = (atMs: number, { width, minutes }: Frame) =>
  Math.min(width, Math.max(0, (atMs / 60_000 / minutes) * width))
export const yOf = (count: number, { height, top }: Frame) => height - (Math.min(count, top) / top) * height

export const minuteAt = (x: number, { width, minutes }: Frame) =>
  Math.min(minutes - 1, Math.max(0, Math.floor((x / width) * minutes)))

/** Stretches of minutes that somebody counted; a minute that nobody counted is a hole, not a zero. */
export function counted(viewers: readonly number[]): { from: number; counts: number[] }[] {
  const stretches: { from: number; counts: number[] }[] = []
  viewers.forEach((count, minute) => {
    if (count < 0) return
    const last = stretches.at(-1)
    if (last && last.from + last.counts.length === minute) last.counts.push(count)
    else stretches.push({ from: minute, counts: [count] })
  })
  return stretches
}

/**
 * The surface of the water over one stretch: through every point, never above or below its neighbours (Fritsch and
 * Carlson), so that a wave is not higher than anybody was there.
 */
export function surface({ from, counts }: { from: number; counts: readonly number[] }, frame: Frame): string {
  const step = frame.width / frame.minutes
  const points = counts.map((count, i) => ({ x: xOf(from + i, frame), y: yOf(count, frame) }))
  const first = points[0]!
  const last = points.at(-1)!
  const slopes = points.slice(1).map(({ y }, i) => y - points[i]!.y)
  const tangents = points.map((_, i) => {
    const [before, after] = [slopes[i - 1], slopes[i]]
    if (before === undefined || after === undefined || before * after <= 0) return 0
    return (2 * before * after) / (before + after)
  })
  const curves = points.slice(1).map(({ x, y }, i) => {
    const { x: x0, y: y0 } = points[i]!
    return `C${n(x0 + step / 3)} ${n(y0 + tangents[i]! / 3)} ${n(x - step / 3)} ${n(y - tangents[i + 1]! / 3)} ${n(x)} ${n(y)}`
  })
  return `M${n(first.x - step / 2)} ${n(first.y)}L${n(first.x)} ${n(first.y)}${curves.join('')}L${n(last.x + step / 2)} ${n(last.y)}`
}

/** The water under it, down to the ground. */
export function water(stretch: { from: number; counts: readonly number[] }, frame: Frame): string {
  const step = frame.width / frame.minutes
  const left = stretch.from * step
  const right = left + stretch.counts.length * step
  return `${surface(stretch, frame)}L${n(right)} ${n(frame.height)}L${n(left)} ${n(frame.height)}Z`
}

const n = (value: number) => Math.round(value * 10) / 10

/** The middle one; between two, their mean. Nothing of nobody. */
export function middle(values: readonly number[]): number {
  if (!values.length) return 0
  const sorted = values.toSorted((a, b) => a - b)
  const half = Math.floor(sorted.length / 2)
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}
