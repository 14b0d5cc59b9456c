import type { Body } from '../../shared/contract.ts'
import { NOTICE_DAYS, type sayWeather } from '../../shared/contracts/freight.ts'
import { DAY_MS, endOfDay } from '../../shared/day.ts'
import type { Province } from '../../shared/provinces.ts'
import { dateOf } from '../words/when.ts'

export type WrongWeather = 'provinces' | 'celsius' | 'until'

const DAY = /^\d{4}-\d{2}-\d{2}$/
const startOf = (day: string) => (DAY.test(day) ? Date.parse(`${day}T00:00:00+08:00`) : NaN)

/** What is being said of the weather: of whole days in the village, from now at the earliest. */
export class WeatherSaying {
  kind = $state<'heat' | 'storm'>('heat')
  provinces = $state<string[]>([])
  celsius = $state('35')
  from: string = $state('')
  until: string = $state('')
  words = $state('')
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
    this.from = dateOf(now())
    this.until = dateOf(now() + 2 * DAY_MS)
  }

  get firstDay() {
    return dateOf(this.#now())
  }
  /** The whole of that day lies within what may be said. */
  get lastDay() {
    return dateOf(this.#now() + (NOTICE_DAYS - 1) * DAY_MS)
  }

  wrong = $derived.by(() => {
    const wrong = new Set<WrongWeather>()
    if (!this.provinces.length) wrong.add('provinces')
    const celsius = /^\d{2}$/.test(this.celsius.trim()) ? Number(this.celsius) : NaN
    if (this.kind === 'heat' && !(celsius >= 25 && celsius <= 60)) wrong.add('celsius')
    const [from, until] = [startOf(this.from), startOf(this.until)]
    if (!(until >= from && this.until >= this.firstDay && this.until <= this.lastDay)) wrong.add('until')
    return wrong
  })

  /** What the server is sent. Only asked for when nothing is wrong. */
  notice(): Body<typeof sayWeather> {
    const now = this.#now()
    return {
      kind: this.kind,
      // The chips are provinces and nothing else.
      provinces: this.provinces as Province[],
      celsius: this.kind === 'heat' ? Number(this.celsius) : 0,
      words: this.words.trim(),
      fromAt: Math.max(now, startOf(this.from)),
      untilAt: endOfDay(startOf(this.until), 0) + 1
    }
  }
}
