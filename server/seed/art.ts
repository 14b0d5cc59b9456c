/**
 * The demo village's pictures: paper-cuts (剪纸) of our own, drawn with leaves, crescents and saw-teeth cut out of one
 * flat colour, as the women of the village cut them for their windows. They stand in for photos.
 */
const TIDE = '#0b4f5c'
const FOAM = '#f4f8f6'
const SAND = '#f1e4cc'
const CUT = '#c8321e'
const KELP = '#2f6b3a'
const LAMP = '#f0a81c'
const INK = '#12282d'
const SHALLOWS = '#a9cdcb'

/** The side of a square drawing. */
const SIDE = 400

interface Paper {
  /** The colour of the sheet that is cut. */
  ink: string
  /** What shows through the cuts. */
  ground: string
}

/** A leaf-shaped cut from (x, y), pointing up before it is turned. */
const leaf = (x: number, y: number, degrees: number, length: number, width: number, fill: string) =>
  `<path transform="translate(${x} ${y}) rotate(${degrees})" fill="${fill}" d="M0 0Q${width / 2} ${-length * 0.55} 0 ${-length}Q${-width / 2} ${-length * 0.55} 0 0z"/>`

const crescent = (x: number, y: number, degrees: number, size: number, fill: string) =>
  `<path transform="translate(${x} ${y}) rotate(${degrees}) scale(${size})" fill="${fill}" d="M-10 0Q0-9 10 0Q0-4 -10 0z"/>`

const ring = (x: number, y: number, radius: number, fill: string) =>
  `<circle cx="${x}" cy="${y}" r="${radius}" fill="${fill}"/>`

const range = (n: number) => Array.from({ length: n }, (_, i) => i)
const placed = (drawing: string, x: number, y: number, size = 1, degrees = 0) =>
  `<g transform="translate(${x} ${y}) rotate(${degrees}) scale(${size})">${drawing}</g>`

// Each thing of the sea is drawn around (0, 0), about 200 wide.

function clam({ ink, ground }: Paper) {
  const ribs = range(9).map((i) => leaf(0, 74, -64 + i * 16, 138 - Math.abs(i - 4) * 4, 13, ground))
  const hem = range(8).map((i) => {
    const angle = ((-56 + i * 16) * Math.PI) / 180
    return ring(Math.sin(angle) * 146, 74 - Math.cos(angle) * 146, 4.5, ground)
  })
  return `<path fill="${ink}" d="M0-92C62-92 112-46 112 14c0 26-16 44-40 50L24 84c-8 12-40 12-48 0L-72 64c-24-6-40-24-40-50C-112-46-62-92 0-92z"/>${ribs.join('')}${hem.join('')}${crescent(0, 86, 180, 1.7, ground)}`
}

function oyster({ ink, ground }: Paper) {
  const shell = `<path fill="${ink}" d="M-20-108c40-14 92 14 104 62 10 42-2 96-40 126-30 24-82 26-108-4-26-30-20-62-12-92 8-34 18-78 56-92z"/>`
  const frills = range(4).map(
    (i) =>
      `<path fill="none" stroke="${ground}" stroke-width="5" stroke-linecap="round" transform="scale(${0.9 - i * 0.04})" d="M${-66 + i * 8} ${40 - i * 34}q18-20 40-8t44-10 44-6"/>`
  )
  return `${shell}${frills.join('')}<path fill="${ground}" d="M-34 66c0-28 30-46 62-34 22 8 22 42-4 54-26 12-58 4-58-20z"/><circle cx="4" cy="58" r="13" fill="${ink}"/>${crescent(0, 55, 0, 0.7, ground)}`
}

function mussel({ ink, ground }: Paper) {
  const one = `<path fill="${ink}" d="M0-106c44 34 66 84 54 140C48 78 24 98 0 98s-48-20-54-64C-66-22-44-72 0-106z"/>${range(
    5
  )
    .map((i) => leaf(0, 84, (i - 2) * 13, 150 - Math.abs(i - 2) * 22, 12, ground))
    .join('')}`
  return placed(one, -58, 14, 0.84, -34) + placed(one, 60, 14, 0.84, 36) + placed(one, 0, 4, 0.95)
}

