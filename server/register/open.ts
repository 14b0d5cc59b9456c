import type { Cases } from '../cases/cases.ts'
import type { Clock } from '../clock.ts'
import type { Http } from '../http/http.ts'
import type { Members } from '../members/members.ts'
import type { Seal } from '../seal.ts'
import type { Previews } from '../sheets/sheets.ts'
import type { Store } from '../store/store.ts'
import { openBranches } from './branches.ts'
import { openImports } from './imports.ts'
import { openMembership } from './membership.ts'
import { openRegister } from './register.ts'
import { registerRoutes } from './routes.ts'

/** The register with its branches, its sheets, and joining, moving and leaving. */
export function openUnion({
  http,
  ...ground
}: {
  http: Http
  store: Store
  clock: Clock
  seal: Seal
  members: Members
  cases: Cases
  previews: Previews
}) {
  const branches = openBranches({ ...ground, namesOf: ground.members.namesOf })
  const register = openRegister({ ...ground, branches })
  const imports = openImports({ ...ground, branches, register })
  const membership = openMembership({ ...ground, branches, register })
  registerRoutes(http, { register, branches, imports, membership })
  return { register, branches, imports, membership }
}
