import type { Answer } from '../../shared/contract.ts'
import {
  addToRegister,
  changeRegister,
  findRegister,
  listBranches,
  type Branch,
  type RegisterDraft,
  type RegisterRow
} from '../../shared/contracts/register.ts'
import { isIdNumber } from '../../shared/id-number.ts'
import { call } from '../call.ts'

/** A branch with how deep it stands in the tree. */
export interface Bough {
  branch: Branch
  depth: number
}

/** The branches as they are read, each below the one it belongs to. What hangs on nothing stands at the top. */
export function treeOf(branches: readonly Branch[]): Bough[] {
  const known = new Set(branches.map(({ id }) => id))
  const under = (parentId: string) =>
    branches.filter((branch) => (known.has(branch.parentId) ? branch.parentId : '') === parentId)
  const grow = (parentId: string, depth: number): Bough[] =>
    under(parentId).flatMap((branch) => [{ branch, depth }, ...grow(branch.id, depth + 1)])
  return grow('', 0)
}

/** A branch with all below it: where it cannot be hung. */
export function withBelow(branches: readonly Branch[], id: string): Set<string> {
  const found = new Set([id])
  for (const { branch } of treeOf(branches)) if (found.has(branch.parentId)) found.add(branch.id)
  return found
}

/** 名册: who is in it, by branch or by what the officer looks for. */
export class Register {
  branches = $state.raw<Branch[]>()
  rows = $state.raw<RegisterRow[]>()
  total = $state(0)
  failed = $state.raw<unknown>()
  branchId = $state('')
  q = $state('')
  finding = $state(false)
  tree = $derived(treeOf(this.branches ?? []))
  branch = $derived(this.branches?.find(({ id }) => id === this.branchId))
  more = $derived((this.rows?.length ?? 0) < this.total)
  #asked = 0

  async load() {
    await Promise.all([this.loadBranches(), this.find()])
  }

  async loadBranches() {
    try {
      this.branches = (await call(listBranches)).items
    } catch (error) {
      this.failed = error
    }
  }

  /** The first page of what is looked for, or the next one. An answer that came too late is dropped. */
  async find(after?: string) {
    const asking = ++this.#asked
    this.failed = undefined
    this.finding = true
    try {
      const q = this.q.trim()
      const { items, total } = await call(findRegister, {
        query: {
          ...(q && { q }),
          ...(this.branchId && { branchId: this.branchId }),
          ...(after && { after })
        }
      })
      if (asking !== this.#asked) return
      this.rows = after ? [...(this.rows ?? []), ...items] : items
      this.total = total
    } catch (error) {
      if (asking === this.#asked) this.failed = error
    } finally {
      if (asking === this.#asked) this.finding = false
    }
  }

  choose(branchId: string) {
    this.branchId = branchId
    void this.find()
  }
}

/** What an officer types about one woman. */
export interface TypedPerson {
  name: string
  phone: string
  idNumber: string
  branchId: string
  education: RegisterDraft['education']
  joinedOn: string
}

export const typedOf = (row: RegisterRow | undefined, today: string, branchId = ''): TypedPerson => ({
  name: row?.name ?? '',
  phone: '',
  idNumber: '',
  branchId: row?.branchId || branchId,
  education: row?.education ?? '',
  joinedOn: row?.joinedOn || today
})

export type WrongField = 'name' | 'phone' | 'idNumber' | 'branchId' | 'joinedOn'

/** The fields that can't be sent as they are. */
export function wrongIn({ name, phone, idNumber, branchId, joinedOn }: TypedPerson): Set<WrongField> {
  const wrong = new Set<WrongField>()
  if (!name.trim()) wrong.add('name')
  if (phone.trim() && !/^1[3-9]\d{9}$/.test(phone.trim())) wrong.add('phone')
  if (idNumber.trim() && !isIdNumber(idNumber.trim())) wrong.add('idNumber')
  if (!branchId) wrong.add('branchId')
  if (!/^\d{4}-\d{2}-\d{2}$/.test(joinedOn)) wrong.add('joinedOn')
  return wrong
}

/** What is sent: a number that stays as it is, is left out. */
export function draftOf({
  name,
  phone,
  idNumber,
  branchId,
  education,
  joinedOn
}: TypedPerson): RegisterDraft {
  return {
    name: name.trim(),
    ...(phone.trim() && { phone: phone.trim() }),
    ...(idNumber.trim() && { idNumber: idNumber.trim().toUpperCase() }),
    branchId,
    education,
    joinedOn
  }
}

export async function writeDown(typed: TypedPerson, memberId?: string): Promise<RegisterRow> {
  const body = draftOf(typed)
  const answer: Answer<typeof addToRegister> = memberId
    ? await call(changeRegister, { params: { memberId }, body })
    : await call(addToRegister, { body })
  return answer.row
}
