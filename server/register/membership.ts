import type { Static } from 'typebox'
import type { Membership as View } from '../../shared/contracts/register.ts'
import { dayOf } from '../../shared/day.ts'
import { Problem } from '../../shared/problems.ts'
import type { Cases } from '../cases/cases.ts'
import type { Clock } from '../clock.ts'
import type { Member } from '../members/member.ts'
import type { Seal } from '../seal.ts'
import type { Store } from '../store/store.ts'
import type { Branches } from './branches.ts'
import { entryWith, idColumns } from './entry.ts'
import { EDUCATION_WORDS, maskedId, readIdNumber, readName, type Education } from './person.ts'
import type { Register } from './register.ts'
import { registerStore } from './store.ts'

const MOVES = 50
const PAGE_OF_HERS = '/me/membership'
/** She asks for one thing at a time: an answer to one may make the other senseless. */
const KINDS: ['join', 'transfer', 'leave'] = ['join', 'transfer', 'leave']

export type Membership = ReturnType<typeof openMembership>

/** 入会, 转会, 退会: she asks, an officer decides, and in the same moment the register says so. */
export function openMembership({
  store,
  clock,
  seal,
  cases,
  branches,
  register
}: {
  store: Store
  clock: Clock
  seal: Seal
  cases: Cases
  branches: Branches
  register: Register
}) {
  const entries = registerStore(store)

  cases.onDecided(
    'join',
    async (tx, { id: caseId, openedBy: memberId, form }, approved, officer) => {
      if (!approved) return
      const { 姓名: name = '', _education: education = '', _branchId: branchId = '', _sealedId = '' } = form
      await branches.mustBe(tx, branchId)
      const id = readIdNumber(seal.open(_sealedId), dayOf(clock.now()))!
      const [twin] = await entries.byDigests(tx, [seal.digest(id.number)])
      if (twin && twin.memberId !== memberId) throw await register.meets(tx, twin)
      const [before] = await entries.entries(tx, [memberId])
      if (before?.state === 'member') throw await register.meets(tx, before)
      const at = clock.now()
      const entry = entryWith(before, {
        memberId,
        name,
        branchId,
        education: education as Education,
        joinedOn: dayOf(at),
        id: idColumns(seal, id),
        at
      })
      await register.putIn(tx, [entry], [register.moveOf(entry, 'joined', { caseId, byId: officer.id })])
    },
    { href: PAGE_OF_HERS }
  )

  cases.onDecided(
    'transfer',
    async (tx, { id: caseId, openedBy, subjectId: branchId }, approved, officer) => {
      if (!approved) return
      await branches.mustBe(tx, branchId)
      const [before] = await entries.entries(tx, [openedBy])
      if (before?.state !== 'member') throw new Problem('not_in_register')
      const entry = { ...before, branchId, changedAt: clock.now() }
      const move = register.moveOf(entry, 'moved', { fromId: before.branchId, caseId, byId: officer.id })
      await register.putIn(tx, [entry], [move])
    },
    { href: PAGE_OF_HERS }
  )

  cases.onDecided(
    'leave',
    async (tx, { id: caseId, openedBy }, approved, officer) => {
      if (!approved) return
      const [before] = await entries.entries(tx, [openedBy])
      if (before?.state !== 'member') throw new Problem('not_in_register')
      const entry = { ...before, state: 'left' as const, changedAt: clock.now() }
      const move = register.moveOf(entry, 'left', { fromId: before.branchId, caseId, byId: officer.id })
      await register.putIn(tx, [entry], [move])
    },
    { href: PAGE_OF_HERS }
  )

  return {
    mine,

    /** Whether her number is in the register already is for the officer to see: it must not be tried out. */
    async join(
      me: Member,
      draft: { name: string; idNumber: string; branchId: string; education: Education }
    ): Promise<Static<typeof View>> {
      const id = readIdNumber(draft.idNumber, dayOf(clock.now()))
      if (!id) throw new Problem('bad_id_number')
      await store.tx(async (tx) => {
        const branch = await branches.mustBe(tx, draft.branchId)
        const [entry] = await entries.entries(tx, [me.id])
        if (entry?.state === 'member') throw await register.meets(tx, entry)
        await nothingElseOpen(tx, me)
        const { education } = draft
        await cases.openIn(tx, {
          kind: 'join',
          subjectId: branch.id,
          openedBy: me.id,
          form: {
            姓名: readName(draft.name),
            身份证号: maskedId(id.number),
            支会: branch.name,
            文化程度: EDUCATION_WORDS[education],
            _education: education,
            _branchId: branch.id,
            _sealedId: seal.seal(id.number)
          }
        })
      })
      return mine(me)
    },

    async move(
      me: Member,
      { branchId, words }: { branchId: string; words: string }
    ): Promise<Static<typeof View>> {
      await store.tx(async (tx) => {
        const branch = await branches.mustBe(tx, branchId)
        const [entry] = await entries.entries(tx, [me.id])
        if (entry?.state !== 'member') throw new Problem('not_in_register')
        if (entry.branchId === branchId) throw new Problem('bad_input', { field: '/branchId' })
        await nothingElseOpen(tx, me)
        const from = (await branches.names(tx)).get(entry.branchId) ?? ''
        const form = { 姓名: entry.name, 原支会: from, 转到: branch.name, 说明: words }
        await cases.openIn(tx, { kind: 'transfer', subjectId: branchId, openedBy: me.id, form })
      })
      return mine(me)
    },

    async leave(me: Member, { words }: { words: string }): Promise<Static<typeof View>> {
      await store.tx(async (tx) => {
        const [entry] = await entries.entries(tx, [me.id])
        if (entry?.state !== 'member') throw new Problem('not_in_register')
        await nothingElseOpen(tx, me)
        const from = (await branches.names(tx)).get(entry.branchId) ?? ''
        await cases.openIn(tx, {
          kind: 'leave',
          openedBy: me.id,
          form: { 姓名: entry.name, 支会: from, 说明: words }
        })
      })
      return mine(me)
    }
  }

  async function nothingElseOpen(tx: Parameters<typeof cases.openIn>[0], me: Member) {
    const [waiting] = await cases.waitingOf(tx, me.id, KINDS)
    if (waiting) throw new Problem('case_open', { caseId: waiting.caseId })
  }

  /** What the register says of her, what she waits for, and how it came to be so. */
  async function mine(me: Member): Promise<Static<typeof View>> {
    const [row, [waiting], moves, names] = await Promise.all([
      register.rowIfAny(me.id),
      cases.waitingOf(store.read, me.id, KINDS),
      entries.movesOf(me.id, MOVES),
      branches.names(store.read)
    ])
    return {
      ...(row && { row }),
      ...(waiting && { waiting: { ...waiting, kind: waiting.kind as (typeof KINDS)[number] } }),
      history: moves.map(({ what, toId, fromId, at }) => ({
        what,
        branchName: names.get(toId || fromId) ?? '',
        at
      }))
    }
  }
}
