import type { GoodsClass } from '../../shared/contracts/catalogue.ts'
import type { Missing, RefusedGoods } from '../../shared/contracts/licences.ts'
import { TOPICS, type Topic } from '../../shared/contracts/school.ts'
import type { Clock } from '../clock.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { learns, permitFor, type Goods, type HeldCertificate, type Holder, type Lack } from './licence.ts'
import type { Rules } from './rules.ts'
import { licenceStore } from './store.ts'

/** Classes that a refusal offers for one missing certificate. */
const CLASSES_OFFERED = 3

type Bookable = Missing['classes'][number]

export interface Mentor {
  id: string
  name: string
}

/** Where the facts of a permit come from. */
export interface Facts {
  personOf: (on: Tx | Reader, memberId: string) => Promise<{ idKnown: boolean; bornOn: string } | undefined>
  /** Good or not, newest first. */
  certificatesOf: (on: Tx | Reader, memberId: string) => Promise<HeldCertificate[]>
  /** Her mentor, while the two are a pair. */
  mentorOf: (on: Tx | Reader, apprenticeId: string) => Promise<Mentor | undefined>
  goodsOf: (
    productIds: string[]
  ) => Promise<ReadonlyMap<string, { title: string; goodsClass: GoodsClass; hostId: string }>>
  /** The open courses that teach one of these topics. */
  coursesOf: (topics: Topic[]) => Promise<{ id: string; title: string; topic: string }[]>
  /** Classes of these courses that may still be booked, the soonest of each first. */
  classesToBook: (courseIds: string[], each: number) => Promise<(Bookable & { courseId: string })[]>
}

/** What stands between a host and a show, at one moment. */
export interface Standing {
  show: Lack[]
  goods: { productId: string; title: string; missing: Lack[] }[]
  /** Who may stand in for her certificates; only while nothing else is missing. */
  mentor: Mentor | undefined
}

export type Permits = ReturnType<typeof openPermits>

/** Gathers what the union knows of a host, asks the rules, and says what is missing in words of courses and classes. */
export function openPermits({
  store,
  clock,
  rules,
  personOf,
  certificatesOf,
  mentorOf,
  goodsOf,
  coursesOf,
  classesToBook
}: { store: Store; clock: Clock; rules: Rules } & Facts) {
  const rows = licenceStore(store)

  async function holderOf(on: Tx | Reader, memberId: string): Promise<Holder> {
    const person = await personOf(on, memberId)
    return {
      idKnown: person?.idKnown ?? false,
      bornOn: person?.bornOn ?? '',
      certificates: await certificatesOf(on, memberId),
      documents: await rows.documentsOf(on, memberId)
    }
  }

  /** What any show asks of her, as the caller's unit sees it, and who may stand beside her. */
  async function standingIn(on: Tx | Reader, hostId: string, goods: Goods[] = []) {
    const asked = await rules.now(on)
    const permit = permitFor(await holderOf(on, hostId), goods, asked, clock.now())
    return { ...permit, mentor: learns(permit.show) ? await ableMentorOf(on, hostId) : undefined }
  }

  /** A mentor who has lost her own certificate stands in for nobody. */
  async function ableMentorOf(on: Tx | Reader, hostId: string): Promise<Mentor | undefined> {
    const mentor = await mentorOf(on, hostId)
    if (!mentor) return undefined
    const own = permitFor(await holderOf(on, mentor.id), [], await rules.now(on), clock.now())
    return own.show.some(({ what }) => what === 'certificate') ? undefined : mentor
  }

  return {
    holderOf,
    standingIn,
    mentorOf,

    /** The same with the goods that she wants to sell. */
    async standing(hostId: string, productIds: string[]): Promise<Standing> {
      const known = productIds.length ? await goodsOf(productIds) : new Map<string, never>()
      const goods = productIds.flatMap((productId) => {
        const found = known.get(productId)
        return found ? [{ productId, goodsClass: found.goodsClass, own: found.hostId === hostId }] : []
      })
      const { goods: judged, ...standing } = await standingIn(store.read, hostId, goods)
      return {
        ...standing,
        goods: judged.map((each) => ({ ...each, title: known.get(each.productId)!.title }))
      }
    },

    explain,

    /** With courses and classes for what is missing; what may be sold is left out. */
    async refused(goods: Standing['goods']): Promise<RefusedGoods[]> {
      const refused = goods.filter(({ missing }) => missing.length)
      const explained = await explain(refused.flatMap(({ missing }) => missing))
      return refused.map(({ productId, title, missing }) => ({
        productId,
        title,
        missing: missing.map((lack) => explained.find((each) => isSame(each, lack))!)
      }))
    }
  }

  /** Of several courses with the same topic the one is offered that has a seat, else one that has a waitlist. */
  async function explain(lacks: Lack[]): Promise<Missing[]> {
    const topics = TOPICS.filter((topic) => lacks.some((lack) => lack.topic === topic))
    const courses = topics.length ? await coursesOf(topics) : []
    const classes = courses.length
      ? await classesToBook(
          courses.map(({ id }) => id),
          CLASSES_OFFERED
        )
      : []
    const bookable = Map.groupBy(classes, ({ courseId }) => courseId)
    return lacks.map((lack) => {
      const fitting = courses.filter(({ topic }) => topic === lack.topic)
      const course =
        fitting.find(({ id }) => bookable.get(id)?.some(({ left }) => left > 0)) ??
        fitting.find(({ id }) => bookable.has(id)) ??
        fitting[0]
      return {
        ...lack,
        courseId: course?.id ?? '',
        courseTitle: course?.title ?? '',
        classes: ((course && bookable.get(course.id)) ?? []).slice(0, CLASSES_OFFERED).map(offered)
      }
    })
  }
}

const isSame = (one: Pick<Lack, 'topic' | 'document' | 'why'>, other: Lack) =>
  one.topic === other.topic && one.document === other.document && one.why === other.why

const offered = ({ id, title, place, startsAt, left }: Bookable): Bookable => ({
  id,
  title,
  place,
  startsAt,
  left
})