function prawn({ ink, ground }: Paper) {
  const rings = range(6).map((i) => {
    const angle = ((-52 + i * 31) * Math.PI) / 180
    const [x, y] = [Math.sin(angle) * 70 - 8, 10 - Math.cos(angle) * 70]
    return `<path transform="translate(${x} ${y}) rotate(${-52 + i * 31})" d="M0-27V27" stroke="${ground}" stroke-width="5" stroke-linecap="round"/>`
  })
  const legs = range(5).map((i) => {
    const degrees = -20 + i * 30
    return `<path transform="translate(-8 10) rotate(${degrees})" d="M0-44q-2 22-16 30" fill="none" stroke="${ink}" stroke-width="7" stroke-linecap="round"/>`
  })
  return `<path fill="none" stroke="${ink}" stroke-width="5" stroke-linecap="round" d="M-86-52C-130-70-146-30-128 20M-80-60C-110-116-50-128-10-118"/>
<path fill="${ink}" d="M-112-34c10-34 54-66 104-66 66 0 106 50 106 110 0 54-38 92-84 96-12 1-16-20-4-24 28-8 46-34 44-66-3-42-36-62-70-60-30 2-40 18-58 26-14 6-34 0-38-16z"/>
<path fill="${ink}" d="M10 108c-20-18-54-10-62 8 20-2 28 8 30 22 18 0 30-8 32-30z"/>${rings.join('')}${legs.join('')}
<circle cx="-80" cy="-40" r="8" fill="${ground}"/><path fill="${ink}" d="M-104-44l-40-14 44-2z"/>`
}

function crab({ ink, ground }: Paper) {
  const leg = (side: number, i: number) =>
    `<path fill="none" stroke="${ink}" stroke-width="11" stroke-linecap="round" stroke-linejoin="round" d="M${side * (66 - i * 8)} ${18 + i * 14}l${side * (46 - i * 6)} ${-8 + i * 16}l${side * (14 - i * 8)} ${30 + i * 4}"/>`
  const claw = (side: number) =>
    `<g transform="scale(${side} 1)"><path fill="none" stroke="${ink}" stroke-width="15" stroke-linecap="round" d="M70-14l36-26-8-30"/><path fill="${ink}" d="M90-66c-20-30-2-62 26-66-8 14-4 24 2 32 6-10 12-16 26-20 4 30-18 60-54 54z"/>${crescent(108, -82, -40, 1, ground)}</g>`
  return `${[1, -1]
    .map(
      (side) =>
        claw(side) +
        range(3)
          .map((i) => leg(side, i))
          .join('')
    )
    .join('')}
<path fill="${ink}" d="M-128 6L-96-22C-70-56 70-56 96-22L128 6 96 24C76 82-76 82-96 24z"/>
${range(7)
  .map((i) => leaf(0, 62, -66 + i * 22, 74 - Math.abs(i - 3) * 3, 12, ground))
  .join('')}${crescent(0, -30, 0, 2.4, ground)}
<circle cx="-28" cy="-56" r="9" fill="${ink}"/><circle cx="28" cy="-56" r="9" fill="${ink}"/>`
}

function kelp({ ink, ground }: Paper) {
  const ribbon = `<path fill="${ink}" d="M-20 118C-48 84 8 62-14 26-38-12 12-34-6-72-14-92-2-112 12-122 28-92 20-76 26-56 40-14-4 8 18 42 40 78 2 88 20 118z"/>${range(
    6
  )
    .map((i) => leaf(i % 2 ? 8 : -2, 108 - i * 38, i % 2 ? 14 : -14, 30, 11, ground))
    .join('')}`
  return placed(ribbon, -72, 12, 0.9, -12) + placed(ribbon, 74, 12, 0.9, 14) + placed(ribbon, 0, 0, 1.06)
}

