/** A morning at the pier, cut out of paper: flat colours, cut-out lines, nothing that is not drawn here. */
const TIDE = '#0b4f5c'
const TIDE_DEEP = '#073640'
const TIDE_PALE = '#7fb0b3'
const SEA = ['#3f8a92', '#2b7480', '#175e6b', TIDE] as const
const FOAM = '#f4f8f6'
const SAND = '#f1e4cc'
const SAND_DARK = '#dcc49a'
const WOOD = '#a9743f'
const CUT = '#c8321e'
const KELP = '#2f6b3a'
const LAMP = '#f0a81c'
const SKIN = '#e9c39a'
const INK = '#12282d'

const WIDTH = 540
const HEIGHT = 960
const HORIZON = 440
const TURN = Math.PI * 2

type Page = CanvasRenderingContext2D

/** What she holds up, one after the other. */
const GOODS = [
  { name: '蛤蜊', note: '今早的潮', draw: clam },
  { name: '海蛎子', note: '现撬现发', draw: oyster },
  { name: '对虾', note: '活蹦乱跳', draw: prawn }
] as const

/** Draws the moment `turn` of the film, 0 to 1; 1 looks like 0, so it can go round for ever. */
export function drawHarbour(page: Page, turn: number) {
  page.fillStyle = SAND
  page.fillRect(0, 0, WIDTH, HEIGHT)
  sun(page, turn)
  clouds(page, turn)
  hills(page)
  gulls(page, turn)
  sea(page, turn)
  stall(page, turn)
  woman(page, turn)
  goods(page, turn)
  baskets(page)
  seal(page)
}

function sun(page: Page, turn: number) {
  at(page, 405, 292, () => {
    disc(page, 0, 0, 74, LAMP)
    page.rotate((turn * TURN) / 24)
    for (let i = 0; i < 24; i++) {
      page.rotate(TURN / 24)
      const long = i % 2 ? 22 : 34
      shape(page, LAMP, [
        [-7, -88],
        [0, -88 - long],
        [7, -88]
      ])
    }
  })
  at(page, 405, 292, () => {
    page.strokeStyle = SAND
    page.lineWidth = 5
    for (const r of [58, 40]) {
      page.beginPath()
      page.arc(0, 0, r, 0.15 * TURN, 0.85 * TURN)
      page.stroke()
    }
  })
}

function clouds(page: Page, turn: number) {
  const drift = Math.sin(turn * TURN) * 14
  for (const [x, y, size] of [
    [110, 210, 1],
    [300, 150, 0.7]
  ] as const) {
    at(page, x + drift * size, y, () => {
      page.scale(size, size)
      page.fillStyle = FOAM
      page.beginPath()
      page.arc(-44, 0, 26, 0, TURN)
      page.arc(0, -14, 36, 0, TURN)
      page.arc(46, 0, 28, 0, TURN)
      page.rect(-44, 0, 90, 27)
      page.fill()
      spiral(page, 0, -8, 18, SAND_DARK)
      spiral(page, 44, 4, 13, SAND_DARK)
      spiral(page, -42, 5, 12, SAND_DARK)
    })
  }
}

function hills(page: Page) {
  shape(page, TIDE_PALE, [
    [0, HORIZON],
    [0, 372],
    [70, 346],
    [150, 392],
    [230, 360],
    [330, 408],
    [430, 384],
    [540, 416],
    [540, HORIZON]
  ])
  // The lighthouse of the little harbour.
  at(page, 262, 366, () => {
    shape(page, FOAM, [
      [-15, 0],
      [-9, -62],
      [9, -62],
      [15, 0]
    ])
    page.fillStyle = CUT
    page.fillRect(-12, -36, 24, 12)
    page.fillRect(-11, -74, 22, 14)
    shape(page, CUT, [
      [-13, -74],
      [0, -90],
      [13, -74]
    ])
  })
}

function gulls(page: Page, turn: number) {
  for (const [i, y] of [190, 236, 120].entries()) {
    const along = (turn + i * 0.31) % 1
    const wing = Math.sin(turn * TURN * 16 + i * 2) * 9
    at(page, along * (WIDTH + 160) - 80, y + Math.sin(along * TURN * 2) * 14, () => {
      page.strokeStyle = TIDE
      page.lineWidth = 5
      page.lineCap = 'round'
      page.beginPath()
      page.moveTo(-24, -wing)
      page.quadraticCurveTo(-10, -12, 0, 0)
      page.quadraticCurveTo(10, -12, 24, -wing)
      page.stroke()
    })
  }
}

