import { describe, expect, it } from 'vitest'
import { planner, type Query } from '../testing/plan.ts'
import { attendanceStore } from './attendance-store.ts'
import { resourceStore } from './resource-store.ts'
import { occasionStore } from './store.ts'

const DAY = 86_400_000
const period = { from: 0, to: 100 * DAY }

describe('the lists of a school with thousands of classes and members', () => {
  const database = planner()

  const lists = (): Record<string, Query> => {
    const { store } = database
    const occasions = occasionStore(store)
    const attendances = attendanceStore(store)
    const resources = resourceStore(store)
    return {
      'the calendar': occasions.betweenQuery('class', period, 500),
      'the calendar of a course': occasions.betweenQuery('class', period, 500, 'course'),
      'what one may book': occasions.comingQuery('course', 0, 50),
      'how many wait': occasions.waitingQuery(['a', 'b']),
      'what I am to them': occasions.ofMemberInQuery('me', ['a', 'b']),
      'whether I came': attendances.ofMemberInQuery('me', ['a', 'b']),
      'my classes': occasions.ofMemberQuery('me', 0, 50),
      'the roster': occasions.rosterQuery(store.read, 'a', 'waiting', 500),
      'whom to tell': occasions.newsQuery(1, 50),
      'classes held': occasions.heldQuery(period),
      'attendances that stand': attendances.countQuery(period),
      'what she attended': attendances.historyQuery('me', 50),
      'leaves to come': resources.leavesQuery(0, 500)
    }
  }

  it('ask an index, never a whole table', () => {
    for (const [name, query] of Object.entries(lists())) {
      const plan = database.plan(query)
      expect(plan, name).toContain('SEARCH')
      expect(plan, name).not.toContain('SCAN')
    }
  })

  it.each(['the calendar', 'the calendar of a course', 'what one may book', 'leaves to come'])(
    'come in order for %s without being sorted as a whole',
    (name) => {
      expect(database.plan(lists()[name]!)).not.toContain('USE TEMP B-TREE FOR ORDER BY')
    }
  )
})
