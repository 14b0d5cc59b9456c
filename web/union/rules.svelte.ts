import type { Answer } from '../../shared/contract.ts'
import { GOODS_CLASSES, type GoodsClass } from '../../shared/contracts/catalogue.ts'
import {
  DOCUMENT_KINDS,
  getLicenceRules,
  setLicenceRules,
  type DocumentKind,
  type LicenceRules
} from '../../shared/contracts/licences.ts'
import { TOPICS } from '../../shared/contracts/school.ts'
import { fenOf, yuan } from '../../shared/money.ts'
import { call } from '../call.ts'
import { Refusal } from '../../shared/refusal.ts'

export const NUMBERS = ['minAge', 'adultAge', 'refreshMonths', 'mentorAwaySeconds', 'successShows'] as const
export type NumberName = (typeof NUMBERS)[number]
/** As the contract has them. */
const BOUNDS: Record<NumberName, [least: number, most: number]> = {
  minAge: [14, 30],
  adultAge: [16, 30],
  refreshMonths: [1, 24],
  mentorAwaySeconds: [30, 3600],
  successShows: [1, 1000]
}

const MOST_FEN = 100_000_000

interface TypedRule {
  goodsClass: GoodsClass
  topics: string[]
  documents: DocumentKind[]
  because: string
}

/** The pack as it stands in the form: every class of goods has its line, and numbers are what she typed. */
export interface TypedRules {
  show: { topics: string[]; documents: DocumentKind[] }
  goods: TypedRule[]
  numbers: Record<NumberName, string>
  warnDays: string
  successYuan: string
}

export function typedRules(rules: LicenceRules): TypedRules {
  return {
    show: { topics: [...rules.show.topics], documents: [...rules.show.documents] },
    goods: GOODS_CLASSES.map((goodsClass) => {
      const rule = rules.goods.find((each) => each.goodsClass === goodsClass)
      return {
        goodsClass,
        topics: [...(rule?.topics ?? [])],
        documents: [...(rule?.documents ?? [])],
        because: rule?.because ?? ''
      }
    }),
    numbers: Object.fromEntries(NUMBERS.map((name) => [name, String(rules[name])])) as Record<
      NumberName,
      string
    >,
    warnDays: rules.warnDays.join(', '),
    successYuan: yuan(rules.successFen)
  }
}

export type WrongRule = NumberName | 'warnDays' | 'successYuan'

const daysOf = (typed: string) => typed.split(/[,，、\s]+/).filter(Boolean)

/** What can't be sent as it is typed. */
export function wrongRules({ numbers, warnDays, successYuan }: TypedRules): Set<WrongRule> {
  const wrong = new Set<WrongRule>()
  for (const name of NUMBERS) {
    const [least, most] = BOUNDS[name]
    const n = /^\d{1,4}$/.test(numbers[name].trim()) ? Number(numbers[name]) : NaN
    if (!(n >= least && n <= most)) wrong.add(name)
  }
  if (Number(numbers.adultAge) < Number(numbers.minAge)) wrong.add('adultAge')
  const days = daysOf(warnDays)
  const good = days.every((day) => /^\d{1,2}$/.test(day) && Number(day) <= 90)
  if (!good || days.length < 1 || days.length > 5 || new Set(days.map(Number)).size < days.length)
    wrong.add('warnDays')
  const fen = fenOf(successYuan)
  if (fen === undefined || fen > MOST_FEN) wrong.add('successYuan')
  return wrong
}

/** The pack that is typed; asked for only when nothing is wrong. In the order of the lists, so that a tick taken back is no change. */
export function rulesOf({ show, goods, numbers, warnDays, successYuan }: TypedRules): LicenceRules {
  const inOrder = <T extends string>(all: readonly T[], ticked: readonly string[]) =>
    all.filter((each) => ticked.includes(each))
  const number = (name: NumberName) => Number(numbers[name])
  return {
    minAge: number('minAge'),
    adultAge: number('adultAge'),
    refreshMonths: number('refreshMonths'),
    warnDays: daysOf(warnDays).map(Number),
    mentorAwaySeconds: number('mentorAwaySeconds'),
    show: {
      topics: inOrder(TOPICS, show.topics),
      documents: inOrder(DOCUMENT_KINDS, show.documents)
    },
    goods: goods.map(({ goodsClass, topics, documents, because }) => ({
      goodsClass,
      topics: inOrder(TOPICS, topics),
      documents: inOrder(DOCUMENT_KINDS, documents),
      because: because.trim()
    })),
    successShows: number('successShows'),
    successFen: fenOf(successYuan) ?? 0
  }
}