function fish({ ink, ground }: Paper) {
  const scales = range(15).map((i) => {
    const [row, column] = [i % 3, Math.floor(i / 3)]
    return crescent(-34 + column * 27 + (row % 2) * 12, -22 + row * 24, 90, 1.05, ground)
  })
  return `<path fill="${ink}" d="M-132 4C-100-50-20-74 60-34L124-70c6 24-4 46-14 66 12 22 22 46 16 72L58 40C-20 78-100 56-132 4z"/><path fill="${ink}" d="M-30-52c10-26 44-40 74-30-12 12-16 26-16 42zM-10 58c2 20 18 34 40 36-4-14-2-26 4-36z"/><path d="M-72-38q22 42-2 84" fill="none" stroke="${ground}" stroke-width="6"/><circle cx="-96" cy="-6" r="9" fill="${ground}"/>${scales.join('')}${leaf(78, 2, 62, 44, 9, ground)}${leaf(78, 2, 118, 44, 9, ground)}`
}

function jar({ ink, ground }: Paper) {
  return `<path fill="${ink}" d="M-74-70c0-10 8-16 18-16H56c10 0 18 6 18 16 0 8-6 14-14 16 34 14 52 46 52 84 0 52-42 82-112 82S-112 82-112 30c0-38 18-70 52-84-8-2-14-8-14-16z"/><path fill="${ink}" d="M-60-92c10-20 110-20 120 0-12-34-108-34-120 0z"/><path d="M-68-58H68" stroke="${ground}" stroke-width="5"/>${range(
    9
  )
    .map((i) => `<path fill="${ground}" d="M${-88 + i * 20}-24l10 16 10-16z"/>`)
    .join(
      ''
    )}<path fill="${ground}" d="M0 4l54 34L0 72-54 38z"/>${placed(prawn({ ink, ground }), 2, 38, 0.22)}${crescent(0, 94, 180, 4, ground)}`
}

function bowl({ ink, ground }: Paper) {
  const ball = (x: number, y: number) => `${ring(x, y, 30, ink)}${crescent(x - 6, y - 10, -24, 1.3, ground)}`
  const steam = (x: number) =>
    `<path fill="none" stroke="${ink}" stroke-width="7" stroke-linecap="round" d="M${x}-84q-14-16 0-30t0-28"/>`
  return `${steam(-42)}${steam(0)}${steam(42)}${ball(-62, -24)}${ball(62, -24)}${ball(-22, -44)}${ball(24, -44)}${ball(0, -18)}
<path fill="${ink}" stroke="${ground}" stroke-width="5" d="M-128-10H128C124 62 78 110 0 110S-124 62-128-10z"/>${range(
    9
  )
    .map((i) => crescent(-96 + i * 24, 18, 0, 1.05, ground))
    .join('')}${range(6)
    .map((i) => leaf(0, 96, -60 + i * 24, 58, 11, ground))
    .join('')}<path fill="${ink}" d="M-48 104H48l8 22H-56z"/>`
}

/** 赶海: a bucket, a rake and a small clam. */
function bucket({ ink, ground }: Paper) {
  return `<path fill="none" stroke="${ink}" stroke-width="10" d="M-84-44C-76-140 44-140 52-44"/><path fill="${ink}" d="M-100-52H68L48 104H-80z"/><path d="M-94-24H62" stroke="${ground}" stroke-width="5"/>${range(
    7
  )
    .map((i) => `<path fill="${ground}" d="M${-82 + i * 20}-10l10 15 10-15z"/>`)
    .join('')}${placed(clam({ ink: ground, ground: ink }), -16, 52, 0.42)}
<path fill="none" stroke="${ink}" stroke-width="11" stroke-linecap="round" d="M100-120L116 60"/><path fill="none" stroke="${ink}" stroke-width="9" stroke-linecap="round" d="M88 70l56-8M90 72l-2 40M108 70l0 42M126 66l4 42M143 63l8 40"/>`
}

/** A table for the whole family: a pot with a crab's claws over its rim. */
function feast({ ink, ground }: Paper) {
  return `${placed(crab({ ink: CUT, ground }), 0, -42, 0.72)}<path fill="${ink}" stroke="${ground}" stroke-width="5" d="M-124-18H124L106 74c-6 26-28 36-50 36H-56c-22 0-44-10-50-36z"/><path fill="${ink}" d="M-124 0h-34v22h40zM124 0h34v22h-40z"/>${range(
    5
  )
    .map((i) => placed(clam({ ink: ground, ground: ink }), -80 + i * 40, 26, 0.16))
    .join('')}${range(10)
    .map((i) => `<path fill="${ground}" d="M${-90 + i * 18} 66l9 14 9-14z"/>`)
    .join('')}`
}

