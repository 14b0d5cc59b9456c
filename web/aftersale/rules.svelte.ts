import type { Answer } from '../../shared/contract.ts'
import {
  getAftersaleRules,
  setAftersaleRules,
  type AftersaleRules
} from '../../shared/contracts/aftersale.ts'
import { GOODS_CLASSES, type GoodsClass } from '../../shared/contracts/catalogue.ts'
import { fenOf, yuan } from '../../shared/money.ts'
import { Refusal } from '../../shared/refusal.ts'
import { call } from '../call.ts'

type Pack = Answer<typeof getAftersaleRules>

const MOST_HOURS = 720
const MOST_FEN = 1_000_000
const MOST_TIMES = 100

/** The rules as they stand in the form. */
export interface TypedRules {
  hours: Record<GoodsClass, string>
  autoOrder: string
  autoMonth: string
  autoTimes: string
  returnTo: string
}

export function typedRules(rules: AftersaleRules): TypedRules {
  const hoursOf = (goodsClass: GoodsClass) =>
    String(rules.windows.find((each) => each.goodsClass === goodsClass)?.hours ?? 0)
  return {
    hours: Object.fromEntries(
      GOODS_CLASSES.map((goodsClass) => [goodsClass, hoursOf(goodsClass)])
    ) as TypedRules['hours'],
    autoOrder: yuan(rules.autoOrderFen),
    autoMonth: yuan(rules.autoMonthFen),
    autoTimes: String(rules.autoMonthTimes),
    returnTo: rules.returnTo
  }
}

/** The rules that are typed; undefined while something can't be. */
export function rulesOf({ hours, autoOrder, autoMonth, autoTimes, returnTo }: TypedRules) {
  const whole = (typed: string, most: number) => {
    const n = /^\s*\d{1,4}\s*$/.test(typed) ? Number(typed) : NaN
    return n <= most ? n : undefined
  }
  const sum = (typed: string) => {
    const fen = fenOf(typed)
    return fen !== undefined && fen <= MOST_FEN ? fen : undefined
  }
  const windows = GOODS_CLASSES.map((goodsClass) => ({
    goodsClass,
    hours: whole(hours[goodsClass], MOST_HOURS)
  }))
  const [autoOrderFen, autoMonthFen] = [sum(autoOrder), sum(autoMonth)]
  const autoMonthTimes = whole(autoTimes, MOST_TIMES)
  const good = windows.filter(
    (each): each is { goodsClass: GoodsClass; hours: number } => each.hours !== undefined
  )
  if (good.length < windows.length || autoOrderFen === undefined) return undefined
  if (autoMonthFen === undefined || autoMonthTimes === undefined) return undefined
  return { windows: good, autoOrderFen, autoMonthFen, autoMonthTimes, returnTo: returnTo.trim() }
}

/** The rules of bad goods and returns while an officer works on them. */
export class Rules {
  pack = $state.raw<Pack>()
  typed = $state<TypedRules>()
  failed = $state.raw<unknown>()
  sending = $state(false)
  /** Somebody changed them since they were read. */
  clash = $state(false)
  rules = $derived(this.typed && rulesOf(this.typed))

  async load() {
    this.failed = undefined
    try {
      this.#show(await call(getAftersaleRules))
    } catch (error) {
      this.failed = error
    }
  }

  /** True once they count. */
  async save(): Promise<boolean> {
    if (!this.pack || !this.rules) return false
    this.sending = true
    try {
      const { version } = this.pack
      this.#show(await call(setAftersaleRules, { body: { version, rules: this.rules } }))
      return true
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'rules_changed') throw error
      this.clash = true
      return false
    } finally {
      this.sending = false
    }
  }

  #show(pack: Pack) {
    this.pack = pack
    this.typed = typedRules(pack.rules)
    this.clash = false
  }
}
