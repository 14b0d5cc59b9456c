import { eq } from 'drizzle-orm'
import type { Product } from '../../shared/contracts/catalogue.ts'
import type { Village } from '../app.ts'
import { newId } from '../store/id.ts'
import type { Tx } from '../store/store.ts'
import { DEMO_BUYERS } from './people.ts'

/**
 * What was said, shown and bought at shows of long ago, so that there is something to talk over. Nobody can live it again:
 * it is written down, every line at its moment.
 */

const MINUTE_MS = 60_000
/** A neighbour of the script says on every line that she is one. */
const SCRIPTED = '（演示）'

/** Minutes since the first frame, and who: a number for a neighbour, nothing for the host herself. */
export type Line = [minute: number, text: string, who?: number]

export interface Past {
  /** How many watched, at some minutes; between them the tide rises and falls evenly. */
  tide: [minute: number, viewers: number][]
  /** The nth of her goods is explained from this minute on. */
  pins: [minute: number, nth: number][]
  coupons: { minute: number; offFen: number; thresholdFen: number; claimed: number }[]
  lines: Line[]
  /** When somebody ordered and did not pay. */
  unpaid: number[]
  /** When somebody ordered, and paid. */
  orders: number[]
}

/** 海燕: a coupon for an empty room, then many at once, and questions about cooking that nobody answered. */
const HAIYAN: Past = {
  tide: [
    [0, 2],
    [4, 5],
    [12, 11],
    [20, 18],
    [29, 19],
    [32, 10],
    [40, 11],
    [50, 9],
    [59, 6]
  ],
  pins: [
    [1, 0],
    [17, 1],
    [33, 2]
  ],
  coupons: [{ minute: 3, offFen: 500, thresholdFen: 3900, claimed: 4 }],
  lines: [
    [1, '姐妹们早，今早大潮'],
    [5, '蛤蜊有沙吗？', 0],
    [5.5, '吐了六个钟头，放心'],
    [10, '三斤够几个人吃', 3],
    [11, '一大盆，四口人正好'],
    [18, '海蛎子来了，礁石上现撬的'],
    [23, '怎么做好吃？', 1],
    [24, '海蛎子煮多久啊', 5],
    [25, '是蒸还是煎，怎么吃', 6],
    [30, '几天能到北京', 4],
    [34, '对虾，自家船昨晚打的'],
    [35, '北京隔天到，冰袋加保温箱'],
    [41, '一斤多少只', 2],
    [42, '十五只上下'],
    [55, '谢谢姐妹们，明早还来']
  ],
  unpaid: [21, 27, 28, 31],
  orders: [6, 12, 19, 20, 20.5, 26, 36, 36.5, 43, 57]
}

/** 桂兰: she promised what no oyster does, and talked for long with nothing on the screen. */
const GUILAN: Past = {
  tide: [
    [0, 3],
    [8, 9],
    [20, 12],
    [35, 11],
    [59, 9]
  ],
  pins: [[14, 0]],
  coupons: [{ minute: 22, offFen: 300, thresholdFen: 0, claimed: 8 }],
  lines: [
    [2, '今天筏子上风大，声音小的话跟我说'],
    [6, '海蛎子现在肥吗', 2],
    [7, '肥，八分钟蒸出来白花花的'],
    [16, '男人吃了补肾，越吃越好'],
    [24, '带壳的怎么保存？', 7],
    [25, '冰箱里扎紧口，三天里吃完'],
    [38, '最好当天蒸，鲜']
  ],
  unpaid: [],
  orders: [15, 18, 23, 23.3, 24, 33, 41, 52]
}

/** 玉珍: a quiet show in which nothing was wrong. */
const YUZHEN: Past = {
  tide: [
    [0, 3],
    [10, 6],
    [30, 7],
    [59, 6]
  ],
  pins: [
    [1, 0],
    [20, 1],
    [40, 2]
  ],
  coupons: [{ minute: 12, offFen: 200, thresholdFen: 0, claimed: 5 }],
  lines: [
    [1, '东南风一起，海带就晒上了'],
    [8, '海带要泡多久', 1],
    [8.5, '温水二十分钟，一泡就软'],
    [21, '虾酱咸不咸？', 4],
    [22, '咸，蒸鸡蛋放一勺就够'],
    [42, '鱼干怎么做', 8],
    [43, '切块上锅蒸，配稀饭'],
    [57, '谢谢大家，下回见']
  ],
  unpaid: [],
  orders: [9, 13, 23, 23.5, 44, 44.4]
}