function boat({ ink, ground }: Paper) {
  return `<path fill="${ink}" d="M-130 20H130L98 84H-92zM-8-110H4V18H-8z"/><path fill="${ink}" d="M12-104C70-84 96-40 100 4H12zM-16-84C-58-64-82-34-86 4h70z"/>${range(
    4
  )
    .map(
      (i) =>
        `<path d="M16 ${-78 + i * 22}q${26 + i * 9} 0 ${44 + i * 10} ${10}" stroke="${ground}" stroke-width="4" fill="none"/>`
    )
    .join('')}${range(9)
    .map((i) => ring(-84 + i * 21, 44, 5, ground))
    .join('')}<path d="M-108 64H96" stroke="${ground}" stroke-width="4"/>`
}

function sun(ground: string) {
  const rays = range(20).map((i) => {
    const angle = (i * Math.PI) / 10
    return leaf(Math.sin(angle) * 70, -Math.cos(angle) * 70, i * 18, 30, 12, CUT)
  })
  return `${ring(0, 0, 62, CUT)}${rays.join('')}${range(8)
    .map((i) => leaf(0, 0, i * 45, 46, 13, ground))
    .join('')}`
}

/** 浪: a row of scallops with a crescent in each, as wide as the drawing. */
function waves(y: number, { ink, ground }: Paper, width = SIDE, size = 40) {
  const crests = range(Math.ceil(width / size) + 1).map((i) => {
    const x = i * size
    return `<circle cx="${x}" cy="${y + size / 2}" r="${size * 0.56}" fill="${ink}"/><circle cx="${x}" cy="${y + size / 2}" r="${size * 0.36}" fill="none" stroke="${ground}" stroke-width="3"/><circle cx="${x}" cy="${y + size / 2}" r="${size * 0.16}" fill="${ground}"/>`
  })
  return `${crests.join('')}<rect x="0" y="${y + size * 0.62}" width="${width}" height="${SIDE * 4}" fill="${ink}"/>`
}

/** A window flower's frame: a hairline, and in each corner a cut of folded paper. */
function frame(ink: string, width = SIDE, height = SIDE) {
  const corner = `<path fill="${ink}" d="M0 0h58c-8 10-20 12-30 10 4 8 0 16-8 16s-10 8-10 16c0 8-4 14-10 16z"/>`
  const corners = [
    [14, 14, 1, 1],
    [width - 14, 14, -1, 1],
    [14, height - 14, 1, -1],
    [width - 14, height - 14, -1, -1]
  ].map(([x, y, a, b]) => `<g transform="translate(${x} ${y}) scale(${a} ${b})">${corner}</g>`)
  return `<rect x="14" y="14" width="${width - 28}" height="${height - 28}" fill="none" stroke="${ink}" stroke-width="2.5"/>${corners.join('')}`
}

const svg = (content: string, width = SIDE, height = SIDE) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width * 2}" height="${height * 2}">${content}</svg>`

function goods(draw: (paper: Paper) => string, ink: string, ground: string, wave: string) {
  return svg(
    `<rect width="${SIDE}" height="${SIDE}" fill="${ground}"/>${frame(wave)}${waves(344, { ink: wave, ground })}${placed(draw({ ink, ground }), 200, 188, 1.06)}`
  )
}

interface Woman {
  scarf: string
  coat: string
  ground: string
  knot: 'chin' | 'nape' | 'hat'
}

