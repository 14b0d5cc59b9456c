/** What a page says of itself to a browser tab, a search engine and a chat that shows a preview of it. */
export interface Face {
  title: string
  about: string
  /** Address of its picture; empty: none. */
  image: string
  kind: 'website' | 'video.other' | 'product'
}

/** The first data of a page, so that its first picture needs no second trip. */
export interface First {
  kind: 'storefront' | 'room' | 'product' | 'shop'
  json: string
}

const ABOUT_CHARS = 160
const FACE_PLACE = /<!--page-->[\s\S]*?<!--\/page-->/

/**
 * The shell of the web app with a face and the first data of one page in it. Titles are what people typed, so
 * everything is escaped here and nowhere else.
 */
export function page(
  shell: string,
  { face, first, address, base }: { face: Face; first?: First; address: string; base: string }
) {
  const written = shell.replace(FACE_PLACE, () => faceTags(face, address, base))
  if (!first) return written
  const data = `<script type="application/json" id="first" data-kind="${first.kind}">${quiet(first.json)}</script>`
  const end = written.lastIndexOf('</body>')
  return end < 0 ? written + data : written.slice(0, end) + data + written.slice(end)
}

function faceTags({ title: typed, about, image, kind }: Face, address: string, base: string) {
  const title = inOneLine(typed)
  const canonical = base + address
  const properties: [name: string, content: string][] = [
    ['og:site_name', '渔家直播'],
    ['og:locale', 'zh_CN'],
    ['og:type', kind],
    ['og:title', title],
    ['og:description', shorten(about)],
    ['og:url', canonical]
  ]
  if (image) properties.push(['og:image', absolute(image, base)])
  return [
    `<title>${escape(title)}</title>`,
    `<meta name="description" content="${escape(shorten(about))}" />`,
    `<link rel="canonical" href="${escape(canonical)}" />`,
    ...properties.map(([name, content]) => `<meta property="${name}" content="${escape(content)}" />`),
    `<meta name="twitter:card" content="${image ? 'summary_large_image' : 'summary'}" />`
  ].join('\n    ')
}

/** Text between tags or inside a double-quoted attribute. */
export const escape = (text: string) =>
  text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)

/** JSON that can't end its script element, and that old script engines read as one line. */
export const quiet = (json: string) =>
  json
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')

/** Previews are fetched by strangers, who need the whole address. */
export const absolute = (image: string, base: string) => (image.startsWith('/') ? base + image : image)

function shorten(text: string) {
  const line = inOneLine(text)
  const characters = Array.from(line)
  return characters.length > ABOUT_CHARS ? `${characters.slice(0, ABOUT_CHARS - 1).join('')}…` : line
}

const inOneLine = (text: string) => text.replace(/\s+/g, ' ').trim()
