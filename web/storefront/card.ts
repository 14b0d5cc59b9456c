import encodeQR from 'qr'

export const CARD = { width: 720, height: 1120, margin: 48 } as const
const QR_SIZE = 200
const FONT = '"PingFang SC","HarmonyOS Sans SC",MiSans,"Noto Sans CJK SC","Microsoft YaHei",sans-serif'

export interface CardWords {
  brand: string
  title: string
  seller: string
  price: string
  scan: string
  address: string
}

/** Cuts words into lines that fit; what does not fit into the last line ends with …. */
export function lines(text: string, width: number, most: number, measure: (text: string) => number) {
  const made: string[] = ['']
  for (const letter of text) {
    if (measure(made.at(-1) + letter) <= width) made[made.length - 1] += letter
    else if (made.length < most) made.push(letter)
    else {
      made[made.length - 1] = made.at(-1)!.slice(0, -1) + '…'
      break
    }
  }
  return made
}

/** Draws a card to send to a friend: photo, price, who sells, and a code that opens the page. */
export function drawCard(canvas: HTMLCanvasElement, photo: HTMLImageElement | undefined, words: CardWords) {
  const { width, height, margin } = CARD
  canvas.width = width
  canvas.height = height
  const pen = canvas.getContext('2d')!
  const box = (colour: string, x: number, y: number, w: number, h: number) => {
    pen.fillStyle = colour
    pen.fillRect(x, y, w, h)
  }
  const write = (text: string, size: number, colour: string, x: number, y: number, weight = 400) => {
    pen.font = `${weight} ${size}px ${FONT}`
    pen.fillStyle = colour
    pen.fillText(text, x, y)
  }

  box('#f4f8f6', 0, 0, width, height)
  box('#f1e4cc', 0, 0, width, width)
  if (photo) {
    // Drawn whole and cut off by a frame: a drawing without a size of its own cannot be cropped by its pixels.
    const ratio = photo.naturalWidth / photo.naturalHeight || 1
    const [wide, high] = ratio > 1 ? [width * ratio, width] : [width, width / ratio]
    pen.save()
    pen.beginPath()
    pen.rect(0, 0, width, width)
    pen.clip()
    pen.drawImage(photo, (width - wide) / 2, (width - high) / 2, wide, high)
    pen.restore()
  }
  waves(pen, width - 24)
  write(words.brand, 30, '#0b4f5c', margin, width + 56, 700)
  pen.font = `700 44px ${FONT}`
  const title = lines(words.title, width - 2 * margin, 2, (text) => pen.measureText(text).width)
  title.forEach((line, at) => write(line, 44, '#12282d', margin, width + 118 + at * 56, 700))
  write(words.price, 60, '#c8321e', margin, height - 132, 800)
  write(words.seller, 26, '#47595d', margin, height - 84)
  write(words.scan, 24, '#47595d', margin, height - 44)
  const code = encodeQR(words.address, 'raw', { border: 1 })
  const cell = QR_SIZE / code.length
  const x = width - margin - QR_SIZE
  const y = height - margin - QR_SIZE + 12
  box('#ffffff', x - 8, y - 8, QR_SIZE + 16, QR_SIZE + 16)
  code.forEach((row, down) =>
    row.forEach((dark, along) => {
      if (dark) box('#12282d', x + along * cell, y + down * cell, cell + 0.5, cell + 0.5)
    })
  )
}

function waves(pen: CanvasRenderingContext2D, y: number) {
  pen.fillStyle = '#f4f8f6'
  pen.beginPath()
  pen.moveTo(0, y + 40)
  for (let x = 0; x < CARD.width; x += 60) pen.quadraticCurveTo(x + 30, y - 24, x + 60, y + 12)
  pen.lineTo(CARD.width, y + 40)
  pen.fill()
}
