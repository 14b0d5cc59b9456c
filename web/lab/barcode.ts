/** Two rows of sixteen bits and a third that tells a torn frame from a good one. */
const COLUMNS = 16
const DATA_ROWS = 2
const ROWS = DATA_ROWS + 1
const ROW_PX = 24
const BITS = 0x7fffffff

/** Milliseconds on a clock that all pages of one machine share. */
export const nowMs = () => performance.timeOrigin + performance.now()

/** Draws the time across the top of a picture. */
export function drawTime(canvas: CanvasRenderingContext2D, ms = nowMs()) {
  const value = Math.round(ms) & BITS
  const width = canvas.canvas.width / COLUMNS
  const cell = (row: number, column: number, on: number) => {
    canvas.fillStyle = on ? '#fff' : '#000'
    canvas.fillRect(column * width, row * ROW_PX, width + 1, ROW_PX)
  }
  for (let i = 0; i < COLUMNS * DATA_ROWS; i++) {
    cell(Math.floor(i / COLUMNS), i % COLUMNS, (value >>> (COLUMNS * DATA_ROWS - 1 - i)) & 1)
  }
  for (let i = 0; i < COLUMNS; i++) cell(DATA_ROWS, i, (i & 1) ^ parity(value))
}

/** Reads it back from what a video shows; answers the age of the picture in ms, or undefined for a torn one. */
export function timeReader() {
  const CELL = 10
  const canvas = new OffscreenCanvas(COLUMNS * CELL, ROWS)
  const page = canvas.getContext('2d', { willReadFrequently: true })!
  return (video: HTMLVideoElement): number | undefined => {
    page.drawImage(video, 0, 0, video.videoWidth, ROWS * ROW_PX, 0, 0, canvas.width, ROWS)
    const { data } = page.getImageData(0, 0, canvas.width, ROWS)
    const bit = (row: number, column: number) =>
      data[(row * canvas.width + column * CELL + CELL / 2) * 4 + 1]! > 128 ? 1 : 0
    let value = 0
    for (let i = 0; i < COLUMNS * DATA_ROWS; i++) {
      value = ((value << 1) | bit(Math.floor(i / COLUMNS), i % COLUMNS)) >>> 0
    }
    for (let i = 0; i < COLUMNS; i++) {
      if (bit(DATA_ROWS, i) !== ((i & 1) ^ parity(value))) return undefined
    }
    return (Math.round(nowMs()) & BITS) - value
  }
}

function parity(value: number) {
  let odd = 0
  for (let i = 0; i < 32; i++) odd ^= (value >>> i) & 1
  return odd
}
