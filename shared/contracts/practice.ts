import { Array, Boolean, Integer, Object, Optional, type Static } from 'typebox'
import { contract } from '../contract.ts'
import { Count, Id, Line, listOf, Millis, oneOf, Text } from '../schemas.ts'
import { ShowCard } from './live.ts'
import { Criterion, MAX_CRITERIA } from './school.ts'

/** 彩排 and what trainers say of it; certificates; 师带徒. */

const TEACHERS = ['trainer', 'officer'] as const

export const rehearse = contract({
  method: 'POST',
  url: '/api/my/rehearsals',
  schema: {
    summary:
      'Opens a rehearsal (彩排): a show that only I and trainers can see, recorded. For whoever attends a course with a practical.',
    body: Object({
      courseId: Id,
      title: Line(60),
      productIds: Array(Id, { maxItems: 20, uniqueItems: true })
    }),
    response: { 200: Object({ show: ShowCard }) }
  },
  config: { who: 'member' }
})

export const Rehearsal = Object({ show: ShowCard, courseId: Id, courseTitle: Text(60), assessed: Count })

export const myRehearsals = contract({
  method: 'GET',
  url: '/api/my/rehearsals',
  schema: { summary: 'My rehearsals, newest first.', response: { 200: listOf(Rehearsal, 50) } },
  config: { who: 'member' }
})

export const teachRehearsals = contract({
  method: 'GET',
  url: '/api/teach/rehearsals',
  schema: {
    summary: 'Rehearsals of all learners: on air first, then those that nobody assessed, then the newest.',
    querystring: Object({ after: Optional(Id) }),
    response: { 200: listOf(Rehearsal, 50) }
  },
  config: { who: TEACHERS }
})

/** A stretch of the recording that shows why. */
export const Evidence = Object({ criterionId: Text(40), fromMs: Count, toMs: Count, note: Text(120) })

export const Assessment = Object({
  id: Id,
  showId: Id,
  courseId: Id,
  learner: Object({ id: Id, name: Text(40) }),
  byId: Id,
  byName: Text(40),
  scores: Array(Object({ criterionId: Text(40), points: Count }), { maxItems: MAX_CRITERIA }),
  percent: Count,
  passed: Boolean(),
  words: Text(500),
  evidence: Array(Evidence, { maxItems: 20 }),
  at: Millis
})
export type Assessment = Static<typeof Assessment>

export const assess = contract({
  method: 'PUT',
  url: '/api/teach/shows/:showId/assessment',
  schema: {
    summary:
      'My marks for a rehearsal or a real show, by the course’s rubric; again replaces mine. Nobody assesses herself.',
    params: Object({ showId: Id }),
    body: Object({
      courseId: Id,
      scores: Array(Object({ criterionId: Id, points: Integer({ minimum: 0, maximum: 100 }) }), {
        minItems: 1,
        maxItems: MAX_CRITERIA
      }),
      words: Text(500),
      evidence: Array(Evidence, { maxItems: 20 })
    }),
    response: { 200: Object({ assessment: Assessment }) }
  },
  config: { who: TEACHERS }
})

export const showAssessments = contract({
  method: 'GET',
  url: '/api/shows/:showId/assessments',
  schema: {
    summary: 'What trainers said of a show, for its host and for trainers; the rubrics they may use.',
    params: Object({ showId: Id }),
    response: {
      200: Object({
        items: Array(Assessment, { maxItems: 50 }),
        rubrics: Array(
          Object({
            courseId: Id,
            courseTitle: Text(60),
            passPercent: Count,
            rubric: Array(Criterion, { maxItems: MAX_CRITERIA })
          }),
          { maxItems: 20 }
        )
      })
    }
  },
  config: { who: 'member' }
})

// certificates

export const CERTIFICATE_STATES = ['valid', 'expired', 'revoked'] as const

