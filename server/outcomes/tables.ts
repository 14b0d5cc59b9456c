import type { Kit } from '../store/kit.ts'

export const outcomeTables = (kit: Kit) => ({
  /** 成效: when a member reached a step for the first time, written in the unit of work that took her there. */
  milestones: kit.table(
    'milestones',
    {
      memberId: kit.text('member_id').notNull(),
      step: kit
        .oneOf('step', [
          'enrolled',
          'attended',
          'rehearsed',
          'licensed',
          'first_show',
          'first_1000',
          'successful'
        ])
        .notNull(),
      at: kit.big('at').notNull(),
      /** From her ID number when the board is asked; kept here so that the board is one index. */
      sex: kit.oneOf('sex', ['', 'f', 'm']).notNull(),
      /** What took her there: a class, a show, a certificate, an order. */
      evidence: kit.text('evidence').notNull()
    },
    (t) => [
      kit.primaryKey({ columns: [t.memberId, t.step] }),
      kit.index('milestones_step').on(t.step, t.at, t.memberId, t.sex)
    ]
  )
})
