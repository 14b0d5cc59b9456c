import type { Body } from '../../shared/contract.ts'
import {
  MAX_NOTICES,
  NOTICE_DAYS,
  type sayWeather,
  type WeatherNotice
} from '../../shared/contracts/freight.ts'
import { DAY_MS } from '../../shared/day.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import { newId } from '../store/id.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import type { Audit } from './freight.ts'
import { freightStore, type NoticeRow } from './store.ts'

/** Below this nobody needs to be warned of heat. */
const LEAST_CELSIUS = 25

/** What operators and officers say of the weather on the road. */
export function openWeather({ store, clock, audit }: { store: Store; clock: Clock; audit: Audit }) {
  const rows = freightStore(store)

  return {
    /** What holds now, for an order that is being made. */
    nowIn: (on: Tx | Reader) => rows.sky(on, clock.now()),

    /** What holds now and what will, soonest first. */
    list: async (): Promise<WeatherNotice[]> => (await rows.notices(store.read, clock.now())).map(view),

    /** Problems: bad_input, weather_full. */
    async say(me: Member, draft: Body<typeof sayWeather>): Promise<WeatherNotice> {
      const now = clock.now()
      const field = faultOf(draft, now)
      if (field) throw new Problem('bad_input', { field })
      const row: NoticeRow = {
        ...draft,
        id: newId(now),
        provinces: [...new Set(draft.provinces)],
        celsius: draft.kind === 'heat' ? draft.celsius : 0,
        createdBy: me.id
      }
      await store.tx(async (tx) => {
        if ((await rows.countNotices(tx, now)) >= MAX_NOTICES) throw new Problem('weather_full')
        await rows.addNotice(tx, row)
        await audit(tx, {
          actorId: me.id,
          action: 'weather_said',
          subject: row.id,
          details: { ...view(row) }
        })
      })
      return view(row)
    },

    /** Ends it now. Problem no_such_weather: there is none, or it is over. */
    async lift(me: Member, noticeId: string) {
      await store.tx(async (tx) => {
        const row = await rows.endNotice(tx, noticeId, clock.now())
        if (!row) throw new Problem('no_such_weather')
        await audit(tx, { actorId: me.id, action: 'weather_lifted', subject: noticeId, details: {} })
      })
    }
  }
}

/** What a schema can't say: the field that is wrong. */
function faultOf({ kind, celsius, fromAt, untilAt }: Body<typeof sayWeather>, now: number) {
  if (kind === 'heat' && celsius < LEAST_CELSIUS) return '/celsius'
  if (untilAt <= now || untilAt <= fromAt) return '/untilAt'
  if (untilAt > now + NOTICE_DAYS * DAY_MS) return '/untilAt'
  return undefined
}

const view = ({ id, provinces, kind, celsius, words, fromAt, untilAt }: NoticeRow): WeatherNotice => ({
  id,
  provinces: provinces as WeatherNotice['provinces'],
  kind,
  celsius,
  words,
  fromAt,
  untilAt
})
