import {
  correctParcel,
  MAX_PARCEL_GRAMS,
  shipParcel,
  weighParcel,
  type Parcel
} from '../../shared/contracts/packing.ts'
import { CARRIERS, carrierOf, codeIn, trackingOf, type Carrier } from '../../shared/parcel.ts'
import { Refusal } from '../../shared/refusal.ts'
import { gramsIn, jinOf } from '../../shared/weight.ts'
import { call } from '../call.ts'

const KEPT = 'carrier'
/** Lighter than that part of its goods: something was left out. */
const LIGHT = 0.9

/** One parcel that is handed to its carrier: whose, under which number, and what it weighs. */
export class Handing {
  readonly parcel: Parcel
  carrier = $state<Carrier>('sf')
  number = $state('')
  weight = $state('')
  /** She was asked to look at the number once more. */
  asked = $state(false)
  busy = $state(false)

  tracking = $derived(trackingOf(this.carrier, this.number))
  wrong = $derived('wrong' in this.tracking ? this.tracking.wrong : undefined)
  grams = $derived(gramsIn(this.weight))
  weightWrong = $derived(
    this.weight.trim() !== '' && (this.grams === undefined || this.grams > MAX_PARCEL_GRAMS)
  )
  lighter = $derived(this.grams !== undefined && this.#isLight(this.grams))
  ready = $derived(this.wrong === undefined && !this.weightWrong)

  constructor(parcel: Parcel) {
    this.parcel = parcel
    const kept = localStorage.getItem(KEPT)
    const known = CARRIERS.find((carrier) => carrier === (parcel.carrier || kept))
    if (known) this.carrier = known
    this.number = parcel.trackingNo
    if (parcel.grams) this.weight = jinOf(parcel.grams)
  }

  /** What the camera saw, or a scanner typed; false: it is one of our labels, and no number. */
  hear(text: string): boolean {
    if (/^\s*yj/i.test(text) && codeIn(text)) return false
    this.type(text.trim())
    const whose = carrierOf(text)
    if (whose) this.carrier = whose
    return true
  }

  type(number: string) {
    this.number = number
    this.asked = false
  }

  /** Undefined: she is asked to look once more. */
  async ship(): Promise<Parcel | undefined> {
    const grams = this.grams
    return this.#send(() =>
      call(shipParcel, {
        params: { parcelId: this.parcel.id },
        body: { ...this.#body(), ...(grams !== undefined && { grams }) }
      })
    )
  }

  async correct(): Promise<Parcel | undefined> {
    return this.#send(() => call(correctParcel, { params: { parcelId: this.parcel.id }, body: this.#body() }))
  }

  async weigh(): Promise<Parcel | undefined> {
    const grams = this.grams
    if (grams === undefined) return undefined
    return this.#send(() => call(weighParcel, { params: { parcelId: this.parcel.id }, body: { grams } }))
  }

  #isLight(grams: number) {
    return this.parcel.goodsGrams > 0 && grams < this.parcel.goodsGrams * LIGHT
  }

  #body() {
    const { carrier, number: trackingNo, asked } = this
    return { carrier, trackingNo, ...(asked && { sure: true }) }
  }

  async #send(send: () => Promise<{ parcel: Parcel }>): Promise<Parcel | undefined> {
    this.busy = true
    try {
      const { parcel } = await send()
      localStorage.setItem(KEPT, this.carrier)
      return parcel
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'tracking_odd') throw error
      this.asked = true
      return undefined
    } finally {
      this.busy = false
    }
  }
}