function sea(page: Page, turn: number) {
  for (const [i, colour] of SEA.entries()) {
    const y = HORIZON + i * 54
    const length = 90 - i * 6
    const shift = ((turn * (2 + i)) % 1) * length * 2 * (i % 2 ? -1 : 1)
    if (i === 2) boat(page, turn)
    page.fillStyle = colour
    page.beginPath()
    page.moveTo(-length * 3, HEIGHT)
    for (let x = -length * 3 + shift; x < WIDTH + length * 3; x += length) {
      page.quadraticCurveTo(x + length / 2, y - 26, x + length, y)
    }
    page.lineTo(WIDTH + length * 4, HEIGHT)
    page.fill()
    page.strokeStyle = i < 2 ? SAND : TIDE_PALE
    page.lineWidth = 4
    page.lineCap = 'round'
    for (let x = -length * 3 + shift; x < WIDTH + length * 3; x += length) {
      page.beginPath()
      page.moveTo(x + length * 0.28, y + 10)
      page.quadraticCurveTo(x + length / 2, y - 6, x + length * 0.72, y + 10)
      page.stroke()
    }
  }
}

function boat(page: Page, turn: number) {
  const rock = Math.sin(turn * TURN * 4)
  at(page, 416, 520 + rock * 7, () => {
    page.rotate(rock * 0.05)
    page.strokeStyle = TIDE_DEEP
    page.lineWidth = 6
    line(page, 0, -30, 0, -150)
    line(page, 0, -146, 62, -40)
    line(page, 0, -146, -70, -40)
    const wave = Math.sin(turn * TURN * 12) * 6
    shape(page, CUT, [
      [2, -150],
      [50, -138 + wave],
      [2, -124]
    ])
    for (const [i, x] of [-48, -24, 24, 44].entries()) {
      const y = -146 + Math.abs(x) * 1.62
      shape(page, [LAMP, KELP, CUT, LAMP][i]!, [
        [x - 8, y],
        [x + 8, y],
        [x, y + 18]
      ])
    }
    page.fillStyle = FOAM
    page.fillRect(-40, -66, 60, 38)
    page.fillStyle = TIDE
    page.fillRect(-30, -58, 16, 14)
    page.fillRect(-4, -58, 16, 14)
    page.fillStyle = KELP
    page.beginPath()
    page.moveTo(-100, -34)
    page.quadraticCurveTo(0, -14, 108, -46)
    page.quadraticCurveTo(84, 34, 52, 36)
    page.lineTo(-64, 36)
    page.quadraticCurveTo(-90, 10, -100, -34)
    page.fill()
    disc(page, 74, -14, 9, FOAM)
    disc(page, 76, -14, 4, TIDE_DEEP)
    page.strokeStyle = SAND
    page.lineWidth = 4
    for (const x of [-60, -30, 0, 30]) {
      page.beginPath()
      page.arc(x, 14, 13, Math.PI, TURN)
      page.stroke()
    }
  })
}

function stall(page: Page, turn: number) {
  // The awning, its edge a row of waves.
  const sway = Math.sin(turn * TURN * 3) * 2
  for (let i = 0; i < 9; i++) {
    page.fillStyle = i % 2 ? FOAM : CUT
    page.beginPath()
    page.moveTo(i * 60, 0)
    page.lineTo(i * 60 + 60, 0)
    page.lineTo(i * 60 + 60, 74 + sway)
    page.arc(i * 60 + 30, 74 + sway, 30, 0, Math.PI)
    page.fill()
    disc(page, i * 60 + 30, 78 + sway, 9, i % 2 ? CUT : SAND)
  }
  page.fillStyle = WOOD
  page.fillRect(0, 772, WIDTH, 188)
  page.fillStyle = SAND_DARK
  page.fillRect(0, 756, WIDTH, 26)
  page.strokeStyle = SAND_DARK
  page.lineWidth = 5
  for (let x = 30; x < WIDTH; x += 60) {
    page.beginPath()
    page.arc(x, 868, 22, 0, TURN)
    page.stroke()
    page.beginPath()
    page.arc(x, 868, 9, 0, TURN)
    page.stroke()
  }
}

