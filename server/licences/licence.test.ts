import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Parse } from 'typebox/value'
import { GOODS_CLASSES } from '../../shared/contracts/catalogue.ts'
import { DOCUMENT_KINDS, LicenceRules, type DocumentKind } from '../../shared/contracts/licences.ts'
import { TOPICS, type Topic } from '../../shared/contracts/school.ts'
import { ageOf, learns, permitFor, publicReason, type Goods, type Holder } from './licence.ts'
import beginnings from './rules.json' with { type: 'json' }

const RULES = Parse(LicenceRules, beginnings)
/** 2026-11-22 08:00 in the village. */
const NOW = Date.UTC(2026, 10, 22)
const LATER = NOW + 1

const certificate = (topic: Topic, more: Partial<Holder['certificates'][number]> = {}) => {
  return { topic, validUntil: 0, revoked: false, ...more }
}
const paper = (kind: DocumentKind, more: Partial<Holder['documents'][number]> = {}) => {
  return { kind, state: 'good' as const, dueAt: LATER, ...more }
}
const goods = (goodsClass: Goods['goodsClass'], own = true): Goods => ({
  productId: goodsClass,
  goodsClass,
  own
})

/** What fresh goods ask for and nothing more. */
const freshOnly: Holder = {
  idKnown: true,
  bornOn: '1969-09-03',
  certificates: [certificate('live_selling'), certificate('food_safety')],
  documents: [paper('health')]
}

const lacksOf = (holder: Holder, shelf: Goods[] = []) => {
  const permit = permitFor(holder, shelf, RULES, NOW)
  const said = (lacks: typeof permit.show) =>
    lacks.map(({ what, why, topic, document }) => [what, topic || document, why].filter(Boolean).join(' '))
  return {
    show: said(permit.show),
    goods: permit.goods.map(({ productId, missing }) => [productId, ...said(missing)])
  }
}

describe('a permit', () => {
  it('is there for fresh goods with two certificates, a health certificate and an ID number', () => {
    expect(lacksOf(freshOnly, [goods('fresh')])).toEqual({ show: [], goods: [['fresh']] })
  })

  it('refuses the goods of another class, not the show, and says what each asks for', () => {
    expect(
      lacksOf(
        freshOnly,
        GOODS_CLASSES.map((each) => goods(each))
      )
    ).toEqual({
      show: [],
      goods: [
        ['fresh'],
        ['processed', 'certificate dining none', 'document food_licence none'],
        ['packed', 'document food_filing none'],
        ['dining', 'certificate dining none', 'document food_licence none'],
        ['tourism', 'certificate tourism none']
      ]
    })
  })

  it.each([
    ['processed', 'dining', 'food_licence'],
    ['packed', undefined, 'food_filing'],
    ['dining', 'dining', 'food_licence'],
    ['tourism', 'tourism', undefined]
  ] as const)('is there for %s goods with what they ask for', (goodsClass, topic, document) => {
    const holder = {
      ...freshOnly,
      certificates: [...freshOnly.certificates, ...(topic ? [certificate(topic)] : [])],
      documents: [...freshOnly.documents, ...(document ? [paper(document)] : [])]
    }
    expect(lacksOf(holder, [goods(goodsClass)]).goods).toEqual([[goodsClass]])
  })

  it('asks for her word of whose goods they are, when they are not her own', () => {
    expect(lacksOf(freshOnly, [goods('fresh', false)]).goods).toEqual([
      ['fresh', 'document authorisation none']
    ])
    const trusted = { ...freshOnly, documents: [...freshOnly.documents, paper('authorisation')] }
    expect(lacksOf(trusted, [goods('fresh', false)]).goods).toEqual([['fresh']])
  })

  it('says of everything that is missing why', () => {
    const nobody: Holder = { idKnown: false, bornOn: '', certificates: [], documents: [] }
    expect(lacksOf(nobody).show).toEqual([
      'identity none',
      'certificate live_selling none',
      'certificate food_safety none',
      'document health none'
    ])
  })

  it.each([
    ['that was revoked', { revoked: true }, 'revoked'],
    ['whose last moment has come', { validUntil: NOW }, 'expired'],
    ['with a moment left', { validUntil: LATER }, undefined],
    ['for good', { validUntil: 0 }, undefined]
  ])('takes a certificate %s for what it is', (_what, more, why) => {
    const certificates = [certificate('live_selling', more), certificate('food_safety')]
    expect(lacksOf({ ...freshOnly, certificates }).show).toEqual(
      why ? [`certificate live_selling ${why}`] : []
    )
  })

  it('takes an old certificate that is good when the newest was revoked', () => {
    const certificates = [
      certificate('live_selling', { revoked: true }),
      certificate('live_selling'),
      certificate('food_safety')
    ]
    expect(lacksOf({ ...freshOnly, certificates }).show).toEqual([])
  })

  it.each([
    ['waits to be checked', [paper('health', { state: 'waiting', dueAt: 0 })], 'waiting'],
    ['was refused', [paper('health', { state: 'refused', dueAt: 0 })], 'refused'],
    ['is due this moment', [paper('health', { dueAt: NOW })], 'expired'],
    ['is due in a moment', [paper('health', { dueAt: LATER })], undefined],
    [
      'was refused while the old one is good',
      [paper('health', { state: 'refused', dueAt: 0 }), paper('health')],
      undefined
    ],
    [
      'waits beside one that is over',
      [paper('health', { state: 'waiting', dueAt: 0 }), paper('health', { dueAt: NOW })],
      'waiting'
    ],
    ['was replaced and nothing else is there', [paper('health', { state: 'replaced', dueAt: 0 })], 'none']
  ])('looks at a document that %s', (_what, documents, why) => {
    expect(lacksOf({ ...freshOnly, documents }).show).toEqual(why ? [`document health ${why}`] : [])
  })

  it.each([
    ['the day before she is sixteen', '2010-11-23', ['age too_young']],
    ['the day she is sixteen', '2010-11-22', ['document guardian_consent none']],
    ['the day before she is eighteen', '2008-11-23', ['document guardian_consent none']],
    ['the day she is eighteen', '2008-11-22', []]
  ])('asks on %s for what the law does', (_when, bornOn, lacks) => {
    expect(lacksOf({ ...freshOnly, bornOn }).show).toEqual(lacks)
  })

  it('is there at sixteen with her guardian’s consent', () => {
    const documents = [paper('health'), paper('guardian_consent')]
    expect(lacksOf({ ...freshOnly, bornOn: '2010-11-22', documents }).show).toEqual([])
  })

  it('goes by the village’s midnight, and gives who was born on a leap day the first of March', () => {
    const midnight = Date.UTC(2026, 10, 21, 16)
    expect(ageOf('2010-11-22', midnight - 1)).toBe(15)
    expect(ageOf('2010-11-22', midnight)).toBe(16)
    expect(ageOf('2008-02-29', Date.UTC(2026, 1, 28, 4))).toBe(17)
    expect(ageOf('2008-02-29', Date.UTC(2026, 2, 1, 4))).toBe(18)
  })

  it('lets a mentor stand in for certificates, and for nothing else', () => {
    const lacks = (holder: Holder) => permitFor(holder, [], RULES, NOW).show
    expect(learns(lacks({ ...freshOnly, certificates: [] }))).toBe(true)
    expect(learns(lacks(freshOnly))).toBe(false)
    expect(learns(lacks({ ...freshOnly, certificates: [], documents: [] }))).toBe(false)
    expect(learns(lacks({ ...freshOnly, certificates: [], idKnown: false }))).toBe(false)
  })

  it('tells viewers no more than that papers are looked at', () => {
    const lacks = permitFor({ ...freshOnly, idKnown: false }, [], RULES, NOW).show
    expect(publicReason(lacks)).toBe('主播的证件需要复核，暂时停售')
  })

  it('asks nothing twice: what any show wants is not said of each of its goods', () => {
    const rules = {
      ...RULES,
      goods: RULES.goods.map((each) => ({ ...each, topics: ['live_selling', 'food_safety'] }))
    }
    const learner = { ...freshOnly, certificates: [] }
    expect(permitFor(learner, [goods('fresh')], rules, NOW).goods[0]!.missing).toEqual([])
  })
})

