import { and, asc, eq, gt, inArray, lte, sql } from 'drizzle-orm'
import { MAX_NOTICES, MAX_TEMPLATES } from '../../shared/contracts/freight.ts'
import { PROVINCES } from '../../shared/provinces.ts'
import type { Schema } from '../store/schema.ts'
import type { Reader, Store, Tx } from '../store/store.ts'

export type TemplateRow = Schema['freightTemplates']['$inferSelect']
export type NoticeRow = Schema['weatherNotices']['$inferSelect']
export type RoadRow = Schema['roadHours']['$inferSelect']

/** The only SQL over templates, weather and roads. */
export function freightStore(store: Store) {
  const { freightTemplates: templates, weatherNotices: notices, roadHours: roads } = store.schema

  // Every order asks these three.
  const templateStatement = store.statement((query) =>
    query
      .select()
      .from(templates)
      .where(eq(templates.id, sql.placeholder('id')))
  )
  const roadStatement = store.statement((query) =>
    query
      .select()
      .from(roads)
      .where(eq(roads.province, sql.placeholder('province')))
  )
  const skyStatement = store.statement((query) =>
    query
      .select()
      .from(notices)
      .where(and(gt(notices.untilAt, sql.placeholder('now')), lte(notices.fromAt, sql.placeholder('now'))))
      .limit(MAX_NOTICES)
  )

  return {
    template: async (on: Tx | Reader, id: string) => (await templateStatement(on, { id }))[0],
    templatesOf: (on: Tx | Reader, shopId: string) =>
      on
        .select()
        .from(templates)
        .where(eq(templates.shopId, shopId))
        .orderBy(asc(templates.id))
        .limit(MAX_TEMPLATES),
    countOf: (tx: Tx, shopId: string) => tx.$count(templates, eq(templates.shopId, shopId)),
    addTemplate: async (tx: Tx, row: TemplateRow) => (await tx.insert(templates).values(row).returning())[0]!,
    /** Undefined: somebody changed it since `version`. */
    changeTemplate: async (tx: Tx, id: string, version: number, row: Partial<TemplateRow>) =>
      (
        await tx
          .update(templates)
          .set({ ...row, version: version + 1 })
          .where(and(eq(templates.id, id), eq(templates.version, version)))
          .returning()
      )[0],
    dropTemplate: async (tx: Tx, id: string) => {
      await tx.delete(templates).where(eq(templates.id, id))
    },

    /** What holds now. */
    sky: (on: Tx | Reader, now: number) => skyStatement(on, { now }),
    /** What holds now and what will. */
    notices: (on: Tx | Reader, now: number) =>
      on
        .select()
        .from(notices)
        .where(gt(notices.untilAt, now))
        .orderBy(asc(notices.fromAt), asc(notices.id))
        .limit(MAX_NOTICES),
    countNotices: (tx: Tx, now: number) => tx.$count(notices, gt(notices.untilAt, now)),
    addNotice: async (tx: Tx, row: NoticeRow) => (await tx.insert(notices).values(row).returning())[0]!,
    /** Undefined: there is none, or it is over. */
    endNotice: async (tx: Tx, id: string, now: number) =>
      (
        await tx
          .update(notices)
          .set({ untilAt: now })
          .where(and(eq(notices.id, id), gt(notices.untilAt, now)))
          .returning()
      )[0],

    road: async (on: Tx | Reader, province: string) => (await roadStatement(on, { province }))[0],
    roads: (on: Tx | Reader) =>
      on
        .select()
        .from(roads)
        .where(inArray(roads.province, [...PROVINCES])),
    keepRoad: async (tx: Tx, row: RoadRow) => {
      const { province, ...changed } = row
      await tx.insert(roads).values(row).onConflictDoUpdate({ target: roads.province, set: changed })
      return province
    }
  }
}
