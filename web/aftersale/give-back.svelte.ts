import { payBack, type OrderAftersale, type Refund } from '../../shared/contracts/aftersale.ts'
import { fenOf } from '../../shared/money.ts'
import { call } from '../call.ts'

interface TypedLine {
  specId: string
  leftQty: number
  leftFen: number
  qty: number
  /** In yuan, as it is typed; empty: what so many pieces cost. */
  yuan: string
}

/** Staff pay back: so many pieces, or so much money, or freight, with words. One key for one act, however often she taps. */
export class GivingBack {
  readonly orderId: string
  leftFreightFen = $state(0)
  lines = $state<TypedLine[]>([])
  freight = $state('')
  cause = $state<'asked' | 'goodwill'>('asked')
  words = $state('')
  sending = $state(false)
  #key = crypto.randomUUID()

  constructor({ orderId, lines, leftFreightFen }: OrderAftersale) {
    this.orderId = orderId
    this.leftFreightFen = leftFreightFen
    this.lines = lines
      .filter(({ leftFen, leftQty }) => leftFen > 0 || leftQty > 0)
      .map(({ specId, leftQty, leftFen }) => ({ specId, leftQty, leftFen, qty: 0, yuan: '' }))
  }

  #freightFen = $derived(this.freight.trim() ? fenOf(this.freight) : 0)
  #asked = $derived(
    this.lines
      .map(({ specId, qty, yuan }) => ({ specId, qty, ...(yuan.trim() && { fen: fenOf(yuan) }) }))
      .filter((line) => line.qty > 0 || 'fen' in line)
  )
  wrong = $derived(
    this.#freightFen === undefined ||
      this.#freightFen > this.leftFreightFen ||
      this.lines.some(({ yuan, leftFen }) => yuan.trim() !== '' && !((fenOf(yuan) ?? leftFen + 1) <= leftFen))
  )
  ready = $derived(
    !this.wrong && this.words.trim() !== '' && (this.#asked.length > 0 || (this.#freightFen ?? 0) > 0)
  )

  async send(): Promise<{ refund: Refund; aftersale: OrderAftersale } | undefined> {
    if (!this.ready) return undefined
    this.sending = true
    try {
      const answer = await call(payBack, {
        params: { orderId: this.orderId },
        body: {
          key: this.#key,
          cause: this.cause,
          lines: this.#asked.map(({ specId, qty, fen }) => ({
            specId,
            qty,
            ...(fen !== undefined && { fen })
          })),
          freightFen: this.#freightFen ?? 0,
          words: this.words.trim()
        }
      })
      return answer
    } finally {
      this.sending = false
    }
  }
}
