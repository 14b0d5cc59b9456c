import { openCases } from './cases/cases.ts'
import { caseRoutes } from './cases/routes.ts'
import { openFiles } from './files/files.ts'
import { fileRoutes } from './files/routes.ts'
import type { Ground } from './ground.ts'
import { openNotices } from './notices/notices.ts'
import { noticeRoutes } from './notices/routes.ts'
import { openSeal } from './seal.ts'
import { openPreviews, SWEEP_PREVIEWS_MS } from './sheets/sheets.ts'

export type Office = ReturnType<typeof openOffice>

/** What every desk of shop, school and union has: news, files, sheets, cases and a seal. */
export function openOffice({
  http,
  store,
  clock,
  jobs,
  settings,
  objects,
  darkroom,
  members,
  rooms
}: Ground) {
  const { namesOf, textTo } = members
  const notices = openNotices({ store, clock, jobs, textTo })
  noticeRoutes(http, notices)
  const files = openFiles({
    store,
    clock,
    objects,
    darkroom,
    isMember: async (memberId) => (await namesOf([memberId])).has(memberId),
    dataDir: settings.dataDir
  })
  fileRoutes(http, files)
  const seal = openSeal(settings.secret)
  const previews = openPreviews({ store, clock, seal })
  jobs.every('previews', SWEEP_PREVIEWS_MS, previews.sweep)
  const cases = openCases({
    store,
    clock,
    act: rooms.act,
    namesOf,
    tellIn: notices.tellIn,
    ownedFiles: files.ownedBy
  })
  caseRoutes(http, cases)
  return { notices, files, seal, previews, cases }
}
