import { describe, expect, it } from 'vitest'
import type { LicenceRules } from '../../shared/contracts/licences.ts'
import { changesOf, rulesOf, typedRules, wrongRules } from './rules.svelte.ts'

const RULES: LicenceRules = {
  minAge: 16,
  adultAge: 18,
  refreshMonths: 6,
  warnDays: [30, 7, 1],
  mentorAwaySeconds: 120,
  show: { topics: ['live_selling', 'food_safety'], documents: ['health'] },
  goods: [
    { goodsClass: 'fresh', topics: [], documents: [], because: '' },
    {
      goodsClass: 'processed',
      topics: ['dining'],
      documents: ['food_licence'],
      because: '食品安全法第三十五条'
    },
    { goodsClass: 'packed', topics: [], documents: ['food_filing'], because: '' },
    { goodsClass: 'dining', topics: ['dining'], documents: ['food_licence'], because: '' },
    { goodsClass: 'tourism', topics: ['tourism'], documents: [], because: '' }
  ],
  successShows: 5,
  successFen: 1_000_000
}

const typed = (change: (form: ReturnType<typeof typedRules>) => void = () => {}) => {
  const form = typedRules(RULES)
  change(form)
  return form
}

describe('the rules as a form', () => {
  it('say the same when nothing was touched, and when a tick was taken back', () => {
    expect(rulesOf(typed())).toEqual(RULES)
    const back = typed((form) => {
      form.show.topics = form.show.topics.filter((topic) => topic !== 'live_selling')
      form.show.topics.push('live_selling') // a checkbox puts it at the end
    })
    expect(changesOf(RULES, rulesOf(back))).toEqual({ rules: [], numbers: [] })
  })

  it('show a line for every class of goods, also for one that the pack does not name', () => {
    const form = typedRules({ ...RULES, goods: RULES.goods.slice(1) })
    expect(form.goods.map(({ goodsClass }) => goodsClass)).toEqual([
      'fresh',
      'processed',
      'packed',
      'dining',
      'tourism'
    ])
  })

  it('name each change, so that an officer reads it before it is law', () => {
    const form = typed((form) => {
      form.goods[1]!.documents = []
      form.goods[0]!.topics = ['food_safety']
      form.numbers.refreshMonths = '3'
      form.goods[4]!.because = '旅游法第五十条'
    })
    expect(changesOf(RULES, rulesOf(form))).toEqual({
      rules: [
        { where: 'fresh', did: 'add', what: { topic: 'food_safety' } },
        { where: 'processed', did: 'drop', what: { document: 'food_licence' } },
        { where: 'tourism', did: 'because', from: '', to: '旅游法第五十条' }
      ],
      numbers: [{ name: 'refreshMonths', from: '6', to: '3' }]
    })
  })

  it('take days with Chinese and other commas, and no day twice', () => {
    const days = (warnDays: string) => typed((form) => (form.warnDays = warnDays))
    expect(rulesOf(days('30，7、 1')).warnDays).toEqual([30, 7, 1])
    expect([...wrongRules(days('30, 7, 7'))]).toEqual(['warnDays'])
    expect([...wrongRules(days(''))]).toEqual(['warnDays'])
    expect([...wrongRules(days('91'))]).toEqual(['warnDays'])
    expect([...wrongRules(days('90'))]).toEqual([])
  })

  it('are not sent while a number cannot be', () => {
    const number = (name: 'minAge' | 'adultAge' | 'successShows', value: string) => [
      ...wrongRules(typed((form) => (form.numbers[name] = value)))
    ]
    expect(number('minAge', '13')).toEqual(['minAge'])
    expect(number('minAge', '14')).toEqual([])
    expect(number('adultAge', '16')).toEqual([])
    expect(number('minAge', '19'), 'older than grown up').toEqual(['adultAge'])
    expect(number('successShows', 'five')).toEqual(['successShows'])
    expect([...wrongRules(typed((form) => (form.successYuan = '1000000')))]).toEqual([])
    expect([...wrongRules(typed((form) => (form.successYuan = '1000000.01')))]).toEqual(['successYuan'])
  })
})
