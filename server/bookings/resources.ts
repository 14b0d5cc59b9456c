import type { Leave, Resource } from '../../shared/contracts/classes.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import { newId } from '../store/id.ts'
import type { Store, Tx } from '../store/store.ts'
import { MAX_LEAVE_MS, wrongTimes, type Times } from './occasion.ts'
import { resourceStore } from './resource-store.ts'
import { occasionStore, type On } from './store.ts'

const DAY_MS = 86_400_000
/** A calendar shows no more than this of each kind. */
const RESOURCES = 300
const TRAINERS = 200
const LEAVES = 500
/** A screen reads no more clashes than this. */
const CLASHES = 50

/** What is in the way: a class or a leave. */
export interface Clash extends Times {
  resourceId: string
  name: string
  what: 'class' | 'leave'
  title: string
}

export interface Neighbours {
  /** Whoever is a trainer now; each is a resource under her own id. */
  trainers: (limit: number) => Promise<{ id: string; name: string }[]>
  peopleIn: (
    on: On,
    wanted: { ids: readonly string[] }
  ) => Promise<{ id: string; name: string; roles: readonly string[] }[]>
}

export type Resources = ReturnType<typeof openResources>

/** 讲师, 教室, 器材: what only one occasion can have at a time; and 请假, when it can't be had at all. */
export function openResources({
  store,
  clock,
  trainers,
  peopleIn
}: { store: Store; clock: Clock } & Neighbours) {
  const rows = resourceStore(store)
  const occasions = occasionStore(store)

  async function isTrainer(on: On, id: string) {
    return (await peopleIn(on, { ids: [id] })).some(({ roles }) => roles.includes('trainer'))
  }

  /** What stands where these wanted to be. */
  async function clashesOf(
    tx: Tx,
    byId: string,
    resourceIds: readonly string[],
    times: Times
  ): Promise<Clash[]> {
    const taken = (await rows.takenBy(tx, byId, resourceIds, times)).slice(0, CLASHES)
    const by = taken.map((each) => each.byId)
    const [standing, leaves] = [await occasions.byIds(tx, by), await rows.leaves(tx, by)]
    const named = [...(await peopleIn(tx, { ids: resourceIds })), ...(await rows.byIds(tx, resourceIds))]
    const names = new Map(named.map(({ id, name }) => [id, name]))
    return taken.flatMap(({ resourceId, byId: other }): Clash[] => {
      const name = names.get(resourceId) ?? ''
      const occasion = standing.find(({ id }) => id === other)
      if (occasion) {
        const { title, startsAt, endsAt } = occasion
        return [{ resourceId, name, what: 'class', title, startsAt, endsAt }]
      }
      const leave = leaves.find(({ id }) => id === other)
      if (!leave) return []
      return [
        {
          resourceId,
          name,
          what: 'leave',
          title: leave.reason,
          startsAt: leave.startsAt,
          endsAt: leave.endsAt
        }
      ]
    })
  }

  return {
    isTrainer,

    /** Rooms and kits with these ids that are in use. */
    async openOnes(on: On, ids: readonly string[]) {
      return (await rows.byIds(on, ids)).filter((each) => each.open)
    },

    /**
     * Takes these for all of a time or says what is in the way, as part of the caller's unit; who hears of a clash throws.
     * The key of `busy` is the limit, so of two officers at once one is refused.
     */
    async occupyIn(tx: Tx, byId: string, resourceIds: readonly string[], times: Times): Promise<Clash[]> {
      if (!resourceIds.length || !(await rows.occupy(tx, byId, resourceIds, times))) return []
      return clashesOf(tx, byId, resourceIds, times)
    },

    freeIn: (tx: Tx, byId: string): Promise<void> => rows.free(tx, byId),

    /** Trainers, rooms and kit, with their leaves from today on. */
    async list(): Promise<{ resources: Resource[]; leaves: Leave[] }> {
      const [people, things, leaves] = await Promise.all([
        trainers(TRAINERS),
        rows.allQuery(RESOURCES),
        rows.leavesQuery(clock.now() - DAY_MS, LEAVES)
      ])
      return {
        resources: [
          ...people.map(({ id, name }) => ({ id, kind: 'trainer' as const, name, seats: 0, open: true })),
          ...things
        ],
        leaves: leaves.map(({ id, resourceId, startsAt, endsAt, reason }) => ({
          id,
          resourceId,
          startsAt,
          endsAt,
          reason
        }))
      }
    },

    /** Adds a room or a kit, or changes the one with this id. Throws `no_such_resource`. */
    async save({
      id,
      ...draft
    }: Omit<Resource, 'id' | 'kind'> & { id?: string; kind: 'room' | 'kit' }): Promise<Resource> {
      const resource = { ...draft, name: draft.name.trim(), id: id ?? newId(clock.now()) }
      await store.tx(async (tx) => {
        if (id && !(await rows.byIds(tx, [id])).length) throw new Problem('no_such_resource')
        await rows.put(tx, resource)
      })
      return resource
    },

    /** Throws `double_booked` where a class stands, `no_such_resource`, `not_a_quarter`. */
    async takeLeave(me: Member, draft: Omit<Leave, 'id'>): Promise<Leave> {
      const wrong = wrongTimes(draft, MAX_LEAVE_MS)
      if (wrong === 'not_a_quarter') throw new Problem(wrong)
      if (wrong) throw new Problem('bad_input', { field: '/endsAt' })
      const leave = { ...draft, id: newId(clock.now()) }
      const { resourceId, startsAt, endsAt } = leave
      await store.tx(async (tx) => {
        const known = (await rows.byIds(tx, [resourceId])).length || (await isTrainer(tx, resourceId))
        if (!known) throw new Problem('no_such_resource')
        if (await rows.occupy(tx, leave.id, [resourceId], { startsAt, endsAt })) {
          throw doubleBooked(await clashesOf(tx, leave.id, [resourceId], { startsAt, endsAt }))
        }
        await rows.addLeave(tx, { ...leave, byId: me.id })
      })
      return leave
    },

    async endLeave(leaveId: string): Promise<void> {
      await store.tx(async (tx) => {
        if (!(await rows.dropLeave(tx, leaveId))) throw new Problem('no_such_leave')
        await rows.free(tx, leaveId)
      })
    }
  }
}

export const doubleBooked = (clashes: readonly Clash[]) =>
  new Problem('double_booked', { clashes: clashes.slice(0, CLASHES) })
