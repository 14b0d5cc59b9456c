import { sql } from 'drizzle-orm'
import type { Zone } from '../../shared/freight.ts'
import type { Kit } from '../store/kit.ts'

export const freightTables = (kit: Kit) => ({
  freightTemplates: kit.table(
    'freight_templates',
    {
      id: kit.text('id').primaryKey(),
      shopId: kit.text('shop_id').notNull(),
      name: kit.text('name').notNull(),
      zones: kit.json<Zone[]>('zones').notNull(),
      /** Provinces it is not sent to. */
      refused: kit.json<string[]>('refused').notNull(),
      /** What a box with ice, and one with dry ice, costs besides. */
      chilledFen: kit.big('chilled_fen').notNull().default(0),
      frozenFen: kit.big('frozen_fen').notNull().default(0),
      /** 截单: paid before this minute of the village's day, it leaves the same day; 0: nothing is promised. */
      cutoffMinute: kit.int('cutoff_minute').notNull().default(0),
      version: kit.int('version').notNull(),
      updatedAt: kit.big('updated_at').notNull()
    },
    (t) => [
      kit.index('freight_templates_shop').on(t.shopId, t.id),
      kit.check('freight_templates_boxes', sql`${t.chilledFen} >= 0 and ${t.frozenFen} >= 0`),
      kit.check('freight_templates_cutoff', sql`${t.cutoffMinute} >= 0 and ${t.cutoffMinute} < 1440`)
    ]
  ),
  /** 路上要多久: what the union has made of its estimate for a province. Where there is no row, `hours.json` holds. */
  roadHours: kit.table(
    'road_hours',
    {
      province: kit.text('province').primaryKey(),
      hours: kit.int('hours').notNull(),
      changedBy: kit.text('changed_by').notNull(),
      changedAt: kit.big('changed_at').notNull()
    },
    (t) => [kit.check('road_hours_hours', sql`${t.hours} > 0`)]
  ),
  /** 天气: what an operator says of the road, until it is lifted or over. */
  weatherNotices: kit.table(
    'weather_notices',
    {
      id: kit.text('id').primaryKey(),
      provinces: kit.json<string[]>('provinces').notNull(),
      /** How hot it gets there (°C); of a storm: nothing goes there at all. */
      kind: kit.oneOf('kind', ['heat', 'storm']).notNull(),
      celsius: kit.int('celsius').notNull(),
      words: kit.text('words').notNull(),
      fromAt: kit.big('from_at').notNull(),
      untilAt: kit.big('until_at').notNull(),
      createdBy: kit.text('created_by').notNull()
    },
    (t) => [kit.index('weather_notices_until').on(t.untilAt, t.id)]
  )
})
