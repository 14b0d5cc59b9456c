import { myNotices, readNotices } from '../../shared/contracts/notices.ts'
import type { Http } from '../http/http.ts'
import type { Notices } from './notices.ts'

export function noticeRoutes(http: Http, notices: Notices) {
  http.route({ ...myNotices, handler: ({ me, query }) => notices.mine(me, query.after) })
  http.route({
    ...readNotices,
    handler: async ({ me, body }) => {
      await notices.read(me, body.upTo)
      return {}
    }
  })
}
