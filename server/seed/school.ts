import type { Village } from '../app.ts'
import type { StoryClock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import { QUARTER_MS } from '../../shared/contracts/classes.ts'
import type { ArtName } from './art.ts'
import { writeTheCourses } from './courses.ts'
import { tellTheHistory } from './history.ts'
import { learnerId } from './learners.ts'
import { DEMO_LEARNER } from './people.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const WEEK_MS = 7 * 24 * HOUR_MS
const COURSE = 'course-live'
/** Of the class of next week; five more wait for one. */
const FEW_SEATS = 12
const WAITING = 5

/** The school of the demo village: its courses and its past once, and each day a class that one may go to. */
export async function seedSchool(
  village: Village,
  clock: StoryClock,
  people: { trainer: Member; officer: Member },
  hang: (art: ArtName) => Promise<string>
): Promise<boolean> {
  const { courses } = village.school
  const isNew = !(await courses.open()).some(({ id }) => id === COURSE)
  if (isNew) {
    await writeTheCourses(village, people.trainer, hang)
    await tellTheHistory(village, clock, people)
    await pairThem(village, clock, people.trainer)
  }
  await fillTheCalendar(village, people.trainer)
  return isNew
}

/** 海燕 has taken 彩霞 as her apprentice; one task is done and one is waiting. */
async function pairThem(village: Village, clock: StoryClock, trainer: Member) {
  const { mentorships } = village.school
  const master: Member = { id: 'haiyan', name: '海燕', roles: ['buyer', 'host'] }
  const apprentice: Member = { id: DEMO_LEARNER.id, name: DEMO_LEARNER.name, roles: DEMO_LEARNER.roles }
  const now = clock.now()
  await clock.at(now - 40 * DAY_MS, async () => {
    const pair = await mentorships.offer(trainer, {
      mentorId: master.id,
      apprenticeId: apprentice.id,
      agreement: '师傅每周带播一次，徒弟每场记三条。半年出师。',
      endsAt: now + 140 * DAY_MS,
      tasks: ['跟着师傅播完一场，只管递货', '自己讲一样货三分钟，师傅在旁边', '自己报价、发一张券']
    })
    await mentorships.sign(master, pair.id)
    const { tasks } = await mentorships.sign(apprentice, pair.id)
    await mentorships.show(apprentice, pair.id, tasks[0]!.id, {
      fileIds: [],
      words: '递了三十六样，没递错。'
    })
    await mentorships.judge(master, pair.id, tasks[0]!.id, true)
    await mentorships.check(master, pair.id, '手脚快，胆子再大一点。')
  })
}

/** A class that is being held now, so that one can check in, and two in a week; one of them more want than can come. */
async function fillTheCalendar(village: Village, trainer: Member) {
  const { school, clock } = village
  const quarter = Math.floor(clock.now() / QUARTER_MS) * QUARTER_MS
  const coming = await school.classes.list(undefined, {})
  const has = (title: string) => coming.some((each) => each.title === title && each.endsAt > clock.now())
  if (!has(TODAY.title)) await hold(village, trainer, TODAY, quarter, 30, 14)
  if (!has(NEXT_WEEK.title)) {
    await hold(village, trainer, NEXT_WEEK, quarter + WEEK_MS, FEW_SEATS, FEW_SEATS + WAITING)
  }
  // On the same day: before the small class or after it, so that the rest of her week is free.
  const before = (quarter + 8 * HOUR_MS) % DAY_MS >= DAY_MS / 2
  const apart = (before ? -3 : 3) * HOUR_MS
  if (!has(SAFETY.title)) await hold(village, trainer, SAFETY, quarter + WEEK_MS + apart, 40, 6)
}

const TODAY = { courseId: COURSE, title: '直播带货 · 今天这一堂' }
const NEXT_WEEK = { courseId: COURSE, title: '直播带货 · 下周小班' }
/** Whoever lacks this certificate is offered a class of it. */
const SAFETY = { courseId: 'course-safety', title: '食品安全 · 下周班' }

async function hold(
  { school, store }: Village,
  trainer: Member,
  { courseId, title }: { courseId: string; title: string },
  startsAt: number,
  seats: number,
  booked: number
) {
  await store.tx(async (tx) => {
    const [id] = await school.timetable.scheduleIn(tx, trainer.id, {
      courseId,
      title,
      about: '带上手机和一样自家的货，下课前人人播十分钟。',
      trainerId: trainer.id,
      roomId: '',
      place: '红岛妇女微家 · 二楼',
      kitIds: [],
      startsAt,
      endsAt: startsAt + 2 * HOUR_MS,
      seats,
      online: false
    })
    for (let i = 0; i < booked; i++) {
      const memberId = learnerId(100 + i + seats)
      await school.bookings.bookIn(tx, { occasionId: id!, memberId, how: 'herself', byId: memberId })
    }
  })
}