function woman(page: Page, turn: number) {
  const nod = Math.sin(turn * TURN * 8)
  const lift = Math.sin(turn * TURN * 4) * 6
  at(page, 300, 760, () => {
    // The arm that shows the goods, behind the body.
    limb(page, SEA[1], [-66, -176], [-150, -150 - lift], [-158, -226 - lift], 46)
    disc(page, -160, -238 - lift, 25, SKIN)
    page.fillStyle = SEA[1]
    page.beginPath()
    page.moveTo(-104, 0)
    page.quadraticCurveTo(-106, -196, -40, -216)
    page.lineTo(44, -216)
    page.quadraticCurveTo(110, -196, 108, 0)
    page.fill()
    // Apron, with cut-out waves.
    page.fillStyle = FOAM
    page.beginPath()
    page.moveTo(-66, 0)
    page.lineTo(-58, -142)
    page.quadraticCurveTo(0, -120, 58, -142)
    page.lineTo(70, 0)
    page.fill()
    page.strokeStyle = FOAM
    page.lineWidth = 12
    line(page, -54, -140, -36, -214)
    line(page, 54, -140, 40, -214)
    clamLines(page, 0, -62, 34)
    const wave = Math.sin(turn * TURN * 8) * 16
    limb(page, SEA[1], [72, -176], [150, -120], [126 + wave / 2, -214 + Math.abs(wave) / 2], 44)
    disc(page, 128 + wave / 2, -230 + Math.abs(wave) / 2, 24, SKIN)

    at(page, 2, -276 + nod * 2, () => {
      page.rotate(nod * 0.035)
      page.fillStyle = SKIN
      page.fillRect(-18, 30, 36, 40)
      // The headscarf of the pier, red with white blossoms.
      page.fillStyle = CUT
      page.beginPath()
      page.arc(0, -10, 74, Math.PI * 0.92, Math.PI * 2.08)
      page.quadraticCurveTo(70, 56, 40, 62)
      page.lineTo(-40, 62)
      page.quadraticCurveTo(-70, 56, -73, 8)
      page.fill()
      shape(page, CUT, [
        [-8, 58],
        [-34, 92],
        [0, 76],
        [34, 92],
        [8, 58]
      ])
      page.fillStyle = SKIN
      page.beginPath()
      page.ellipse(0, 4, 48, 54, 0, 0, TURN)
      page.fill()
      page.fillStyle = INK
      page.beginPath()
      page.ellipse(0, -42, 44, 20, 0, Math.PI, TURN)
      page.fill()
      for (const [x, y] of [
        [-50, -44],
        [-18, -68],
        [20, -67],
        [52, -42],
        [62, 0],
        [-62, 0]
      ] as const) {
        blossom(page, x, y, 9)
      }
      const blink = (turn * 5) % 1 < 0.03
      page.strokeStyle = INK
      page.lineWidth = 5
      page.lineCap = 'round'
      for (const side of [-1, 1]) {
        page.beginPath()
        if (blink) page.moveTo(side * 20 - 8, 0)
        if (blink) page.lineTo(side * 20 + 8, 0)
        else page.arc(side * 20, 4, 9, Math.PI * 1.12, Math.PI * 1.88)
        page.stroke()
        disc(page, side * 29, 20, 9, '#e08d6f')
      }
      page.fillStyle = CUT
      page.beginPath()
      page.ellipse(0, 30, 15, 7 + Math.abs(Math.sin(turn * TURN * 20)) * 5, 0, 0, Math.PI)
      page.fill()
    })
  })
}

/** The good of the moment comes up in her hand, with its name on a ticket. */
function goods(page: Page, turn: number) {
  const place = turn * GOODS.length
  const { name, note, draw } = GOODS[Math.floor(place) % GOODS.length]!
  const moment = place % 1
  const grown = Math.min(spring(moment / 0.14), (1 - moment) / 0.05, 1.2)
  if (grown <= 0) return
  const lift = Math.sin(turn * TURN * 4) * 6
  at(page, 142, 474 - lift, () => {
    page.scale(grown, grown)
    at(page, 0, 0, () => {
      page.rotate(Math.sin(turn * TURN * 6) * 0.07)
      draw(page)
    })
    at(page, -6, -150, () => ticket(page, name, note))
  })
}

