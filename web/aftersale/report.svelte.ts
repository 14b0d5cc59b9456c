import {
  orderAftersale,
  photoCode,
  reportBad,
  type AftersaleLine,
  type BadWhat,
  type Compensation,
  type OrderAftersale
} from '../../shared/contracts/aftersale.ts'
import { call } from '../call.ts'

/** What part of a line's money so many pieces of it are worth: as the server reckons, for the sum on the screen. */
export const worthOf = ({ leftFen, leftQty }: Pick<AftersaleLine, 'leftFen' | 'leftQty'>, qty: number) =>
  leftQty > 0 ? Math.floor((leftFen * qty) / leftQty) : 0

/** One report of what came bad, while she makes it: which, what, how many, photos with the digits of the moment. */
export class Report {
  readonly orderId: string
  order = $state.raw<OrderAftersale>()
  failed = $state.raw<unknown>()
  code = $state.raw<{ code: string; until: number }>()
  codeFailed = $state(false)
  specId = $state('')
  what = $state<BadWhat>()
  qty = $state(1)
  percent = $state(100)
  fileIds = $state<string[]>([])
  words = $state('')
  sending = $state(false)
  done = $state.raw<Compensation>()

  lines = $derived(this.order?.lines.filter(({ notCompensated }) => notCompensated === '') ?? [])
  line = $derived(this.lines.find(({ specId }) => specId === this.specId))
  askedFen = $derived(this.line ? Math.floor((worthOf(this.line, this.qty) * this.percent) / 100) : 0)
  ready = $derived(Boolean(this.line && this.what && this.fileIds.length && this.code && this.askedFen > 0))
  /** The digits under which the photos were taken: they are sent with them. */
  #shotWith = ''

  constructor(orderId: string) {
    this.orderId = orderId
  }

  async load() {
    this.failed = undefined
    try {
      const { aftersale } = await call(orderAftersale, { params: { orderId: this.orderId } })
      this.order = aftersale
      if (this.lines[0]) {
        this.choose(this.lines[0].specId)
        await this.renew()
      }
    } catch (error) {
      this.failed = error
    }
  }

  choose(specId: string) {
    this.specId = specId
    this.qty = 1
    this.percent = 100
  }

  more(by: number) {
    this.qty = Math.min(Math.max(1, this.qty + by), this.line?.leftQty ?? 1)
  }

  /** The digits that are shown now. A photo that is there already keeps those that it was taken with. */
  async renew() {
    try {
      const { code, until } = await call(photoCode, { params: { orderId: this.orderId } })
      this.code = { code, until }
      this.codeFailed = false
    } catch {
      this.codeFailed = true // asked again in a moment
    }
  }

  say(what: BadWhat) {
    this.what = what
    if (what === 'wrong') this.percent = 100
  }

  /** A photo is there that was taken while these digits were shown; the first one’s are sent. */
  took(fileId: string, code: string) {
    if (!this.fileIds.length) this.#shotWith = code
    this.fileIds = [...this.fileIds, fileId]
  }

  drop(fileId: string) {
    this.fileIds = this.fileIds.filter((each) => each !== fileId)
  }

  /** The digits of the photos have run out: they are taken again. */
  async startOver() {
    this.fileIds = []
    await this.renew()
  }

  async send() {
    const { specId, what, qty, percent, fileIds } = this
    if (!this.ready || !what) return
    this.sending = true
    try {
      const { compensation } = await call(reportBad, {
        params: { orderId: this.orderId },
        body: { specId, what, qty, percent, fileIds, code: this.#shotWith, words: this.words.trim() }
      })
      this.done = compensation
    } finally {
      this.sending = false
    }
  }
}
