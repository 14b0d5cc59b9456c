import type { Answer } from '../../shared/contract.ts'
import type { listRoads } from '../../shared/contracts/freight.ts'
import { PROVINCES, type Province } from '../../shared/provinces.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import type { Audit, NamesOf } from './freight.ts'
import beginnings from './hours.json' with { type: 'json' }
import { freightStore } from './store.ts'

export type Roads = ReturnType<typeof openRoads>

/** How long a parcel is on the road: our estimates, until the union knows better. */
export function openRoads({
  store,
  clock,
  namesOf,
  audit
}: {
  store: Store
  clock: Clock
  namesOf: NamesOf
  audit: Audit
}) {
  const rows = freightStore(store)
  const ours: Record<Province, number> = beginnings.hours

  async function list(): Promise<Answer<typeof listRoads>> {
    const changed = new Map((await rows.roads(store.read)).map((row) => [row.province, row]))
    const names = await namesOf([...changed.values()].map((row) => row.changedBy))
    return {
      words: beginnings.words,
      items: PROVINCES.map((province) => {
        const row = changed.get(province)
        return {
          province,
          hours: row?.hours ?? ours[province],
          ours: ours[province],
          changedAt: row?.changedAt ?? 0,
          changedByName: (row && names.get(row.changedBy)?.name) ?? ''
        }
      })
    }
  }

  return {
    list,

    hoursIn: async (on: Tx | Reader, province: Province) =>
      (await rows.road(on, province))?.hours ?? ours[province],

    /** Every province's hours. */
    async all(on: Tx | Reader): Promise<Record<Province, number>> {
      const changed = (await rows.roads(on)).map(({ province, hours }) => [province, hours])
      return { ...ours, ...Object.fromEntries(changed) }
    },

    /** Corrects one estimate; what was before stands in the audit. */
    async set(me: Member, province: Province, hours: number) {
      await store.tx(async (tx) => {
        const before = (await rows.road(tx, province))?.hours ?? ours[province]
        await rows.keepRoad(tx, { province, hours, changedBy: me.id, changedAt: clock.now() })
        await audit(tx, {
          actorId: me.id,
          action: 'road_hours_changed',
          subject: province,
          details: { before, after: hours }
        })
      })
      return list()
    }
  }
}
