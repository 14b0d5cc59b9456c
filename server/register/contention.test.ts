import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { writeSheet } from '../sheets/sheets.ts'
import { openEngine } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { engines, type Engine } from '../testing/engines.ts'
import { together, type Together } from '../testing/together.ts'
import { deskOn, type Errand } from './enroller.ts'
import { womanBorn } from './testing.ts'

const MINUTE = 60_000

let processes: Together<Errand, string[]>
beforeAll(() => void (processes = together(path.join(import.meta.dirname, 'enroller.ts'), 2)))
afterAll(() => processes.leave())

describe.each(engines)('two servers on one register on $name', (engine) => {
  let place: Awaited<ReturnType<Engine['make']>>
  let store: Store
  let desk: Awaited<ReturnType<typeof deskOn>>
  let branchId: string
  beforeEach(async () => {
    place = await engine.make()
    store = await openEngine(place)
    desk = await deskOn(store)
    branchId = (await desk.branches.save({ parentId: '', name: '东港', officerId: '' })).id
  })
  afterEach(async () => {
    await desk.members.close()
    await store.close()
    await place.drop()
  })

  const go = async (...errands: Partial<Errand>[]) => {
    const { databaseUrl, dataDir } = place
    const nothing = {
      databaseUrl,
      dataDir,
      branchId,
      officerId: 'officer',
      women: [],
      importId: '',
      caseIds: []
    }
    return (await processes.go(errands.map((errand) => ({ ...nothing, ...errand })))).flat()
  }
  const counted = (outcomes: string[]) =>
    Object.fromEntries([...Map.groupBy(outcomes, (each) => each)].map(([each, some]) => [each, some.length]))
  const written = () => store.read.select().from(store.schema.register)
  const people = () => store.read.select().from(store.schema.user)

  it(
    'write one woman in once, by her phone as by her ID number',
    async () => {
      const idNumber = womanBorn('1970-01-01', 1)
      const phone = '13800000001'
      for (const [n, papers] of [{ phone }, { idNumber }].entries()) {
        const women = Array.from({ length: 20 }, (_, i) => ({ name: `女${i}`, ...papers }))
        expect(counted(await go({ women }, { women }))).toEqual({ added: 1, in_register: 39 })
        expect([(await written()).length, (await people()).length]).toEqual([n + 1, n + 1])
      }
    },
    MINUTE
  )

  it(
    'import one sheet twice at the same moment and have every woman once',
    async () => {
      const rows = Array.from({ length: 200 }, (_, i) => [
        `女${i}`,
        `139${String(i).padStart(8, '0')}`,
        womanBorn('1971-01-01', i),
        '东港'
      ])
      const sheet = await writeSheet('名册', ['姓名', '手机号', '身份证号', '支会'], rows)
      const preview = async (officerId: string) => {
        const officer = { id: officerId, name: '', roles: ['officer'] as const }
        return { officerId, importId: (await desk.imports.preview(officer, sheet)).importId }
      }
      const outcomes = await go(await preview('one'), await preview('two'))
      expect(outcomes.toSorted()).toEqual([
        '{"added":0,"changed":0,"skipped":200}',
        '{"added":200,"changed":0,"skipped":0}'
      ])
      expect([(await written()).length, (await people()).length]).toEqual([200, 200])
    },
    MINUTE
  )

  it(
    'let one of two women with the same ID number join, and one officer decide each case',
    async () => {
      const idNumber = womanBorn('1972-01-01', 1)
      const asked = await Promise.all(
        ['wang', 'li'].map(async (name) => {
          const id = await desk.members.enrol({ name, roles: [] })
          const me = { id, name, roles: ['buyer'] as const }
          const { waiting } = await desk.membership.join(me, { name, idNumber, branchId, education: '' })
          return waiting!.caseId
        })
      )
      const outcomes = counted(await go({ caseIds: asked }, { caseIds: asked.toReversed() }))
      // The second officer of a case finds it changed, or closed, or herself beaten by the other woman’s.
      expect(outcomes.approved).toBe(1)
      expect(
        Object.keys(outcomes).filter(
          (code) => !/^(approved|in_register|case_closed|case_changed)$/.test(code)
        )
      ).toEqual([])
      expect(await written()).toHaveLength(1)
      const cases = await store.read.select().from(store.schema.cases)
      expect(cases.map(({ state }) => state).toSorted()).toEqual(['approved', 'open'])
    },
    MINUTE
  )
})
