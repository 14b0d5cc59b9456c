import { Array, Object, Optional, String, Unsafe, type Static } from 'typebox'
import { contract, ROLES } from '../contract.ts'
import { Count, Id, Line, listOf, Millis, oneOf, Phone, Text } from '../schemas.ts'
import { HostDocument } from './licences.ts'
import { Certificate, Mentorship } from './practice.ts'

/** 会员名册: real names, branches, joining, moving, leaving. An ID number leaves the server only by `lookAtIdNumber`. */

export const REGISTER_BYTES = 2 * 1024 * 1024
export const REGISTER_ROWS = 1_000
export const EDUCATION = ['', 'primary', 'junior', 'senior', 'college'] as const
/** 18 digits of GB 11643; its last sign, which may be X, checks the others. */
export const IdNumber = String({ pattern: '^[1-9][0-9]{16}[0-9Xx]$' })

const OFFICER = ['officer'] as const

export const Branch = Object({
  id: Id,
  /** Empty: the union itself. */
  parentId: Text(40),
  name: Text(30),
  officerId: Text(40),
  officerName: Text(40),
  /** Members of this branch and of all below it. */
  members: Count
})
export type Branch = Static<typeof Branch>

export const listBranches = contract({
  method: 'GET',
  url: '/api/branches',
  schema: {
    summary: 'The branches of the union, parents before children.',
    response: { 200: listOf(Branch, 500) }
  },
  config: { who: 'member' }
})

export const saveBranch = contract({
  method: 'POST',
  url: '/api/branches',
  schema: {
    summary: 'Adds a branch, or changes the one with this id; a tree stays a tree.',
    body: Object({ id: Optional(Id), parentId: Text(40), name: Line(30), officerId: Text(40) }),
    response: { 200: Object({ branch: Branch }) }
  },
  config: { who: OFFICER }
})

export const RegisterRow = Object({
  memberId: Id,
  name: Text(40),
  /** 138****0001; empty where she has none. */
  phone: Text(20),
  /** 3702**********1234; empty while nobody has written it down. */
  idNumber: Text(20),
  sex: oneOf(['', 'f', 'm']),
  branchId: Text(40),
  branchName: Text(30),
  state: oneOf(['member', 'left']),
  joinedOn: Text(10),
  education: oneOf(EDUCATION),
  roles: Array(oneOf(ROLES), { maxItems: ROLES.length })
})
export type RegisterRow = Static<typeof RegisterRow>

export const findRegister = contract({
  method: 'GET',
  url: '/api/register',
  schema: {
    summary:
      'The register: by a part of the name, a whole phone or ID number, and by branch (with all below it).',
    querystring: Object({ q: Optional(Text(40)), branchId: Optional(Id), after: Optional(Id) }),
    response: { 200: Object({ items: Array(RegisterRow, { maxItems: 200 }), total: Count }) }
  },
  config: { who: OFFICER }
})

/** What an officer writes down; an ID number that stays as it is, is left out. */
export const RegisterDraft = Object({
  name: Line(20),
  phone: Optional(Phone),
  idNumber: Optional(IdNumber),
  branchId: Id,
  education: oneOf(EDUCATION),
  joinedOn: String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })
})
export type RegisterDraft = Static<typeof RegisterDraft>

export const addToRegister = contract({
  method: 'POST',
  url: '/api/register',
  schema: {
    summary:
      'Writes a woman into the register; she need not have a phone. Duplicates are refused with whom they meet.',
    body: RegisterDraft,
    response: { 200: Object({ row: RegisterRow }) }
  },
  config: { who: OFFICER }
})

export const changeRegister = contract({
  method: 'PUT',
  url: '/api/register/:memberId',
  schema: {
    summary: 'Corrects what the register says of a member.',
    params: Object({ memberId: Id }),
    body: RegisterDraft,
    response: { 200: Object({ row: RegisterRow }) }
  },
  config: { who: OFFICER }
})

export const lookAtIdNumber = contract({
  method: 'POST',
  url: '/api/register/:memberId/id-number',
  schema: {
    summary: 'Shows a whole ID number once; who looked, when and why is written down.',
    params: Object({ memberId: Id }),
    body: Object({ reason: Line(120) }),
    response: { 200: Object({ idNumber: Text(18) }) }
  },
  config: { who: OFFICER }
})

export const Look = Object({
  memberId: Id,
  name: Text(40),
  byName: Text(40),
  at: Millis,
  reason: Text(120)
})

export const listLooks = contract({
  method: 'GET',
  url: '/api/register/looks',
  schema: {
    summary: 'Every look at an ID number, newest first.',
    querystring: Object({ memberId: Optional(Id) }),
    response: { 200: listOf(Look, 200) }
  },
  config: { who: OFFICER }
})

