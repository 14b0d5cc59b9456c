import { describe, expect, it } from 'vitest'
import { exportOutcomes, getOutcomes, outcomePeople } from '../../shared/contracts/outcomes.ts'
import { engines } from '../testing/engines.ts'
import { openZip } from '../sheets/zip.ts'
import { planOf } from '../testing/plan.ts'
import { testVillage } from '../testing/village.ts'
import { MEANING, reachedBy } from './outcome.ts'
import { outcomeStore } from './store.ts'

const SUCCESS = { successShows: 5, successFen: 1_000_000 }

describe('what a host’s numbers say', () => {
  it('is nothing one fen below a thousand yuan, and the step at a thousand', () => {
    expect(reachedBy({ shows: 1, soldFen: 99_999 }, SUCCESS)).toEqual([])
    expect(reachedBy({ shows: 1, soldFen: 100_000 }, SUCCESS)).toEqual(['first_1000'])
  })

  it('is success only with shows and money both', () => {
    expect(reachedBy({ shows: 4, soldFen: 5_000_000 }, SUCCESS)).toEqual(['first_1000'])
    expect(reachedBy({ shows: 5, soldFen: 999_999 }, SUCCESS)).toEqual(['first_1000'])
    expect(reachedBy({ shows: 5, soldFen: 1_000_000 }, SUCCESS)).toEqual(['first_1000', 'successful'])
  })
})

describe.each(engines)('the outcome board on $name', (engine) => {
  it('counts the first time only, and opens the people behind the number', async () => {
    const v = await testVillage({ engine })
    const officer = await v.signIn('王主任', 'officer')
    const women = [await v.signIn('桂兰'), await v.signIn('秀梅'), await v.signIn('玉珍')]
    const { outcomes } = v.village.school
    for (const [i, { me }] of women.entries()) {
      await v.village.store.tx(async (tx) => {
        await outcomes.reachedIn(tx, me.id, 'attended', 1_000 + i, 'class-1')
        await outcomes.reachedIn(tx, me.id, 'attended', 9_000, 'class-2')
        await outcomes.sexIn(tx, [{ memberId: me.id, sex: i === 0 ? '' : 'f' }])
      })
    }
    const board = (await officer.call(getOutcomes)).json
    expect(board.steps.find(({ step }) => step === 'attended')).toEqual({
      step: 'attended',
      people: 3,
      women: 2,
      men: 0
    })
    expect(board.steps.find(({ step }) => step === 'licensed')!.people).toBe(0)
    const people = (await officer.call(outcomePeople, { params: { step: 'attended' } })).json.items
    expect(people.map(({ name, at }) => [name, at])).toEqual([
      ['玉珍', 1_002],
      ['秀梅', 1_001],
      ['桂兰', 1_000]
    ])
    await v.close()
  })

  it('counts within a time whose end is not in it, and refuses one that ends before it begins', async () => {
    const v = await testVillage({ engine })
    const trainer = await v.signIn('老陈', 'trainer')
    const { outcomes } = v.village.school
    for (const at of [100, 200, 300]) {
      const { me } = await v.signIn(`学员${at}`)
      await v.village.store.tx((tx) => outcomes.reachedIn(tx, me.id, 'enrolled', at, 'class-1'))
    }
    const within = async (from: number, to: number) =>
      (await trainer.call(getOutcomes, { query: { from, to } })).json.steps[0]!.people
    expect(await within(100, 300)).toBe(2)
    expect(await within(101, 301)).toBe(2)
    expect((await trainer.call(getOutcomes, { query: { from: 5, to: 5 } })).json.code).toBe('bad_input')
    await v.close()
  })

  it('goes on after the last of a page, also where many reached it in the same moment', async () => {
    const v = await testVillage({ engine })
    const trainer = await v.signIn('老陈', 'trainer')
    const { outcomes } = v.village.school
    const ids: string[] = []
    for (const name of ['甲', '乙', '丙', '丁']) {
      const { me } = await v.signIn(name)
      ids.push(me.id)
      await v.village.store.tx((tx) => outcomes.reachedIn(tx, me.id, 'rehearsed', 777, 'show-1'))
    }
    const seen: string[] = []
    for (let after: string | undefined; seen.length < 4;) {
      const { items } = (
        await trainer.call(outcomePeople, {
          params: { step: 'rehearsed' },
          query: after ? { after } : {}
        })
      ).json
      seen.push(items[0]!.memberId)
      after = items[0]!.memberId
    }
    expect(seen.toSorted()).toEqual(ids.toSorted())
    await v.close()
  })
})

describe('the board as a sheet', () => {
  it('says what each number means and who is behind it, and runs nothing for whoever opens it', async () => {
    const v = await testVillage({ engine: engines[0]! })
    const officer = await v.signIn('王主任', 'officer')
    const { me } = await v.signIn('=HYPERLINK("x")')
    await v.village.store.tx((tx) => v.village.school.outcomes.reachedIn(tx, me.id, 'attended', 1, 'class-1'))
    const { rawPayload, headers } = await v.village.http.inject({
      url: exportOutcomes.url,
      headers: { cookie: officer.cookie }
    })
    expect(headers['cache-control']).toBe('no-store')
    const words = (await openZip(rawPayload, 1024 * 1024)('xl/sharedStrings.xml'))!
    expect(words).toContain(MEANING.attended)
    expect(words).toMatch(/<t>(&apos;|')=HYPERLINK/)
    expect(words).not.toContain('<t>=')
    await v.close()
  })
})

describe('the board of a large union', () => {
  const [sqlite] = engines

  it('asks one index per number and per list, never a whole table', async () => {
    const v = await testVillage({ engine: sqlite! })
    const asked = outcomeStore(v.village.store)
    const period = { from: 0, to: 2_000_000_000_000 }
    const plans = [
      asked.countQuery('attended', period),
      asked.peopleQuery('attended', period, undefined, 200),
      asked.peopleQuery('attended', period, { at: 5, memberId: 'a' }, 200)
    ]
    for (const query of plans) {
      const plan = planOf(v.village.settings.dataDir, query.toSQL())
      expect(plan).toMatch(/^SEARCH milestones USING COVERING INDEX milestones_step \(step=\? AND at>\?/)
      expect(plan).not.toContain('SCAN')
      expect(plan).not.toContain('TEMP B-TREE')
    }
    await v.close()
  })
})
