import sharp from 'sharp'
import type { BadWhat } from '../../shared/contracts/aftersale.ts'
import type { Village } from '../app.ts'
import type { StoryClock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import { ART, type ArtName } from './art.ts'

const HOUR_MS = 3_600_000

interface Complaint {
  buyer: string
  host: string
  art: ArtName
  hoursAgo: number
  what: BadWhat
  percent: number
  words: string
}

/** Half a box of oysters is made good at once; a jin of prawns is more than the rule allows, so it waits on the desk. */
const COMPLAINTS: readonly Complaint[] = [
  {
    buyer: 'buyer-2',
    host: 'haiyan',
    art: 'reefOysters',
    hoursAgo: 19,
    what: 'dead',
    percent: 50,
    words: '一半开口了，闻着不新鲜'
  },
  {
    buyer: 'buyer-7',
    host: 'haiyan',
    art: 'prawns',
    hoursAgo: 3,
    what: 'broken',
    percent: 100,
    words: '冰袋漏了，虾头都黑了'
  }
]

/** What demo buyers have to say of what arrived, with photos that show the digits of that moment. */
export async function reportWhatCameBad(village: Village, clock: StoryClock, person: (id: string) => Member) {
  const now = clock.now()
  for (const { buyer, host, art, hoursAgo, ...bad } of COMPLAINTS) {
    await clock.at(now - hoursAgo * HOUR_MS, async () => {
      const me = person(buyer)
      const [order] = (await village.orders.mine(me)).filter(({ state }) => state === 'received')
      if (!order) return
      const { compensations } = village.shop.aftersale
      const { code } = await compensations.codeFor(me, order.id)
      const upload = await photoOf(art, code)
      const { id } = await village.school.files.keep(me, { kind: 'bad_goods', forId: host, upload })
      const { specId } = order.lines[0]!
      await compensations.report(me, order.id, { ...bad, specId, qty: 1, code, fileIds: [id] })
    })
  }
}

/** Goods of the demo’s own drawing, and beside them a slip of paper with the digits. */
async function photoOf(art: ArtName, code: string) {
  const slip = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="260" height="120"><rect width="260" height="120" fill="#fff"/>` +
      `<text x="130" y="88" font-size="84" font-family="monospace" text-anchor="middle" fill="#123">${code}</text></svg>`
  )
  const goods = await sharp(Buffer.from(ART[art]())).resize(800).png().toBuffer()
  return sharp(goods)
    .composite([{ input: slip, left: 40, top: 40 }])
    .png()
    .toBuffer()
}
