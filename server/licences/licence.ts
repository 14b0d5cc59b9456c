import type { GoodsClass } from '../../shared/contracts/catalogue.ts'
import type { DocumentKind, LicenceRules, Missing } from '../../shared/contracts/licences.ts'
import { dayOf } from '../../shared/day.ts'

/** What the union knows of a woman who wants to go live. */
export interface Holder {
  /** Somebody has written down her ID number. */
  idKnown: boolean
  /** From her ID number: YYYY-MM-DD. */
  bornOn: string
  /** Newest first, as the documents are. */
  certificates: readonly HeldCertificate[]
  documents: readonly HeldDocument[]
}

export interface HeldCertificate {
  topic: string
  /** 0: for good. */
  validUntil: number
  revoked: boolean
}

export interface HeldDocument {
  kind: DocumentKind
  state: 'waiting' | 'good' | 'refused' | 'replaced'
  dueAt: number
}

export interface Goods {
  productId: string
  goodsClass: GoodsClass
  /** Of her own shop. */
  own: boolean
}

/** One thing that she has not got, and why. */
export interface Lack {
  what: Missing['what']
  why: Missing['why']
  topic: string
  document: DocumentKind | ''
}

export interface Permit {
  /** What any show asks for. */
  show: Lack[]
  /** What each of these goods asks for besides. */
  goods: { productId: string; missing: Lack[] }[]
}

/** 持证开播: certificates × documents × identity and age, for a show and for each thing on its shelf. */
export function permitFor(holder: Holder, goods: readonly Goods[], rules: LicenceRules, now: number): Permit {
  return {
    show: [
      ...identityLacks(holder, rules, now),
      ...topicLacks(holder, rules.show.topics, now),
      ...documentLacks(holder, rules.show.documents, now)
    ],
    goods: goods.map(({ productId, goodsClass, own }) => ({
      productId,
      missing: [
        ...classLacks(holder, goodsClass, rules, now),
        // 达播: what is somebody else's is sold with her word for it.
        ...(own ? [] : documentLacks(holder, ['authorisation'], now))
      ]
    }))
  }
}

/** What a class of goods asks for besides what any show does: nothing is said twice. */
export function classLacks(holder: Holder, goodsClass: GoodsClass, rules: LicenceRules, now: number): Lack[] {
  const rule = rules.goods.find((each) => each.goodsClass === goodsClass)
  if (!rule) return []
  const besides = <T>(asked: readonly T[], ofAnyShow: readonly T[]) =>
    asked.filter((each) => !ofAnyShow.includes(each))
  return [
    ...topicLacks(holder, besides(rule.topics, rules.show.topics), now),
    ...documentLacks(holder, besides(rule.documents, rules.show.documents), now)
  ]
}

/** 带播: her mentor may stand in for a certificate, for nothing else. */
export const learns = (lacks: readonly Lack[]) =>
  lacks.length > 0 && lacks.every(({ what }) => what === 'certificate')

/** How old she is today, by the village's calendar. */
export function ageOf(bornOn: string, now: number) {
  const today = dayOf(now)
  const years = Number(today.slice(0, 4)) - Number(bornOn.slice(0, 4))
  return today.slice(5) < bornOn.slice(5) ? years - 1 : years
}

/** What a room is told of a stopped sale: viewers have no business with the rest. */
export function publicReason(lacks: readonly Lack[]) {
  const papers = lacks.some(({ what }) => what === 'certificate') ? '证书' : '证件'
  return `主播的${papers}需要复核，暂时停售`
}

function identityLacks({ idKnown, bornOn, documents }: Holder, rules: LicenceRules, now: number): Lack[] {
  if (!idKnown || bornOn === '') return [{ what: 'identity', why: 'none', topic: '', document: '' }]
  const age = ageOf(bornOn, now)
  if (age < rules.minAge) return [{ what: 'age', why: 'too_young', topic: '', document: '' }]
  return age < rules.adultAge ? documentLacks({ documents }, ['guardian_consent'], now) : []
}

function topicLacks({ certificates }: Holder, topics: readonly string[], now: number): Lack[] {
  return topics.flatMap((topic) => {
    const held = certificates.filter((each) => each.topic === topic)
    const good = held.some(({ revoked, validUntil }) => !revoked && (validUntil === 0 || validUntil > now))
    if (good) return []
    const newest = held[0]
    const why = !newest ? 'none' : newest.revoked ? 'revoked' : 'expired'
    return [{ what: 'certificate' as const, why: why as Missing['why'], topic, document: '' as const }]
  })
}

function documentLacks(
  { documents }: Pick<Holder, 'documents'>,
  kinds: readonly DocumentKind[],
  now: number
): Lack[] {
  return kinds.flatMap((kind) => {
    const handedIn = documents.filter((each) => each.kind === kind && each.state !== 'replaced')
    if (handedIn.some(({ state, dueAt }) => state === 'good' && dueAt > now)) return []
    const newest = handedIn[0]
    const why = !newest ? 'none' : newest.state === 'good' ? 'expired' : newest.state
    return [{ what: 'document' as const, why: why as Missing['why'], topic: '', document: kind }]
  })
}
