import sharp from 'sharp'
import type { HideReason } from '../../shared/contracts/reviews.ts'
import type { Village } from '../app.ts'
import type { StoryClock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import { ART, type ArtName } from './art.ts'
import type { Folk } from './packing.ts'

const HOUR_MS = 3_600_000
const OFFICER = 'officer'
/** So long after it came she finds the time to write; the host answers on the next day. */
const WRITES_MS = 20 * HOUR_MS
const ANSWERS_MS = 26 * HOUR_MS

interface Said {
  buyer: string
  host: string
  art: ArtName
  stars: number
  words: string
  photo?: true
  reply?: string
  /** What the union did, or is asked to do. */
  hidden?: { reason: HideReason; words: string }
  asked?: { reason: HideReason; words: string }
}

const SAID: readonly Said[] = [
  {
    buyer: 'buyer-1',
    host: 'haiyan',
    art: 'clams',
    stars: 5,
    words: '到家还张着嘴吐水，冰袋没化。凉水下锅，三分钟开口，一颗沙都没有。',
    photo: true,
    reply: '您会煮！汤别倒，下面条。'
  },
  { buyer: 'buyer-9', host: 'haiyan', art: 'clams', stars: 4, words: '鲜是真鲜，个头比直播里看着小一点。' },
  {
    buyer: 'buyer-3',
    host: 'haiyan',
    art: 'clams',
    stars: 2,
    words: '晚到了一天，三斤里有小半斤不张口。',
    reply: '那天起雾封了路，对不住。不张口的按“坏单包赔”报给我，我赔您。'
  },
  { buyer: 'buyer-8', host: 'haiyan', art: 'reefOysters', stars: 5, words: '煎了一盘海蛎煎，孩子抢着吃。' },
  {
    buyer: 'buyer-4',
    host: 'haiyan',
    art: 'reefOysters',
    stars: 1,
    words: '加我微信，同样的货便宜一半。',
    hidden: { reason: 'advert', words: '留了别家的联系方式，没有说到货' }
  },
  { buyer: 'buyer-1', host: 'haiyan', art: 'prawns', stars: 5, words: '' },
  {
    buyer: 'buyer-7',
    host: 'haiyan',
    art: 'prawns',
    stars: 3,
    words: '虾不错，可箱子压扁了一个角。',
    asked: { reason: 'off_topic', words: '她说的是箱子，不是虾' }
  },
  { buyer: 'buyer-5', host: 'yuzhen', art: 'kelp', stars: 5, words: '泡开一大盆，厚，不咸，炖排骨好。' }
]

/** What demo buyers say of what came to them, through the doors that people use; all of it is marked as a demo. */
export async function sayHowItWas(village: Village, clock: StoryClock, folk: Folk) {
  const now = clock.now()
  const { reviews, answers, judgements } = village.shop.reviewing
  for (const { buyer, host, art, photo, reply, hidden, asked, ...said } of SAID) {
    const me = folk.person(buyer)
    const found = await bought(village, me, await folk.goodsOf(village, host, [art]))
    if (!found) continue
    const { orderId, specId, receivedAt } = found
    const after = (ms: number, tell: () => Promise<unknown>) =>
      clock.at(Math.min(now, receivedAt + ms), async () => void (await tell()))
    let reviewId = ''
    await after(WRITES_MS, async () => {
      const fileIds = photo ? [await brought(village, me, art)] : []
      reviewId = (await reviews.write(me, orderId, { ...said, specId, fileIds })).id
    })
    const seller = folk.person(host)
    if (reply) await after(ANSWERS_MS, () => answers.reply(seller, reviewId, reply))
    if (asked) await after(ANSWERS_MS, () => answers.ask(seller, reviewId, asked))
    if (hidden) await after(ANSWERS_MS, () => judgements.hide(folk.person(OFFICER), reviewId, hidden))
  }
}

/** The last of these goods that has come to her and of which she has said nothing. */
async function bought(village: Village, me: Member, goods: readonly { id: string }[]) {
  const { reviews } = village.shop.reviewing
  for (const { id, lines, receivedAt } of await village.orders.mine(me)) {
    const line = lines.find(({ productId }) => goods.some((product) => product.id === productId))
    if (!line || receivedAt === undefined) continue
    const { specId } = line
    const may = (await reviews.ofOrder(me, id)).find((each) => each.specId === specId)
    if (may && !may.review && !may.notReviewed) return { orderId: id, specId, receivedAt }
  }
  return undefined
}

async function brought(village: Village, me: Member, art: ArtName) {
  const upload = await sharp(Buffer.from(ART[art]())).resize(800).png().toBuffer()
  return (await village.school.files.keep(me, { kind: 'review', upload })).id
}