/** What is wrong with a row, or with whom it quarrels. */
export const ROW_PROBLEMS = [
  // of one cell
  'formula',
  'digits_lost',
  'no_name',
  'name_long',
  'bad_phone',
  'bad_id_number',
  'no_phone_no_id',
  'no_such_branch',
  'branch_several',
  'no_branch',
  'bad_date',
  'bad_education',
  // of two women
  'phone_taken',
  'id_differs',
  'name_differs'
] as const
export type RowProblem = (typeof ROW_PROBLEMS)[number]

export const ImportRow = Object({
  row: Count,
  name: Text(40),
  phone: Text(20),
  idNumber: Text(20),
  branch: Text(60),
  /** new; known: the same woman, to be brought up to date; duplicate: twice in this sheet; conflict: two women of the register at once; error. */
  verdict: oneOf(['new', 'known', 'duplicate', 'conflict', 'error']),
  /** One of `ROW_PROBLEMS`, or empty. */
  problem: oneOf(['', ...ROW_PROBLEMS]),
  /** Whom it meets: the row of the sheet (as digits) that a duplicate repeats, the name of whom a conflict is with. */
  meets: Text(40)
})

export const previewImport = contract({
  method: 'POST',
  url: '/api/register/preview',
  schema: {
    summary:
      'Reads an xlsx sheet (multipart, field `sheet`: 姓名, 手机号, 身份证号, 支会, 入会日期, 文化程度); writes nothing.',
    response: {
      200: Object({
        importId: Id,
        rows: Array(ImportRow, { maxItems: REGISTER_ROWS }),
        good: Count,
        bad: Count
      })
    }
  },
  config: { who: OFFICER }
})

export const confirmImport = contract({
  method: 'POST',
  url: '/api/register/import',
  schema: {
    summary: 'Writes the good rows of a preview in one go, once.',
    body: Object({ importId: Id }),
    response: { 200: Object({ added: Count, changed: Count, skipped: Count }) }
  },
  config: { who: OFFICER }
})

export const exportRegister = contract({
  method: 'GET',
  url: '/api/register.xlsx',
  schema: {
    summary: 'The register as a sheet for the upper union; ID numbers masked.',
    querystring: Object({ branchId: Optional(Id) }),
    response: { 200: Unsafe<unknown>({}) }
  },
  config: { who: OFFICER }
})

/** 入会, 转会, 退会: cases that an officer decides. */
export const Membership = Object({
  row: Optional(RegisterRow),
  /** A request of hers that nobody has decided. */
  waiting: Optional(Object({ caseId: Id, kind: oneOf(['join', 'transfer', 'leave']), at: Millis })),
  history: Array(Object({ what: oneOf(['joined', 'moved', 'left']), branchName: Text(30), at: Millis }), {
    maxItems: 50
  })
})

export const myMembership = contract({
  method: 'GET',
  url: '/api/me/membership',
  schema: { summary: 'What the register says of me.', response: { 200: Membership } },
  config: { who: 'member' }
})

export const askToJoin = contract({
  method: 'POST',
  url: '/api/me/membership/join',
  schema: {
    summary: 'Asks to join a branch of the union.',
    body: Object({ name: Line(20), idNumber: IdNumber, branchId: Id, education: oneOf(EDUCATION) }),
    response: { 200: Membership }
  },
  config: { who: 'member' }
})

export const askToMove = contract({
  method: 'POST',
  url: '/api/me/membership/transfer',
  schema: {
    summary: 'Asks to move to another branch.',
    body: Object({ branchId: Id, words: Text(300) }),
    response: { 200: Membership }
  },
  config: { who: 'member' }
})

export const askToLeave = contract({
  method: 'POST',
  url: '/api/me/membership/leave',
  schema: {
    summary: 'Asks to leave the union.',
    body: Object({ words: Text(300) }),
    response: { 200: Membership }
  },
  config: { who: 'member' }
})

/** 主播档案: everything an inspector asks for, on one page. */
export const hostFile = contract({
  method: 'GET',
  url: '/api/hosts/:memberId/file',
  schema: {
    summary: 'The host’s file: register, documents, certificates, mentors, shows, incidents, help given.',
    params: Object({ memberId: Id }),
    response: {
      200: Object({
        printedAt: Millis,
        row: Optional(RegisterRow),
        name: Text(40),
        shopName: Text(30),
        documents: Array(HostDocument, { maxItems: 100 }),
        certificates: Array(Certificate, { maxItems: 50 }),
        mentorships: Array(Mentorship, { maxItems: 50 }),
        classes: Array(Object({ title: Text(60), at: Millis }), { maxItems: 200 }),
        shows: Array(
          Object({
            id: Id,
            title: Text(60),
            kind: oneOf(['public', 'rehearsal', 'class']),
            openedAt: Millis,
            endedAt: Millis,
            peakViewers: Count
          }),
          { maxItems: 200 }
        ),
        /** Sales stopped, shows paused or ended by others, bans. */
        incidents: Array(Object({ what: Text(40), words: Text(200), at: Millis, byName: Text(40) }), {
          maxItems: 200
        })
      })
    }
  },
  config: { who: OFFICER }
})
