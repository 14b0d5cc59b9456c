/** What a fragment says of one of its tracks; only tests read what we write. */
export interface Track {
  id: number
  start: number
  durations: number[]
  sizes: number[]
}

/** Reads `moof` boxes the way a player does, without the code that wrote them. */
export function readTracks(bytes: Buffer): Track[] {
  return boxes(bytes)
    .filter(({ type }) => type === 'moof')
    .flatMap(({ body }) => boxes(body).filter(({ type }) => type === 'traf'))
    .map(({ body }) => {
      const inside = new Map(boxes(body).map((box) => [box.type, box.body]))
      const trun = inside.get('trun')!
      const count = trun.readUInt32BE(4)
      const perSample = (trun.length - 12) / count
      const at = (i: number) => 12 + i * perSample
      return {
        id: inside.get('tfhd')!.readUInt32BE(4),
        start: Number(inside.get('tfdt')!.readBigUInt64BE(4)),
        durations: Array.from({ length: count }, (_, i) => trun.readUInt32BE(at(i))),
        sizes: Array.from({ length: count }, (_, i) => trun.readUInt32BE(at(i) + 4))
      }
    })
}

export function boxes(bytes: Buffer): { type: string; body: Buffer }[] {
  const found = []
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32BE(at)
    if (length < 8 || at + length > bytes.length) throw new Error(`a box of ${length} bytes at ${at}`)
    found.push({ type: bytes.toString('latin1', at + 4, at + 8), body: bytes.subarray(at + 8, at + length) })
    at += length
  }
  return found
}
