// An officer’s desk in a process of its own: writes women in, one by one or from a sheet, and answers what became of it.
import { Problem } from '../../shared/problems.ts'
import { memoryBus } from '../bus/memory.ts'
import { openCases } from '../cases/cases.ts'
import { systemClock } from '../clock.ts'
import { openMembers } from '../members/members.ts'
import { openSeal } from '../seal.ts'
import { openPreviews } from '../sheets/sheets.ts'
import { openEngine } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { onErrand } from '../testing/together.ts'
import { openBranches } from './branches.ts'
import { openImports } from './imports.ts'
import { openMembership } from './membership.ts'
import { openRegister } from './register.ts'

export const SECRET = 'a secret of this village, long enough'

export interface Errand {
  databaseUrl: string
  dataDir: string
  officerId: string
  /** What she writes in, all at once … */
  women: { name: string; phone?: string; idNumber?: string }[]
  branchId: string
  /** … or the preview that she confirms … */
  importId: string
  /** … or the cases that she approves. */
  caseIds: string[]
}

/** The register of a store that no server has opened. */
export async function deskOn(store: Store) {
  const clock = systemClock
  const seal = openSeal(SECRET)
  const members = await openMembers({
    store,
    clock,
    bus: memoryBus(() => {}),
    settings: {
      secret: SECRET,
      publicUrl: 'http://localhost',
      production: false,
      sms: undefined,
      allowDevSms: true
    }
  })
  const previews = openPreviews({ store, clock, seal })
  const branches = openBranches({ store, clock, namesOf: members.namesOf })
  const register = openRegister({ store, clock, seal, members, branches })
  const imports = openImports({ store, clock, seal, members, branches, register, previews })
  const cases = openCases({
    store,
    clock,
    act: (unit) => store.tx((tx) => unit(tx, async () => {})),
    namesOf: members.namesOf,
    tellIn: async () => {},
    ownedFiles: async () => {}
  })
  const membership = openMembership({ store, clock, seal, cases, branches, register })
  return { members, branches, register, imports, cases, membership }
}

onErrand<Errand, string[]>(async ({ officerId, women, branchId, importId, caseIds, ...place }) => {
  const store = await openEngine(place)
  const { members, register, imports, cases } = await deskOn(store)
  const officer = { id: officerId, name: '', roles: ['officer'] as const }
  return async () => {
    const deeds = [
      ...women.map(async (woman) => {
        await register.add(officer, { ...woman, branchId, education: '', joinedOn: '2019-03-08' })
        return 'added'
      }),
      ...caseIds.map(async (caseId) => {
        await cases.decide(officer, caseId, { version: 1, approve: true, words: '' })
        return 'approved'
      }),
      ...[importId].filter(Boolean).map(async (id) => JSON.stringify(await imports.confirm(officer, id)))
    ]
    const outcomes = await Promise.allSettled(deeds)
    await members.close()
    await store.close()
    return outcomes.map((outcome) => {
      if (outcome.status === 'fulfilled') return outcome.value
      return outcome.reason instanceof Problem ? outcome.reason.code : String(outcome.reason)
    })
  }
})