export const Certificate = Object({
  /** Printed on it and in its QR: 12 letters and digits that can't be guessed. */
  code: Text(40),
  courseId: Id,
  courseTitle: Text(60),
  memberId: Id,
  name: Text(40),
  issuedAt: Millis,
  /** 0: for good. */
  validUntil: Millis,
  state: oneOf(CERTIFICATE_STATES),
  revokedAt: Millis,
  reason: Text(120),
  issuedByName: Text(40)
})
export type Certificate = Static<typeof Certificate>

export const verifyCertificate = contract({
  method: 'GET',
  url: '/api/certificates/:code',
  schema: {
    summary:
      'What anybody may know of a certificate: course, masked name (王*霞), dates, and whether it is good.',
    params: Object({ code: Line(40) }),
    response: {
      200: Object({
        code: Text(40),
        courseTitle: Text(60),
        name: Text(40),
        issuedAt: Millis,
        validUntil: Millis,
        state: oneOf(CERTIFICATE_STATES),
        revokedAt: Millis
      })
    }
  },
  config: { who: 'anyone' }
})

export const myCertificates = contract({
  method: 'GET',
  url: '/api/me/certificates',
  schema: { summary: 'My certificates.', response: { 200: listOf(Certificate, 50) } },
  config: { who: 'member' }
})

export const listCertificates = contract({
  method: 'GET',
  url: '/api/teach/certificates',
  schema: {
    summary: 'Certificates, newest first: of a course, of a member, or by a part of a name or code.',
    querystring: Object({
      courseId: Optional(Id),
      memberId: Optional(Id),
      q: Optional(Text(40)),
      after: Optional(Text(40))
    }),
    response: { 200: listOf(Certificate, 200) }
  },
  config: { who: TEACHERS }
})

/** How far a learner is from a course’s certificate. */
export const Candidate = Object({
  memberId: Id,
  name: Text(40),
  attended: Count,
  lessonsDone: Count,
  quiz: Boolean(),
  /** Trainers who passed her, of how many the course wants (0: no practical). */
  passes: Count,
  passesWanted: Count,
  ready: Boolean(),
  certified: Boolean()
})
export type Candidate = Static<typeof Candidate>

export const listCandidates = contract({
  method: 'GET',
  url: '/api/teach/courses/:courseId/candidates',
  schema: {
    summary: 'Everybody who learns this course, those who are ready for the certificate first.',
    params: Object({ courseId: Id }),
    querystring: Object({ after: Optional(Id) }),
    response: { 200: listOf(Candidate, 1000) }
  },
  config: { who: TEACHERS }
})

export const issueCertificates = contract({
  method: 'POST',
  url: '/api/teach/courses/:courseId/certificates',
  schema: {
    summary:
      'Issues certificates to who is ready; the others are named with what is missing. Twice is once. May make a host.',
    params: Object({ courseId: Id }),
    body: Object({ memberIds: Array(Id, { minItems: 1, maxItems: 200, uniqueItems: true }) }),
    response: {
      200: Object({
        issued: Array(Certificate, { maxItems: 200 }),
        notReady: Array(Id, { maxItems: 200 })
      })
    }
  },
  config: { who: TEACHERS }
})

export const revokeCertificate = contract({
  method: 'POST',
  url: '/api/teach/certificates/:code/revoke',
  schema: {
    summary: 'Revokes a certificate with a reason; a show that stands on it stops selling at once.',
    params: Object({ code: Line(40) }),
    body: Object({ reason: Line(120) }),
    response: { 200: Object({ certificate: Certificate }) }
  },
  config: { who: TEACHERS }
})

// 师带徒: master and apprentice

const MentorTask = Object({
  id: Id,
  title: Text(80),
  state: oneOf(['open', 'shown', 'done']),
  /** What the apprentice showed: files of kind `evidence`, and words. */
  fileIds: Array(Id, { maxItems: 6 }),
  words: Text(300),
  shownAt: Millis,
  doneAt: Millis
})

