import type { Clock } from '../clock.ts'
import type { Files } from '../files/files.ts'
import type { Http } from '../http/http.ts'
import type { Rooms } from '../live/rooms.ts'
import type { Shows } from '../live/shows.ts'
import type { Members } from '../members/members.ts'
import type { Notices } from '../notices/notices.ts'
import type { Register } from '../register/register.ts'
import type { Store } from '../store/store.ts'
import type { Films } from '../video/films.ts'
import { openCertificates } from './certificates.ts'
import type { openClassroom } from './classroom.ts'
import { courseRoutes, homeworkRoutes } from './course-routes.ts'
import { openCourses } from './courses.ts'
import { openHomeworks } from './homeworks.ts'
import { openLearning } from './learning.ts'
import { openMentorships } from './mentorships.ts'
import { openPractice } from './practice.ts'
import { practiceRoutes } from './practice-routes.ts'
import { openQuizzes } from './quizzes.ts'

/** Classes that a course's page offers. */
const CLASSES_SHOWN = 50

interface TrainingGround {
  http: Http
  store: Store
  clock: Clock
  members: Members
  register: Register
  classroom: Pick<ReturnType<typeof openClassroom>, 'classes' | 'bookings'>
  notices: Notices
  files: Files
  rooms: Rooms
  shows: Shows
  films: Films
  isOurPicture: (url: string) => boolean
}

/** What is learned outside of classes, and what it leads to: from the first lesson to a master of one's own. */
export function openTraining(ground: TrainingGround) {
  const lessons = openLessons(ground, {
    passesOf: (memberId) => craft.practice.passesOf(memberId),
    certificatesOf: (memberId) => craft.certificates.byCourseOf(memberId)
  })
  const craft = openCraft(ground, lessons)
  return { ...lessons, ...craft }
}

/** Courses with their quizzes and homework, and how far each learner is on her way. */
function openLessons(
  {
    http,
    store,
    clock,
    members: { namesOf },
    classroom: { classes },
    notices: { tellIn, unread },
    files,
    isOurPicture
  }: TrainingGround,
  reached: Pick<Parameters<typeof openLearning>[0]['onTheWay'], 'passesOf' | 'certificatesOf'>
) {
  const courses = openCourses({ store, clock, filesOfKind: files.ofKind, isOurPicture })
  const quizzes = openQuizzes({ store, clock, courses })
  const learning = openLearning({
    store,
    clock,
    courses,
    quizzes,
    onTheWay: { attendedOf: classes.attendedByCourse, comingOf: classes.comingOf, unread, ...reached }
  })
  courseRoutes(http, {
    courses,
    quizzes,
    learning,
    classesOf: (viewer, courseId) => classes.toBook(courseId, CLASSES_SHOWN, viewer)
  })
  const homeworks = openHomeworks({ store, clock, courses, filesOwnedBy: files.ownedBy, namesOf, tellIn })
  homeworkRoutes(http, homeworks)
  return { courses, quizzes, learning, homeworks }
}

/** 彩排 and its marks, certificates, master and apprentice. */
function openCraft(
  {
    http,
    store,
    clock,
    members,
    register,
    classroom: { classes, bookings },
    notices: { tellIn },
    files,
    rooms,
    shows,
    films
  }: TrainingGround,
  { courses, quizzes, learning }: ReturnType<typeof openLessons>
) {
  const { namesOf } = members
  const practice = openPractice({
    store,
    clock,
    courses,
    shows,
    recordedMs: films.recordedMs,
    enrolledIn: classes.enrolledIn,
    namesOf,
    tellIn
  })
  const certificates = openCertificates({
    store,
    clock,
    courses,
    cameTo: bookings.attendances.cameTo,
    passersOf: quizzes.passersOf,
    lessonsDone: learning.doneIn,
    act: rooms.act,
    namesOf: register.paperNamesOf,
    members,
    tellIn
  })
  const mentorships = openMentorships({
    store,
    clock,
    certificates,
    ownedBy: files.ownedBy,
    namesOf,
    namesIn: async (on, ids) =>
      new Map((await members.peopleIn(on, { ids })).map(({ id, name }) => [id, name])),
    tellIn
  })
  practiceRoutes(http, { practice, certificates, mentorships })
  return { practice, certificates, mentorships }
}