/** A face as paper-cutters cut it: one sheet, the features are leaves and crescents. */
function woman({ scarf, coat, ground, knot }: Woman) {
  const skin = '#f6d9bd'
  const shoulders = `<path fill="${coat}" d="M-150 200c6-74 52-104 104-112h92c52 8 98 38 104 112z"/>${range(5)
    .map((i) => leaf(-92 + i * 46, 190, (i - 2) * 8, 54, 14, ground))
    .join('')}<path fill="${ground}" d="M-34 88Q0 128 34 88L18 84H-18z"/>`
  const face = `<path fill="${skin}" d="M-62-24C-62-78-34-98 0-98S62-78 62-24C62 38 34 84 0 84S-62 38-62-24z"/>`
  const hair = `<path fill="${INK}" d="M-66-18C-70-84-40-116 0-116S70-84 66-18C56-54 30-70-14-74-36-66-56-50-66-18z"/>`
  const features = `${crescent(-27, -22, 0, 1.7, INK)}${crescent(27, -22, 0, 1.7, INK)}${ring(-27, -21, 6.5, INK)}${ring(27, -21, 6.5, INK)}${crescent(-27, -40, 0, 1.9, INK)}${crescent(27, -40, 0, 1.9, INK)}<path d="M2-10q8 20-2 26" stroke="${INK}" stroke-width="3" fill="none" stroke-linecap="round"/><path fill="${CUT}" d="M-20 40Q0 34 20 40Q0 62-20 40z"/>${ring(-40, 22, 9, '#e9a58a')}${ring(40, 22, 9, '#e9a58a')}`
  const flowers = (n: number, y: number) =>
    range(n)
      .map((i) => {
        const x = (i - (n - 1) / 2) * 34
        return range(6)
          .map((j) => leaf(x, y + Math.abs(x) * 0.35, j * 60, 12, 8, ground))
          .join('')
      })
      .join('')
  const scarfs = {
    chin: `<path fill="${scarf}" d="M-92 64C-112-60-70-140 0-140S112-60 92 64C72 96 40 108 0 112-40 108-72 96-92 64zM0-92C-44-92-64-64-62-14-60 44-34 84 0 84S60 44 62-14C64-64 44-92 0-92z" fill-rule="evenodd"/>${flowers(5, -118)}<path fill="${scarf}" d="M-8 100L-52 150-10 136 6 112 34 148 62 132 14 98z"/>`,
    nape: `<path fill="${scarf}" d="M-76-34C-80-108-46-146 0-146S80-108 76-34C60-70 34-84 0-84S-60-70-76-34z"/>${flowers(3, -114)}<path fill="${scarf}" d="M70-50l52 24-20 8 22 26-56-18z"/>`,
    hat: `<path fill="${scarf}" d="M-134-50C-92-76-74-88-62-118-50-156 50-156 62-118 74-88 92-76 134-50 70-74-70-74-134-50z"/>${range(
      7
    )
      .map((i) => leaf((i - 3) * 18, -72, (i - 3) * 7, 58, 9, ground))
      .join(
        ''
      )}<path d="M-66-60C-64 20-44 84 0 96 44 84 64 20 66-60" fill="none" stroke="${scarf}" stroke-width="6"/>`
  }
  const back =
    knot === 'chin' ? '' : `<path fill="${INK}" d="M-70-20C-90 40-78 84-64 104H64C78 84 90 40 70-20z"/>`
  return `${back}${shoulders}${face}${hair}${features}${scarfs[knot]}`
}

const WOMEN = {
  haiyan: { scarf: CUT, coat: TIDE, ground: SAND, knot: 'chin' },
  guilan: { scarf: LAMP, coat: CUT, ground: FOAM, knot: 'hat' },
  xiumei: { scarf: KELP, coat: LAMP, ground: SAND, knot: 'nape' },
  yuzhen: { scarf: TIDE, coat: KELP, ground: FOAM, knot: 'chin' }
} as const satisfies Record<string, Woman>

const portrait = (who: keyof typeof WOMEN) => {
  const { ground, coat } = WOMEN[who]
  return svg(
    `<rect width="${SIDE}" height="${SIDE}" fill="${ground}"/>${range(24)
      .map((i) => leaf(200, 210, i * 15, 196, 15, `${coat}1f`))
      .join('')}${placed(woman(WOMEN[who]), 200, 214, 0.98)}`
  )
}

