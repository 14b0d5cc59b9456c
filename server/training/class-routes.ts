import * as contracts from '../../shared/contracts/classes.ts'
import type { Feeds } from '../bookings/feeds.ts'
import type { Resources } from '../bookings/resources.ts'
import type { Http } from '../http/http.ts'
import { takesSheets } from '../sheets/upload.ts'
import type { Classes } from './classes.ts'
import type { Door } from './door.ts'
import type { Rosters } from './rosters.ts'
import type { Timetable } from './timetable.ts'

export function classRoutes(
  http: Http,
  {
    classes,
    timetable,
    door,
    rosters,
    feeds,
    resources
  }: {
    classes: Classes
    timetable: Timetable
    door: Door
    rosters: Rosters
    feeds: Feeds
    resources: Resources
  }
) {
  http.route({
    ...contracts.listClasses,
    handler: async ({ member, query }) => ({ items: await classes.list(member, query) })
  })
  http.route({
    ...contracts.getClass,
    handler: ({ member, params: { classId } }) => classes.get(member, classId)
  })
  http.route({
    ...contracts.bookClass,
    handler: async ({ me, params: { classId } }) => ({ mine: await classes.book(me, classId) })
  })
  http.route({
    ...contracts.leaveClass,
    handler: async ({ me, params: { classId } }) => ({ mine: await classes.leave(me, classId) })
  })
  http.route({
    ...contracts.giveFeedback,
    handler: async ({ me, params: { classId }, body }) => {
      await classes.say(me, classId, body)
      return {}
    }
  })

  // the list

  http.route({ ...contracts.getRoster, handler: ({ params: { classId } }) => rosters.get(classId) })
  http.route({
    ...contracts.bookFor,
    handler: async ({ me, params: { classId }, body }) => ({ row: await rosters.bookFor(me, classId, body) })
  })
  http.route({
    ...contracts.unbook,
    handler: async ({ me, params: { classId, memberId } }) => {
      await rosters.unbook(me, classId, memberId)
      return {}
    }
  })
  http.route({
    ...contracts.getSlip,
    handler: ({ params: { classId, memberId } }) => rosters.slip(classId, memberId)
  })
  takesSheets(http, contracts.ROSTER_BYTES, (uploads, sheetOf, bodyLimit) => {
    uploads.route({
      ...contracts.previewRoster,
      bodyLimit,
      handler: async (request) => rosters.preview(request.me, request.params.classId, await sheetOf(request))
    })
  })
  http.route({
    ...contracts.importRoster,
    handler: ({ me, params: { classId }, body: { importId } }) => rosters.importRows(me, classId, importId)
  })

  // the calendar

  http.route({
    ...contracts.scheduleClass,
    handler: async ({ me, body: { draft, weeks } }) => ({
      classes: await timetable.schedule(me, draft, weeks)
    })
  })
  http.route({ ...contracts.teachClass, handler: ({ params: { classId } }) => timetable.draftOf(classId) })
  http.route({
    ...contracts.changeClass,
    handler: async ({ me, params: { classId }, body: { version, draft } }) => ({
      class: await timetable.change(me, classId, version, draft)
    })
  })
  http.route({
    ...contracts.moveClass,
    handler: async ({ me, params: { classId }, body }) => ({ class: await timetable.move(me, classId, body) })
  })
  http.route({
    ...contracts.cancelClass,
    handler: async ({ me, params: { classId }, body: { reason } }) => ({
      class: await timetable.cancel(me, classId, reason)
    })
  })
  http.route({ ...contracts.listResources, handler: () => resources.list() })
  http.route({
    ...contracts.saveResource,
    handler: async ({ body }) => ({ resource: await resources.save(body) })
  })
  http.route({
    ...contracts.takeLeave,
    handler: async ({ me, body }) => ({ leave: await resources.takeLeave(me, body) })
  })
  http.route({
    ...contracts.endLeave,
    handler: async ({ params: { leaveId } }) => {
      await resources.endLeave(leaveId)
      return {}
    }
  })
  http.route({
    ...contracts.addMaterial,
    handler: async ({ me, params: { classId }, body }) => ({
      materials: await timetable.addMaterial(me, classId, body)
    })
  })
  http.route({
    ...contracts.dropMaterial,
    handler: async ({ params: { classId, fileId } }) => ({
      materials: await timetable.dropMaterial(classId, fileId)
    })
  })
  http.route({
    ...contracts.openOnlineRoom,
    handler: async ({ me, params: { classId } }) => ({ showId: await timetable.openRoom(me, classId) })
  })

  // the door

  http.route({ ...contracts.doorCode, handler: ({ params: { classId } }) => door.codeOf(classId) })
  http.route({ ...contracts.checkIn, handler: ({ me, body: { code } }) => door.checkIn(me, code) })
  http.route({ ...contracts.myMemberCode, handler: async ({ me }) => door.memberCode(me) })
  http.route({
    ...contracts.scanMember,
    handler: async ({ me, params: { classId }, body: { code } }) => {
      return { row: await rosters.row(classId, await door.scan(me, classId, code)) }
    }
  })
  http.route({
    ...contracts.tick,
    handler: async ({ me, params: { classId, memberId }, body: { how } }) => {
      await door.tick(me, classId, memberId, how)
      return { row: await rosters.row(classId, memberId) }
    }
  })
  http.route({
    ...contracts.untick,
    handler: async ({ me, params: { classId, memberId }, body: { reason } }) => {
      await door.untick(me, classId, memberId, reason)
      return { row: await rosters.row(classId, memberId) }
    }
  })
  http.route({
    ...contracts.addSheet,
    handler: async ({ me, params: { classId }, body: { fileId } }) => {
      await door.addSheet(me, classId, fileId)
      return {}
    }
  })

  // a calendar of one's own

  http.route({
    ...contracts.myCalendar,
    handler: async ({ me, body: { anew } }) => ({ url: await feeds.addressFor(me, anew) })
  })
  http.route({
    ...contracts.calendarFeed,
    handler: async ({ params: { token } }, reply) => {
      const calendar = await feeds.read(token.replace(/\.ics$/, ''))
      return reply
        .headers({ 'content-type': 'text/calendar; charset=utf-8', 'cache-control': 'private, no-cache' })
        .send(calendar)
    }
  })
}
