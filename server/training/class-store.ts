import { and, asc, desc, eq, inArray } from 'drizzle-orm'
import type { Reader, Store, Tx } from '../store/store.ts'
import type { ClassRow } from './class.ts'

export const MAX_MATERIALS = 30
/** Classes that one trainer’s calendar is made from, the latest first. */
const TAUGHT = 500

type On = Tx | Reader

/** The only SQL over classes and their materials. */
export function classStore({ schema, read }: Store) {
  const { classes, courses, classMaterials } = schema
  const withTitle = { class: classes, courseTitle: courses.title }

  return {
    async add(tx: Tx, rows: ClassRow[]): Promise<void> {
      await tx.insert(classes).values(rows)
    },
    async one(on: On, id: string): Promise<ClassRow | undefined> {
      return (await on.select().from(classes).where(eq(classes.id, id)))[0]
    },
    /** With the title of the course, which may have been changed since. */
    byIdsQuery: (on: On, ids: readonly string[]) =>
      on
        .select(withTitle)
        .from(classes)
        .leftJoin(courses, eq(courses.id, classes.courseId))
        .where(inArray(classes.id, [...ids])),
    async change(tx: Tx, id: string, change: Partial<Omit<ClassRow, 'id'>>): Promise<void> {
      await tx.update(classes).set(change).where(eq(classes.id, id))
    },
    taughtQuery: (trainerId: string) =>
      read
        .select({ id: classes.id })
        .from(classes)
        .where(eq(classes.trainerId, trainerId))
        .orderBy(desc(classes.id))
        .limit(TAUGHT),
    async hasCourse(on: On, courseId: string): Promise<boolean> {
      return (await on.select({ id: courses.id }).from(courses).where(eq(courses.id, courseId))).length > 0
    },

    async materials(on: On, classId: string) {
      const { fileId, title, type } = classMaterials
      return on
        .select({ fileId, title, type })
        .from(classMaterials)
        .where(eq(classMaterials.classId, classId))
        .orderBy(asc(classMaterials.at), asc(classMaterials.fileId))
        .limit(MAX_MATERIALS)
    },
    async addMaterial(
      tx: Tx,
      material: { classId: string; fileId: string; title: string; type: string; at: number }
    ): Promise<void> {
      const { title } = material
      await tx
        .insert(classMaterials)
        .values(material)
        .onConflictDoUpdate({ target: [classMaterials.classId, classMaterials.fileId], set: { title } })
    },
    async dropMaterial(tx: Tx, classId: string, fileId: string): Promise<void> {
      await tx
        .delete(classMaterials)
        .where(and(eq(classMaterials.classId, classId), eq(classMaterials.fileId, fileId)))
    }
  }
}
