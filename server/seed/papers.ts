import { asc, inArray } from 'drizzle-orm'
import { createHash } from 'node:crypto'
import type { DocumentKind } from '../../shared/contracts/licences.ts'
import type { Topic } from '../../shared/contracts/school.ts'
import { isIdNumber } from '../../shared/id-number.ts'
import type { Village } from '../app.ts'
import { UNWARNED } from '../licences/document.ts'
import { maskedId } from '../register/person.ts'
import { openSeal } from '../seal.ts'
import { newId } from '../store/id.ts'
import type { Tx } from '../store/store.ts'

export interface Papers {
  memberId: string
  name: string
  bornOn: string
  topics: readonly Topic[]
  documents: readonly DocumentKind[]
}

const DAY_MS = 86_400_000
/** Documents of a woman who has just been looked at: half a year, in days that every calendar has. */
const GOOD_MS = 180 * DAY_MS

const TITLES: Record<Topic, string> = {
  live_selling: '直播带货',
  short_video: '短视频剪辑',
  tourism: '海鲜+旅游',
  dining: '海鲜+餐饮',
  food_safety: '食品安全'
}

/**
 * Gives somebody an entry in the register with a made-up ID number, certificates of these topics and documents that were
 * checked. In one unit, because suites do it for every host; what she has already stays.
 */
export async function givePapers(village: Village, { memberId, name, bornOn, topics, documents }: Papers) {
  const { store, clock, settings } = village
  const { register, certificates, documents: handedIn } = store.schema
  const seal = openSeal(settings.secret)
  const idNumber = madeUpId(memberId, bornOn)
  const now = clock.now()
  await store.tx(async (tx) => {
    await tx
      .insert(register)
      .values({
        memberId,
        name,
        branchId: '',
        sealedId: seal.seal(idNumber),
        idDigest: seal.digest(idNumber),
        maskedId: maskedId(idNumber),
        bornOn,
        sex: 'f',
        education: '',
        joinedOn: '2020-03-08',
        state: 'member',
        changedAt: now
      })
      .onConflictDoNothing()
    const courses = await coursesOf(village, tx, topics)
    if (courses.length) {
      await tx
        .insert(certificates)
        .values(
          courses.map((course) => ({
            code: `${course.topic.replace('_', '-')}-${memberId}`.slice(0, 40),
            courseId: course.id,
            memberId,
            courseTitle: course.title,
            name,
            issuedAt: now,
            validUntil: 0,
            issuedBy: '',
            revokedAt: 0,
            revokedBy: '',
            reason: ''
          }))
        )
        .onConflictDoNothing()
    }
    if (documents.length) {
      await tx
        .insert(handedIn)
        .values(
          documents.map((kind) => ({
            id: `${kind.replace('_', '-')}-${memberId}`.slice(0, 40),
            memberId,
            kind,
            number: '演示',
            fileIds: [],
            validUntil: 0,
            state: 'good' as const,
            handedInAt: now,
            checkedAt: now,
            checkedBy: '',
            words: '',
            dueAt: now + GOOD_MS,
            warnedDays: UNWARNED,
            caseId: ''
          }))
        )
        .onConflictDoNothing()
    }
  })
}

/** The oldest course of each topic; where the school has none yet, a draft stands for it. */
async function coursesOf({ store, clock }: Village, tx: Tx, topics: readonly Topic[]) {
  const { courses } = store.schema
  const { id, topic, title } = courses
  const known = await tx
    .select({ id, topic, title })
    .from(courses)
    .where(inArray(topic, [...topics]))
    .orderBy(asc(courses.createdAt), asc(id))
  const found = new Map(known.toReversed().map((course) => [course.topic, course]))
  const wanting = topics.filter((each) => !found.has(each))
  const drafts = wanting.map((each) => ({ id: newId(clock.now()), topic: each, title: TITLES[each] }))
  if (drafts.length) {
    const empty = {
      about: '',
      cover: '',
      state: 'draft' as const,
      practical: false,
      makesHost: false,
      assessors: 1,
      passPercent: 80,
      validMonths: 0,
      rubric: [],
      version: 1,
      createdAt: clock.now()
    }
    await tx.insert(courses).values(drafts.map((draft) => ({ ...empty, ...draft })))
  }
  return [...topics.flatMap((each) => found.get(each) ?? []), ...drafts]
}

/** A woman's, with the right last sign, of a district that does not exist: nobody has it. The same member has always the same. */
export function madeUpId(memberId: string, bornOn: string) {
  const chance = createHash('sha256').update(memberId).digest().readUInt16BE() % 500
  const digits = `379900${bornOn.replaceAll('-', '')}${String(chance * 2).padStart(3, '0')}`
  return Array.from('0123456789X', (sign) => digits + sign).find(isIdNumber)!
}