describe('a permit, whatever a host has', () => {
  const anyCertificate = fc.record({
    topic: fc.constantFrom(...TOPICS),
    validUntil: fc.constantFrom(0, NOW - 1, NOW, LATER),
    revoked: fc.boolean()
  })
  const anyDocument = fc.record({
    kind: fc.constantFrom(...DOCUMENT_KINDS),
    state: fc.constantFrom('waiting' as const, 'good' as const, 'refused' as const, 'replaced' as const),
    dueAt: fc.constantFrom(0, NOW, LATER)
  })
  const anyHolder = fc.record({
    idKnown: fc.boolean(),
    bornOn: fc.constantFrom('', '1969-09-03', '2009-01-01', '2015-01-01'),
    certificates: fc.array(anyCertificate, { maxLength: 6 }),
    documents: fc.array(anyDocument, { maxLength: 6 })
  })
  const shelf = GOODS_CLASSES.flatMap((each) => [
    goods(each),
    { ...goods(each, false), productId: `${each}-2` }
  ])
  const names = (holder: Holder, now = NOW) => {
    const { show, goods: judged } = permitFor(holder, shelf, RULES, now)
    const keys = [
      ...show.map((lack) => ['show', lack] as const),
      ...judged.flatMap(({ productId, missing }) => missing.map((lack) => [productId, lack] as const))
    ]
    return new Set(keys.map(([of, { what, topic, document }]) => `${of} ${what} ${topic} ${document}`))
  }

  it('never loses anything by one more certificate or document', () => {
    fc.assert(
      fc.property(anyHolder, anyCertificate, anyDocument, (holder, certificate, document) => {
        const more = {
          ...holder,
          certificates: [certificate, ...holder.certificates],
          documents: [document, ...holder.documents]
        }
        expect(names(more).isSubsetOf(names(holder))).toBe(true)
      })
    )
  })

  it('never gains anything by a revocation, by a paper that is looked at anew, or by time for an adult', () => {
    fc.assert(
      fc.property(anyHolder, fc.nat({ max: 400 * 86_400_000 }), (holder, passed) => {
        const revoked = holder.certificates.map((each) => ({ ...each, revoked: true }))
        const adult = { ...holder, bornOn: holder.bornOn && '1969-09-03' }
        expect(names(holder).isSubsetOf(names({ ...holder, certificates: revoked }))).toBe(true)
        expect(names(adult).isSubsetOf(names(adult, NOW + passed))).toBe(true)
      })
    )
  })

  it('asks the same of a show whatever lies on its shelf', () => {
    fc.assert(
      fc.property(anyHolder, (holder) => {
        expect(permitFor(holder, shelf, RULES, NOW).show).toEqual(permitFor(holder, [], RULES, NOW).show)
      })
    )
  })
})