/** The poster of a show: sun, boat and waves, the host in front, her goods around her. */
function poster(who: keyof typeof WOMEN, sky: string, sea: string, things: ((paper: Paper) => string)[]) {
  const [width, height] = [450, 800]
  return svg(
    `<rect width="${width}" height="${height}" fill="${sky}"/>${placed(sun(sky), 330, 150, 1)}${placed(boat({ ink: TIDE, ground: sky }), 130, 205, 0.7)}${waves(262, { ink: sea, ground: sky }, width, 50)}
<path fill="${SAND}" d="M0 800V640Q225 560 450 640V800z"/>${placed(woman({ ...WOMEN[who], ground: sea }), 225, 430, 1.08)}
<path fill="${SAND}" d="M0 800V648Q225 590 450 648V800z"/>${things
      .map((thing, i) =>
        placed(thing({ ink: [CUT, TIDE, KELP][i % 3]!, ground: SAND }), 96 + i * 130, 700, 0.5, -8 + i * 8)
      )
      .join('')}${frame(SAND, width, height)}`,
    width,
    height
  )
}

/** All four women at the water: what a chat shows of a link to the first page (`web/public/cover.png`). */
export function groupPortrait() {
  const [width, height] = [1200, 630]
  const people = (Object.keys(WOMEN) as (keyof typeof WOMEN)[]).map((who, i) =>
    placed(woman({ ...WOMEN[who], ground: SHALLOWS }), 195 + i * 270, 430, 0.98)
  )
  return svg(
    `<rect width="${width}" height="${height}" fill="${SAND}"/>${placed(sun(SAND), 950, 104, 0.84)}${placed(boat({ ink: TIDE, ground: SAND }), 240, 130, 0.75)}${waves(190, { ink: SHALLOWS, ground: TIDE }, width, 50)}${people.join('')}`,
    width,
    height
  )
}

/** Every picture of the demo village by name: an SVG, made when it is asked for. */
export const ART = {
  clams: () =>
    goods(
      (paper) =>
        placed(clam(paper), -70, -40, 0.62, -18) +
        placed(clam(paper), 74, -46, 0.58, 20) +
        placed(clam(paper), 0, 54, 0.78),
      TIDE,
      SAND,
      CUT
    ),
  reefOysters: () =>
    goods(
      (paper) =>
        placed(oyster(paper), -84, -34, 0.56, -24) +
        placed(oyster(paper), 78, -44, 0.56, 28) +
        placed(oyster(paper), 0, 56, 0.62),
      TIDE,
      '#f7d58c',
      KELP
    ),
  tideTrip: () => goods(bucket, TIDE, '#f7d58c', CUT),
  oysters: () =>
    goods(
      (paper) => placed(oyster(paper), -66, 22, 0.82, -14) + placed(oyster(paper), 70, -18, 0.82, 16),
      TIDE,
      FOAM,
      CUT
    ),
  mussels: () => goods(mussel, INK, SAND, TIDE),
  feast: () => goods(feast, TIDE, '#f7d58c', TIDE),
  prawns: () => goods(prawn, CUT, SAND, TIDE),
  crab: () => goods(crab, CUT, FOAM, KELP),
  shrimpPaste: () => goods(jar, CUT, SAND, KELP),
  kelp: () => goods(kelp, KELP, FOAM, TIDE),
  fishBalls: () => goods(bowl, TIDE, SAND, CUT),
  driedFish: () =>
    goods(
      (paper) =>
        placed(fish(paper), -6, -62, 0.82, -6) + placed(fish({ ...paper, ink: CUT }), 6, 56, 0.82, 6),
      TIDE,
      SAND,
      KELP
    ),
  haiyan: () => portrait('haiyan'),
  guilan: () => portrait('guilan'),
  xiumei: () => portrait('xiumei'),
  yuzhen: () => portrait('yuzhen'),
  morningTide: () => poster('haiyan', SAND, KELP, [clam, oyster, prawn]),
  oysterNight: () => poster('guilan', '#f7d58c', TIDE, [mussel, oyster, mussel]),
  familyFeast: () => poster('xiumei', FOAM, TIDE, [crab, feast, bowl])
} as const satisfies Record<string, () => string>

export type ArtName = keyof typeof ART
