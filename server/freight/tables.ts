import type { Kit } from '../store/kit.ts'

/** What it costs to send to some provinces: the first grams, then each further step; free from a sum of goods on. */
export interface FreightZone {
  /** Short names as in `shared/provinces.ts`; empty: everywhere that no other zone names. */
  provinces: string[]
  firstGrams: number
  firstFen: number
  moreGrams: number
  moreFen: number
  /** 0: never free. */
  freeFromFen: number
}

export const freightTables = (kit: Kit) => ({
  freightTemplates: kit.table(
    'freight_templates',
    {
      id: kit.text('id').primaryKey(),
      shopId: kit.text('shop_id').notNull(),
      name: kit.text('name').notNull(),
      zones: kit.json<FreightZone[]>('zones').notNull(),
      /** Provinces it is not sent to. */
      refused: kit.json<string[]>('refused').notNull(),
      version: kit.int('version').notNull(),
      updatedAt: kit.big('updated_at').notNull()
    },
    (t) => [kit.index('freight_templates_shop').on(t.shopId, t.id)]
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
