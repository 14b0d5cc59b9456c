/** Boxes in which phones write down where and with what a clip was taken. */
const TELLTALE = new Set(['udta', 'meta', 'uuid'])
/** Boxes that hold such boxes. */
const HOLDERS = new Set(['moov', 'trak'])
const HEADER_BYTES = 8
const FREE = Buffer.from('free')

/**
 * A clip without the place where it was taken: such boxes of an MP4 become empty space, so that nothing else moves.
 * Works on the bytes it is given.
 */
export function withoutPlaces(clip: Buffer): Buffer {
  clear(clip, 0, clip.length)
  return clip
}

function clear(clip: Buffer, from: number, end: number) {
  for (let at = from; at + HEADER_BYTES <= end;) {
    const name = clip.toString('latin1', at + 4, at + 8)
    const { head, size } = sizeOf(clip, at, end)
    if (size < head || at + size > end) return // not a box: leave what we do not understand
    if (HOLDERS.has(name)) clear(clip, at + head, at + size)
    if (TELLTALE.has(name)) {
      FREE.copy(clip, at + 4)
      clip.fill(0, at + head, at + size)
    }
    at += size
  }
}

/** Of a box: 32 bits, 64 bits after a 1, and 0 for “up to the end”. */
function sizeOf(clip: Buffer, at: number, end: number) {
  const size = clip.readUInt32BE(at)
  if (size === 0) return { head: HEADER_BYTES, size: end - at }
  if (size !== 1) return { head: HEADER_BYTES, size }
  if (at + 16 > end) return { head: 16, size: 0 }
  return { head: 16, size: Number(clip.readBigUInt64BE(at + 8)) }
}
