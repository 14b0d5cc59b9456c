import {
  addMentorTask,
  assess,
  checkMentorship,
  closeMentorship,
  declineMentorship,
  issueCertificates,
  judgeMentorTask,
  listCandidates,
  listCertificates,
  listMentorships,
  myCertificates,
  myMentorships,
  myRehearsals,
  offerMentorship,
  rehearse,
  revokeCertificate,
  showAssessments,
  showMentorTask,
  signMentorship,
  teachRehearsals,
  verifyCertificate
} from '../../shared/contracts/practice.ts'
import type { Http } from '../http/http.ts'
import type { Certificates } from './certificates.ts'
import type { Mentorships } from './mentorships.ts'
import type { Practice } from './practice.ts'

/** 彩排 and 评分, 证书, 师带徒. */
export function practiceRoutes(
  http: Http,
  {
    practice,
    certificates,
    mentorships
  }: { practice: Practice; certificates: Certificates; mentorships: Mentorships }
) {
  http.route({ ...rehearse, handler: ({ me, body }) => practice.rehearse(me, body) })
  http.route({ ...myRehearsals, handler: async ({ me }) => ({ items: await practice.mine(me) }) })
  http.route({
    ...teachRehearsals,
    handler: async ({ query }) => ({ items: await practice.toAssess(query.after) })
  })
  http.route({
    ...assess,
    handler: async ({ me, params, body }) => ({ assessment: await practice.assess(me, params.showId, body) })
  })
  http.route({ ...showAssessments, handler: ({ me, params }) => practice.ofShow(me, params.showId) })

  http.route({ ...verifyCertificate, handler: ({ params }) => certificates.verify(params.code) })
  http.route({ ...myCertificates, handler: async ({ me }) => ({ items: await certificates.mine(me) }) })
  http.route({
    ...listCertificates,
    handler: async ({ query }) => ({ items: await certificates.list(query) })
  })
  http.route({
    ...listCandidates,
    handler: async ({ params, query }) => ({
      items: await certificates.candidates(params.courseId, query.after)
    })
  })
  http.route({
    ...issueCertificates,
    handler: ({ me, params, body }) => certificates.issue(me, params.courseId, body.memberIds)
  })
  http.route({
    ...revokeCertificate,
    handler: async ({ me, params, body }) => ({
      certificate: await certificates.revoke(me, params.code, body.reason)
    })
  })

  http.route({ ...myMentorships, handler: async ({ me }) => ({ items: await mentorships.mine(me) }) })
  http.route({
    ...listMentorships,
    handler: async ({ query }) => ({ items: await mentorships.all(query.after) })
  })
  http.route({
    ...offerMentorship,
    handler: async ({ me, body }) => ({ mentorship: await mentorships.offer(me, body) })
  })
  http.route({
    ...signMentorship,
    handler: async ({ me, params }) => ({ mentorship: await mentorships.sign(me, params.mentorshipId) })
  })
  http.route({
    ...declineMentorship,
    handler: async ({ me, params, body }) => ({
      mentorship: await mentorships.decline(me, params.mentorshipId, body.reason)
    })
  })
  http.route({
    ...addMentorTask,
    handler: async ({ me, params, body }) => ({
      mentorship: await mentorships.addTask(me, params.mentorshipId, body.title)
    })
  })
  http.route({
    ...showMentorTask,
    handler: async ({ me, params, body }) => ({
      mentorship: await mentorships.show(me, params.mentorshipId, params.taskId, body)
    })
  })
  http.route({
    ...judgeMentorTask,
    handler: async ({ me, params, body }) => ({
      mentorship: await mentorships.judge(me, params.mentorshipId, params.taskId, body.done)
    })
  })
  http.route({
    ...checkMentorship,
    handler: async ({ me, params, body }) => ({
      mentorship: await mentorships.check(me, params.mentorshipId, body.words)
    })
  })
  http.route({
    ...closeMentorship,
    handler: async ({ params, body }) => ({ mentorship: await mentorships.close(params.mentorshipId, body) })
  })
}
