import type { Answer } from '../../shared/contract.ts'
import {
  exportStatement,
  exportStatementText,
  getStatement,
  STATEMENT_PAGE,
  type Share,
  type StatementLine
} from '../../shared/contracts/ledger.ts'
import { call } from '../call.ts'

export type StatementPart = 'all' | 'due' | 'waiting'
type Book = 'real' | 'demo'

/** 对账单: what a shop brought, the part of it that she looks at, and its lines. */
export class Statement {
  data = $state.raw<Answer<typeof getStatement>>()
  items = $state.raw<StatementLine[]>([])
  part = $state<StatementPart>('all')
  /** One payout instead of a part. */
  batchId = $state('')
  more = $state(false)
  failed = $state.raw<unknown>()
  sumFen = $derived(this.items.reduce((sum, { share }) => sum + share.fen, 0))
  payout = $derived(this.data?.payouts.find(({ batchId }) => batchId === this.batchId))
  #book: Book | undefined
  #asked = 0

  get query() {
    return {
      ...(this.#book && { book: this.#book }),
      ...(this.batchId ? { batchId: this.batchId } : this.part !== 'all' && { part: this.part })
    }
  }

  /** Where the same lines are a file. */
  files = $derived.by(() => {
    const { batchId, part, data } = this
    const asked = new URLSearchParams({
      ...(data && { book: data.book }),
      ...(batchId ? { batchId } : { part })
    })
    return { xlsx: `${exportStatement.url}?${asked}`, csv: `${exportStatementText.url}?${asked}` }
  })

  /** The first page of what she looks at, or the next one; an answer that came too late is dropped. */
  async load(after?: string) {
    const asking = ++this.#asked
    this.failed = undefined
    try {
      const data = await call(getStatement, { query: { ...this.query, ...(after && { after }) } })
      if (asking !== this.#asked) return
      this.data = data
      this.items = after ? [...this.items, ...data.items] : data.items
      this.more = data.items.length === STATEMENT_PAGE
    } catch (error) {
      if (asking === this.#asked) this.failed = error
    }
  }

  choose(part: StatementPart) {
    this.part = part
    this.batchId = ''
    void this.load()
  }

  open(batchId: string) {
    this.batchId = batchId
    void this.load()
  }

  read(book: Book) {
    this.#book = book
    this.choose('all')
  }
}

export type SharePart = 'buyerFen' | 'couponFen' | 'freightFen' | 'feeFen'
const PARTS: readonly SharePart[] = ['buyerFen', 'couponFen', 'freightFen', 'feeFen']

/** The parts that an amount is made of; none where it is one thing only. */
export function partsOf(share: Share): { part: SharePart; fen: number }[] {
  const parts = PARTS.map((part) => ({ part, fen: share[part] })).filter(({ fen }) => fen !== 0)
  return parts.length > 1 ? parts : []
}