/** One difference between two packs, for a sentence. */
export type RuleChange = { where: GoodsClass | 'show' } & (
  | { did: 'add' | 'drop'; what: { topic: string } | { document: DocumentKind } }
  | { did: 'because'; from: string; to: string }
)
export interface NumberChange {
  name: NumberName | 'warnDays' | 'successYuan'
  from: string
  to: string
}

/** What she has changed, line by line: she reads it before it is law. */
export function changesOf(before: LicenceRules, after: LicenceRules) {
  const [one, other] = [typedRules(before), typedRules(after)]
  const rules: RuleChange[] = []
  const compare = (where: RuleChange['where'], from: Omit<TypedRule, 'goodsClass'>, to: typeof from) => {
    for (const topic of to.topics) {
      if (!from.topics.includes(topic)) rules.push({ where, did: 'add', what: { topic } })
    }
    for (const topic of from.topics) {
      if (!to.topics.includes(topic)) rules.push({ where, did: 'drop', what: { topic } })
    }
    for (const document of to.documents) {
      if (!from.documents.includes(document)) rules.push({ where, did: 'add', what: { document } })
    }
    for (const document of from.documents) {
      if (!to.documents.includes(document)) rules.push({ where, did: 'drop', what: { document } })
    }
    if (from.because !== to.because) rules.push({ where, did: 'because', from: from.because, to: to.because })
  }
  compare('show', { ...one.show, because: '' }, { ...other.show, because: '' })
  one.goods.forEach((rule, i) => compare(rule.goodsClass, rule, other.goods[i]!))
  const numbers: NumberChange[] = [
    ...NUMBERS.map((name) => ({ name, from: one.numbers[name], to: other.numbers[name] })),
    { name: 'warnDays' as const, from: one.warnDays, to: other.warnDays },
    { name: 'successYuan' as const, from: one.successYuan, to: other.successYuan }
  ].filter(({ from, to }) => from !== to)
  return { rules, numbers }
}

type Pack = Answer<typeof getLicenceRules>

/** The rule pack while an officer works on it. */
export class Rules {
  pack = $state.raw<Pack>()
  typed = $state<TypedRules>()
  failed = $state.raw<unknown>()
  sending = $state(false)
  /** Somebody changed the pack since it was read. */
  clash = $state(false)
  wrong = $derived(this.typed ? wrongRules(this.typed) : new Set<WrongRule>())
  changes = $derived(
    this.pack && this.typed && !this.wrong.size
      ? changesOf(this.pack.rules, rulesOf(this.typed))
      : { rules: [], numbers: [] }
  )
  changed = $derived(this.changes.rules.length + this.changes.numbers.length > 0)

  async load() {
    this.failed = undefined
    try {
      this.#show(await call(getLicenceRules))
    } catch (error) {
      this.failed = error
    }
  }

  /** True once the new pack is law. */
  async save(): Promise<boolean> {
    if (!this.pack || !this.typed || this.wrong.size) return false
    this.sending = true
    try {
      const { version } = this.pack
      this.#show(await call(setLicenceRules, { body: { version, rules: rulesOf(this.typed) } }))
      return true
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'rules_changed') throw error
      this.clash = true
      return false
    } finally {
      this.sending = false
    }
  }

  /** After a clash: what she typed goes over the newest pack, and she sees again what that changes. */
  async keepMine() {
    this.pack = await call(getLicenceRules)
    this.clash = false
  }

  #show(pack: Pack) {
    this.pack = pack
    this.typed = typedRules(pack.rules)
    this.clash = false
  }
}
