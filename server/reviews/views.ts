import type { DeskReview, HideReason, Review, ShopReview } from '../../shared/contracts/reviews.ts'
import type { Neighbours } from './neighbours.ts'
import type { Pictures } from './pictures.ts'
import type { ReviewRow } from './store.ts'

/** `everybody` reads the reason where it is hidden; `knowing`, who wrote or judges it, reads the words too. */
type Reader = 'everybody' | 'knowing'

export type Views = ReturnType<typeof openViews>

/** Reviews as people see them. */
export function openViews({
  store,
  orders,
  shopsByIds,
  hostIn,
  namesOf,
  pictures
}: Pick<Neighbours, 'store' | 'orders' | 'shopsByIds' | 'hostIn' | 'namesOf'> & { pictures: Pictures }) {
  /** What was bought, as it was called then. */
  async function linesOf(rows: readonly ReviewRow[]) {
    const lines = await orders.linesIn(store.read, [...new Set(rows.map(({ orderId }) => orderId))])
    const byLine = new Map(lines.map((line) => [`${line.orderId}:${line.specId}`, line]))
    return ({ orderId, specId }: ReviewRow) => byLine.get(`${orderId}:${specId}`)
  }

  function seen(row: ReviewRow, specName: string, reader: Reader): Review {
    const { id, buyer, stars, words, reply, repliedAt, test, createdAt, hiddenAt } = row
    const fixed = { id, buyer, specName, stars, test, createdAt }
    const open = hiddenAt === 0
    const hidden = {
      reason: row.hiddenReason as HideReason,
      words: row.hiddenWords,
      at: hiddenAt
    }
    const said = open || reader === 'knowing' ? { words, reply, repliedAt } : SILENT
    // While it is hidden its pictures are away: who may see them all the same asks for the files.
    return { ...fixed, ...said, photos: open ? pictures.urlsOf(row) : [], ...(!open && { hidden }) }
  }

  async function shopViews(rows: readonly ReviewRow[], reader: Reader = 'everybody'): Promise<ShopReview[]> {
    const lineOf = await linesOf(rows)
    return rows.map((row) => {
      const { title = '', specName = '' } = lineOf(row) ?? {}
      const { productId, orderId, ask: state, askedAt: at, askWords, askAnswer: answer } = row
      const reason = row.askReason as '' | HideReason
      const ask = { state, reason, words: askWords, at, answer }
      return { review: seen(row, specName, reader), title, productId, orderId, ask }
    })
  }

  return {
    seen,
    shopViews,

    async of(rows: readonly ReviewRow[]): Promise<Review[]> {
      const lineOf = await linesOf(rows)
      return rows.map((row) => seen(row, lineOf(row)?.specName ?? '', 'everybody'))
    },

    async deskViews(rows: readonly ReviewRow[], me: { id: string }): Promise<DeskReview[]> {
      const [items, shops, names, hosts] = await Promise.all([
        shopViews(rows, 'knowing'),
        shopsByIds(rows.map(({ shopId }) => shopId)),
        namesOf(rows.map(({ hiddenBy }) => hiddenBy).filter(Boolean)),
        Promise.all(rows.map(({ shopId }) => hostIn(store.read, shopId)))
      ])
      return rows.map((row, i) => ({
        ...items[i]!,
        shopName: shops.get(row.shopId)?.name ?? '',
        fileIds: row.photos,
        hiddenByName: names.get(row.hiddenBy)?.name ?? '',
        own: row.memberId === me.id || hosts[i] === me.id
      }))
    }
  }
}

const SILENT = { words: '', reply: '', repliedAt: 0 }
