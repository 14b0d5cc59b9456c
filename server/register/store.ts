import { and, asc, count, desc, eq, gt, inArray, lt, sql, type SQL } from 'drizzle-orm'
import type { Schema } from '../store/schema.ts'
import type { Reader, Store, Tx } from '../store/store.ts'

export type BranchRow = Schema['branches']['$inferSelect']
export type EntryRow = Schema['register']['$inferSelect']
export type MoveRow = Schema['registerMoves']['$inferSelect']
export type LookRow = Schema['idLooks']['$inferSelect']

/** An entry with what stands in `user`: the phone as it lies there, and the roles. */
export interface FullRow {
  entry: EntryRow
  phoneNumber: string | null
  role: string
}

/** How an officer looks for somebody. */
export interface Wanted {
  name?: string
  phone?: string
  digest?: string
  branchIds?: string[]
}

/** Rows that go into one statement: twelve values each, of some thirty thousand that both engines take. */
const ROWS_AT_ONCE = 500

/** The only SQL over the register. It reads phones and roles where they stand; members alone write them. */
export const registerStore = ({ schema, read }: Store) => {
  const { branches, register, registerMoves, idLooks, user } = schema

  const full = { entry: register, phoneNumber: user.phoneNumber, role: user.role }

  function matching({ name, phone, digest, branchIds }: Wanted): SQL | undefined {
    const pattern = name && `%${name.replace(/[\\%_]/g, '\\$&')}%`
    return and(
      pattern ? sql`lower(${register.name}) like lower(${pattern}) escape '\\'` : undefined,
      phone ? eq(user.phoneNumber, `+86${phone}`) : undefined,
      digest ? eq(register.idDigest, digest) : undefined,
      branchIds && inArray(register.branchId, branchIds)
    )
  }

  const findQuery = (wanted: Wanted, after: string | undefined, limit: number) =>
    read
      .select(full)
      .from(register)
      .innerJoin(user, eq(user.id, register.memberId))
      .where(and(matching(wanted), after ? lt(register.memberId, after) : undefined))
      .orderBy(desc(register.memberId))
      .limit(limit)

  const looksQuery = (memberId: string | undefined, limit: number) =>
    read
      .select()
      .from(idLooks)
      .where(memberId ? eq(idLooks.memberId, memberId) : undefined)
      .orderBy(desc(idLooks.at))
      .limit(limit)

  return {
    findQuery,
    looksQuery,

    async branches(on: Tx | Reader, limit: number): Promise<BranchRow[]> {
      return on.select().from(branches).orderBy(asc(branches.id)).limit(limit)
    },
    /** False where its parent has one of that name. */
    async addBranch(tx: Tx, row: BranchRow): Promise<boolean> {
      const added = await tx.insert(branches).values(row).onConflictDoNothing().returning({ id: branches.id })
      return added.length > 0
    },
    async changeBranch(
      tx: Tx,
      { id, parentId, name, officerId }: Omit<BranchRow, 'createdAt'>
    ): Promise<void> {
      await tx.update(branches).set({ parentId, name, officerId }).where(eq(branches.id, id))
    },
    /** Members in each branch, without those below it. */
    async membersByBranch(): Promise<Map<string, number>> {
      const rows = await read
        .select({ branchId: register.branchId, n: count() })
        .from(register)
        .where(eq(register.state, 'member'))
        .groupBy(register.branchId)
      return new Map(rows.map(({ branchId, n }) => [branchId, n]))
    },

    /** Newest members of the village first. */
    async find(wanted: Wanted, after: string | undefined, limit: number): Promise<FullRow[]> {
      return findQuery(wanted, after, limit)
    },
    async total(wanted: Wanted): Promise<number> {
      const [row] = await read
        .select({ n: count() })
        .from(register)
        .innerJoin(user, eq(user.id, register.memberId))
        .where(matching(wanted))
      return row?.n ?? 0
    },
    async full(on: Tx | Reader, memberIds: readonly string[]): Promise<FullRow[]> {
      const found: FullRow[] = []
      for (const some of inParts(memberIds))
        found.push(
          ...(await on
            .select(full)
            .from(register)
            .innerJoin(user, eq(user.id, register.memberId))
            .where(inArray(register.memberId, some)))
        )
      return found
    },
    async entries(on: Tx | Reader, memberIds: readonly string[]): Promise<EntryRow[]> {
      const found: EntryRow[] = []
      for (const some of inParts(memberIds))
        found.push(...(await on.select().from(register).where(inArray(register.memberId, some))))
      return found
    },
    async byDigests(on: Tx | Reader, digests: readonly string[]): Promise<EntryRow[]> {
      const found: EntryRow[] = []
      for (const some of inParts(digests))
        found.push(...(await on.select().from(register).where(inArray(register.idDigest, some))))
      return found
    },
    async namesakes(on: Tx | Reader, name: string, branchId: string): Promise<EntryRow[]> {
      return on
        .select()
        .from(register)
        .where(and(eq(register.branchId, branchId), eq(register.name, name)))
        .limit(1)
    },

    /** Writes entries, new ones and those that are there already, whole; the caller has read what there was. */
    async put(tx: Tx, rows: readonly EntryRow[]): Promise<void> {
      const { memberId: _, ...columns } = ENTRY
      const set = Object.fromEntries(
        Object.entries(columns).map(([key, column]) => [key, sql.raw(`excluded.${column}`)])
      )
      for (const some of inParts(rows))
        await tx.insert(register).values(some).onConflictDoUpdate({ target: register.memberId, set })
    },
    async addMoves(tx: Tx, rows: readonly MoveRow[]): Promise<void> {
      for (const some of inParts(rows)) await tx.insert(registerMoves).values(some)
    },
    /** The oldest first. */
    async movesOf(memberId: string, limit: number): Promise<MoveRow[]> {
      return read
        .select()
        .from(registerMoves)
        .where(eq(registerMoves.memberId, memberId))
        .orderBy(asc(registerMoves.at), asc(registerMoves.id))
        .limit(limit)
    },

    async addLook(tx: Tx, look: LookRow): Promise<void> {
      await tx.insert(idLooks).values(look)
    },

    /** Everybody of these branches, in the order of their ids, part by part. */
    async page(wanted: Wanted, after: string, limit: number): Promise<FullRow[]> {
      return read
        .select(full)
        .from(register)
        .innerJoin(user, eq(user.id, register.memberId))
        .where(and(matching(wanted), gt(register.memberId, after)))
        .orderBy(asc(register.memberId))
        .limit(limit)
    }
  }
}

/** Names of the columns, as the upsert has to say them. */
const ENTRY: Record<keyof EntryRow, string> = {
  memberId: 'member_id',
  name: 'name',
  branchId: 'branch_id',
  sealedId: 'sealed_id',
  idDigest: 'id_digest',
  maskedId: 'masked_id',
  bornOn: 'born_on',
  sex: 'sex',
  education: 'education',
  joinedOn: 'joined_on',
  state: 'state',
  changedAt: 'changed_at'
}

function* inParts<Each>(all: readonly Each[]) {
  for (let i = 0; i < all.length; i += ROWS_AT_ONCE) yield all.slice(i, i + ROWS_AT_ONCE)
}
