import type { Kit } from '../store/kit.ts'

export const registerTables = (kit: Kit) => ({
  branches: kit.table(
    'branches',
    {
      id: kit.text('id').primaryKey(),
      /** Empty: the union itself. */
      parentId: kit.text('parent_id').notNull(),
      name: kit.text('name').notNull(),
      officerId: kit.text('officer_id').notNull(),
      createdAt: kit.big('created_at').notNull()
    },
    (t) => [kit.uniqueIndex('branches_name').on(t.parentId, t.name)]
  ),
  /** 名册: what the union knows of a person besides phone and roles, which stand in `user`. */
  register: kit.table(
    'register',
    {
      memberId: kit.text('member_id').primaryKey(),
      /** As her papers say it; what she calls herself in a room stands in `user` and is hers to change. */
      name: kit.text('name').notNull(),
      branchId: kit.text('branch_id').notNull(),
      /** AES-256-GCM under the village's secret; empty while nobody has written it down. */
      sealedId: kit.text('sealed_id').notNull(),
      /** HMAC of the ID number, to find duplicates without opening any; empty becomes the member's id. */
      idDigest: kit.text('id_digest').notNull().unique(),
      /** What is shown of it: 3702**********1234. */
      maskedId: kit.text('masked_id').notNull(),
      /** From the ID number: YYYY-MM-DD; empty while unknown. Age is asked by the licence to go live. */
      bornOn: kit.text('born_on').notNull(),
      sex: kit.oneOf('sex', ['', 'f', 'm']).notNull(),
      education: kit.oneOf('education', ['', 'primary', 'junior', 'senior', 'college']).notNull(),
      joinedOn: kit.text('joined_on').notNull(),
      state: kit.oneOf('state', ['member', 'left']).notNull(),
      changedAt: kit.big('changed_at').notNull()
    },
    (t) => [kit.index('register_branch').on(t.branchId, t.state, t.memberId)]
  ),
  registerMoves: kit.table(
    'register_moves',
    {
      id: kit.text('id').primaryKey(),
      memberId: kit.text('member_id').notNull(),
      what: kit.oneOf('what', ['joined', 'moved', 'left']).notNull(),
      fromId: kit.text('from_id').notNull(),
      toId: kit.text('to_id').notNull(),
      caseId: kit.text('case_id').notNull(),
      byId: kit.text('by_id').notNull(),
      at: kit.big('at').notNull()
    },
    (t) => [kit.index('register_moves_member').on(t.memberId, t.at)]
  ),
  /** Every look at an ID number. Rows are only ever added. */
  idLooks: kit.table(
    'id_looks',
    {
      id: kit.text('id').primaryKey(),
      memberId: kit.text('member_id').notNull(),
      byId: kit.text('by_id').notNull(),
      at: kit.big('at').notNull(),
      reason: kit.text('reason').notNull()
    },
    (t) => [kit.index('id_looks_at').on(t.at), kit.index('id_looks_member').on(t.memberId, t.at)]
  )
})