export const Mentorship = Object({
  id: Id,
  mentor: Object({ id: Id, name: Text(40) }),
  apprentice: Object({ id: Id, name: Text(40) }),
  state: oneOf(['offered', 'active', 'graduated', 'ended']),
  agreement: Text(2000),
  startsAt: Millis,
  endsAt: Millis,
  mentorSignedAt: Millis,
  apprenticeSignedAt: Millis,
  closedAt: Millis,
  reason: Text(120),
  tasks: Array(MentorTask, { maxItems: 60 }),
  checks: Array(Object({ month: Text(7), words: Text(300), at: Millis }), { maxItems: 40 }),
  /** Months that have passed without a check. */
  checksMissing: Count
})
export type Mentorship = Static<typeof Mentorship>

const pair = Object({ mentorshipId: Id })
const answered = { 200: Object({ mentorship: Mentorship }) }

export const myMentorships = contract({
  method: 'GET',
  url: '/api/me/mentorships',
  schema: { summary: 'Pairs in which I am master or apprentice.', response: { 200: listOf(Mentorship, 50) } },
  config: { who: 'member' }
})

export const listMentorships = contract({
  method: 'GET',
  url: '/api/teach/mentorships',
  schema: {
    summary: 'All pairs, those with something to do first.',
    querystring: Object({ after: Optional(Id) }),
    response: { 200: listOf(Mentorship, 100) }
  },
  config: { who: TEACHERS }
})

export const offerMentorship = contract({
  method: 'POST',
  url: '/api/teach/mentorships',
  schema: {
    summary:
      'Pairs a master (a host who holds the certificate) with an apprentice; good once both have signed. At most three years.',
    body: Object({
      mentorId: Id,
      apprenticeId: Id,
      agreement: Line(2000),
      endsAt: Millis,
      tasks: Array(Line(80), { maxItems: 20 })
    }),
    response: answered
  },
  config: { who: TEACHERS }
})

export const signMentorship = contract({
  method: 'POST',
  url: '/api/mentorships/:mentorshipId/sign',
  schema: { summary: 'Signs the agreement, as master or apprentice.', params: pair, response: answered },
  config: { who: 'member' }
})

export const declineMentorship = contract({
  method: 'POST',
  url: '/api/mentorships/:mentorshipId/decline',
  schema: {
    summary: 'Says no to a pair that was offered to me, as master or apprentice; the other is told.',
    params: pair,
    body: Object({ reason: Text(120) }),
    response: answered
  },
  config: { who: 'member' }
})

export const addMentorTask = contract({
  method: 'POST',
  url: '/api/mentorships/:mentorshipId/tasks',
  schema: {
    summary: 'The master gives a task.',
    params: pair,
    body: Object({ title: Line(80) }),
    response: answered
  },
  config: { who: 'member' }
})

export const showMentorTask = contract({
  method: 'PUT',
  url: '/api/mentorships/:mentorshipId/tasks/:taskId/evidence',
  schema: {
    summary: 'The apprentice shows what she did.',
    params: Object({ mentorshipId: Id, taskId: Id }),
    body: Object({ fileIds: Array(Id, { maxItems: 6 }), words: Text(300) }),
    response: answered
  },
  config: { who: 'member' }
})

export const judgeMentorTask = contract({
  method: 'PUT',
  url: '/api/mentorships/:mentorshipId/tasks/:taskId/verdict',
  schema: {
    summary: 'The master says: done, or once more.',
    params: Object({ mentorshipId: Id, taskId: Id }),
    body: Object({ done: Boolean() }),
    response: answered
  },
  config: { who: 'member' }
})

export const checkMentorship = contract({
  method: 'PUT',
  url: '/api/mentorships/:mentorshipId/checks',
  schema: {
    summary: 'The master’s word for this month.',
    params: pair,
    body: Object({ words: Line(300) }),
    response: answered
  },
  config: { who: 'member' }
})

export const closeMentorship = contract({
  method: 'POST',
  url: '/api/teach/mentorships/:mentorshipId/close',
  schema: {
    summary: 'Graduation (出师), once every task is done; or the end of the pair with a reason.',
    params: pair,
    body: Object({ graduated: Boolean(), reason: Text(120) }),
    response: answered
  },
  config: { who: TEACHERS }
})