function clam(page: Page) {
  disc(page, 0, 0, 104, LAMP)
  page.fillStyle = WOOD
  page.beginPath()
  page.moveTo(0, 62)
  page.bezierCurveTo(-60, 62, -96, 18, -76, -22)
  page.bezierCurveTo(-52, -74, 52, -74, 76, -22)
  page.bezierCurveTo(96, 18, 60, 62, 0, 62)
  page.fill()
  page.strokeStyle = SAND
  page.lineWidth = 5
  page.lineCap = 'round'
  for (const k of [0.38, 0.6, 0.82]) {
    page.beginPath()
    page.ellipse(0, 56, 84 * k, 108 * k, 0, Math.PI * 1.1, Math.PI * 1.9)
    page.stroke()
  }
  clamLines(page, 0, 58, 96)
  disc(page, 0, 58, 10, SAND)
}

function clamLines(page: Page, x: number, y: number, length: number) {
  page.strokeStyle = length > 50 ? SAND : SEA[1]
  page.lineWidth = length > 50 ? 4 : 5
  page.lineCap = 'round'
  for (let i = -3; i <= 3; i++) {
    const angle = -Math.PI / 2 + i * 0.27
    line(
      page,
      x + Math.cos(angle) * 16,
      y + Math.sin(angle) * 16,
      x + Math.cos(angle) * length,
      y + Math.sin(angle) * length
    )
  }
}

function oyster(page: Page) {
  disc(page, 0, 0, 104, FOAM)
  page.fillStyle = TIDE
  page.beginPath()
  page.moveTo(-66, 44)
  page.bezierCurveTo(-104, -6, -60, -44, -34, -52)
  page.bezierCurveTo(-4, -86, 44, -62, 58, -34)
  page.bezierCurveTo(92, -10, 78, 40, 42, 54)
  page.bezierCurveTo(8, 84, -44, 74, -66, 44)
  page.fill()
  page.fillStyle = FOAM
  page.beginPath()
  page.ellipse(4, 6, 54, 40, -0.3, 0, TURN)
  page.fill()
  page.fillStyle = SAND_DARK
  page.beginPath()
  page.ellipse(6, 8, 38, 25, -0.3, 0, TURN)
  page.fill()
  disc(page, 24, -4, 11, FOAM)
  page.strokeStyle = TIDE_PALE
  page.lineWidth = 4
  for (const [from, to] of [
    [0.55, 0.95],
    [1.05, 1.4]
  ] as const) {
    page.beginPath()
    page.ellipse(0, 2, 68, 54, -0.2, Math.PI * from, Math.PI * to)
    page.stroke()
  }
}

function prawn(page: Page) {
  disc(page, 0, 0, 104, SAND)
  page.lineCap = 'round'
  page.strokeStyle = CUT
  page.lineWidth = 38
  page.beginPath()
  page.arc(0, 8, 48, Math.PI * 0.72, Math.PI * 1.95)
  page.stroke()
  page.strokeStyle = FOAM
  page.lineWidth = 4
  for (let i = 0; i < 6; i++) {
    const angle = Math.PI * (0.86 + i * 0.17)
    line(page, Math.cos(angle) * 30, 8 + Math.sin(angle) * 30, Math.cos(angle) * 65, 8 + Math.sin(angle) * 65)
  }
  page.fillStyle = CUT
  at(page, -28, 50, () => {
    page.rotate(0.5)
    shape(page, CUT, [
      [0, -14],
      [40, -6],
      [26, 8],
      [42, 24],
      [0, 16]
    ])
  })
  disc(page, 42, -16, 6, INK)
  page.strokeStyle = CUT
  page.lineWidth = 4
  for (const [dx, dy] of [
    [74, -76],
    [84, -52],
    [20, -88]
  ] as const) {
    page.beginPath()
    page.moveTo(50, -14)
    page.quadraticCurveTo(76, -20, dx, dy)
    page.stroke()
  }
  for (let i = 0; i < 4; i++) {
    const angle = Math.PI * (1.0 + i * 0.2)
    line(page, Math.cos(angle) * 26, 8 + Math.sin(angle) * 26, Math.cos(angle) * 8, 14 + Math.sin(angle) * 4)
  }
}

/** A paper ticket with notched edges. */
function ticket(page: Page, name: string, note: string) {
  page.fillStyle = FOAM
  page.beginPath()
  page.roundRect(-104, -46, 208, 88, 12)
  page.fill()
  for (const x of [-104, 104]) disc(page, x, -2, 11, SAND)
  page.fillStyle = CUT
  words(page, name, 0, -14, 44)
  page.fillStyle = INK
  words(page, note, 0, 25, 21)
}