/** 秀梅's last show has a film of some minutes (`YESTERDAY`). */
export const XIUMEI: Past = {
  tide: [
    [0, 4],
    [1, 8],
    [2, 13],
    [3, 12],
    [4, 9],
    [6, 8]
  ],
  pins: [
    [0.1, 0],
    [4.7, 1]
  ],
  coupons: [{ minute: 0.3, offFen: 1000, thresholdFen: 9900, claimed: 4 }],
  lines: [
    [0.2, '螃蟹肚皮朝上，膏才不流'],
    [0.8, '多大一只？', 0],
    [1, '三两往上，绳子不算钱'],
    [2.1, '要蒸多久啊', 3],
    [2.3, '凉水上锅还是开水，怎么蒸', 6],
    [2.6, '蒸几分钟呀？', 8],
    [4.7, '渔家宴周末要预约吗', 5],
    [4.9, '到店前一天打个电话就行']
  ],
  unpaid: [],
  orders: [1.4, 2.4, 2.7, 3.1, 5.2]
}

/** By host, in the order of the demo's hosts; whose last show has a film is told with it. */
export const PASTS: readonly (Past | undefined)[] = [HAIYAN, GUILAN, undefined, YUZHEN]

/** How many watched in a minute. */
export function viewersAt({ tide }: Pick<Past, 'tide'>, minute: number): number {
  const after = tide.findIndex(([at]) => at >= minute)
  if (after <= 0) return (after === 0 ? tide[0]! : tide.at(-1)!)[1]
  const [[from, low], [to, high]] = [tide[after - 1]!, tide[after]!]
  return Math.round(low + ((high - low) * (minute - from)) / (to - from))
}

/** Writes down what happened in a show: its shelf, its log, its coupons and how many watched. */
export async function writeDown(
  { store }: Village,
  { showId, hostId, shopId, openedAt, minutes }: PastShow,
  host: string,
  products: readonly Product[],
  past: Past
) {
  const { shelf, rooms, roomEvents, showMinutes, shows, coupons } = store.schema
  const at = (minute: number) => openedAt + Math.round(minute * MINUTE_MS)
  const dropped = past.coupons.map(({ minute, claimed, ...money }) => ({
    ...money,
    id: newId(at(minute)),
    shopId,
    hostId,
    showId,
    kind: 'plain' as const,
    total: 30,
    left: 30 - claimed,
    perMember: 1,
    endsAt: at(minute) + 20 * MINUTE_MS,
    createdBy: hostId,
    createdAt: at(minute)
  }))
  const facts = [
    ...past.pins.map(([minute, nth]) => ({
      at: at(minute),
      type: 'product_pinned',
      body: { productId: products[nth]!.id },
      actorId: hostId
    })),
    ...dropped.map((coupon) => ({
      at: coupon.createdAt,
      type: 'coupon_dropped',
      body: { coupon },
      actorId: hostId
    })),
    ...past.lines.map(([minute, text, who]) => ({
      at: at(minute),
      type: 'message_said',
      body: {
        id: newId(at(minute)),
        name: (who === undefined ? host : DEMO_BUYERS[who]!.name) + SCRIPTED,
        role: who === undefined ? 'host' : 'buyer',
        text
      },
      actorId: who === undefined ? hostId : DEMO_BUYERS[who]!.id
    }))
  ].toSorted((a, b) => a.at - b.at)
  await store.tx(async (tx: Tx) => {
    const [room] = await tx.select({ version: rooms.version }).from(rooms).where(eq(rooms.id, showId))
    await tx
      .insert(shelf)
      .values(products.map(({ id }, i) => ({ showId, number: i + 1, productId: id })))
      .onConflictDoNothing()
    if (dropped.length) await tx.insert(coupons).values(dropped)
    await tx
      .insert(roomEvents)
      .values(facts.map((fact, i) => ({ ...fact, roomId: showId, n: room!.version + i + 1, key: null })))
    await tx
      .update(rooms)
      .set({ version: room!.version + facts.length })
      .where(eq(rooms.id, showId))
    const watched = Array.from({ length: minutes }, (_, minute) => viewersAt(past, minute))
    await tx
      .insert(showMinutes)
      .values(watched.map((viewers, minute) => ({ showId, minute, viewers })))
      .onConflictDoNothing()
    await tx
      .update(shows)
      .set({ peakViewers: Math.max(...watched) })
      .where(eq(shows.id, showId))
  })
}

export interface PastShow {
  showId: string
  hostId: string
  shopId: string
  openedAt: number
  minutes: number
}