function baskets(page: Page) {
  for (const [x, draw, tone] of [
    [92, 0, WOOD],
    [270, 1, CUT],
    [448, 2, TIDE]
  ] as const) {
    at(page, x, 756, () => {
      for (let i = 0; i < 7; i++) {
        const [px, py] = [-54 + i * 18, -22 - (i % 2) * 16 - (i === 3 ? 8 : 0)]
        disc(page, px, py, 17, draw === 1 ? CUT : draw === 2 ? SEA[0] : SAND)
        page.strokeStyle = draw === 1 ? FOAM : WOOD
        page.lineWidth = 3
        page.beginPath()
        page.arc(px, py + 4, 10, Math.PI * 1.1, Math.PI * 1.9)
        page.stroke()
      }
      shape(page, SAND_DARK, [
        [-78, -20],
        [78, -20],
        [62, 52],
        [-62, 52]
      ])
      page.strokeStyle = tone
      page.lineWidth = 5
      for (let i = 0; i < 6; i++) line(page, -64 + i * 24, -8, -52 + i * 22, 42)
      line(page, -70, 6, 70, 6)
      line(page, -66, 28, 66, 28)
    })
  }
}

/** 演示 as a seal: whoever looks for a moment knows that this is not a real show. */
function seal(page: Page) {
  at(page, 468, 178, () => {
    page.rotate(0.05)
    page.fillStyle = CUT
    page.beginPath()
    page.roundRect(-46, -84, 92, 168, 10)
    page.fill()
    page.strokeStyle = FOAM
    page.lineWidth = 4
    page.strokeRect(-37, -75, 74, 150)
    page.fillStyle = FOAM
    words(page, '演', 0, -36, 64)
    words(page, '示', 0, 38, 64)
  })
}

// — scissors —

function at(page: Page, x: number, y: number, draw: () => void) {
  page.save()
  page.translate(x, y)
  draw()
  page.restore()
}
function disc(page: Page, x: number, y: number, r: number, colour: string) {
  page.fillStyle = colour
  page.beginPath()
  page.arc(x, y, r, 0, TURN)
  page.fill()
}
function shape(page: Page, colour: string, points: readonly (readonly [number, number])[]) {
  page.fillStyle = colour
  page.beginPath()
  for (const [x, y] of points) page.lineTo(x, y)
  page.closePath()
  page.fill()
}
function line(page: Page, x1: number, y1: number, x2: number, y2: number) {
  page.beginPath()
  page.moveTo(x1, y1)
  page.lineTo(x2, y2)
  page.stroke()
}
type Point = readonly [number, number]
function limb(page: Page, colour: string, from: Point, via: Point, to: Point, width: number) {
  page.strokeStyle = colour
  page.lineWidth = width
  page.lineCap = 'round'
  page.beginPath()
  page.moveTo(...from)
  page.quadraticCurveTo(...via, ...to)
  page.stroke()
}
function blossom(page: Page, x: number, y: number, r: number) {
  for (let i = 0; i < 5; i++) {
    const angle = (i * TURN) / 5
    disc(page, x + Math.cos(angle) * r * 0.7, y + Math.sin(angle) * r * 0.7, r * 0.5, FOAM)
  }
  disc(page, x, y, r * 0.4, LAMP)
}
function spiral(page: Page, x: number, y: number, r: number, colour: string) {
  page.strokeStyle = colour
  page.lineWidth = 3
  page.beginPath()
  for (let a = 0; a < TURN * 1.6; a += 0.2) {
    const k = (r * a) / (TURN * 1.6)
    page.lineTo(x + Math.cos(a) * k, y + Math.sin(a) * k)
  }
  page.stroke()
}
function words(page: Page, text: string, x: number, y: number, size: number) {
  page.font = `700 ${size}px 'PingFang SC', 'Noto Sans CJK SC', 'WenQuanYi Micro Hei', sans-serif`
  page.textAlign = 'center'
  page.textBaseline = 'middle'
  page.fillText(text, x, y)
}
/** Overshoots a little and settles at 1. */
const spring = (x: number) => (x >= 1 ? 1 : 1 - Math.cos(x * Math.PI * 1.5) * (1 - x) ** 1.5)
