import type { Branch } from '../../shared/contracts/register.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Members } from '../members/members.ts'
import { newId } from '../store/id.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { below, inOrder, MAX_BRANCHES, wouldCircle } from './branch.ts'
import { registerStore, type BranchRow } from './store.ts'

export type Branches = ReturnType<typeof openBranches>

/** 支会: who belongs where. */
export function openBranches({
  store,
  clock,
  namesOf
}: {
  store: Store
  clock: Clock
  namesOf: Members['namesOf']
}) {
  const register = registerStore(store)
  const all = (on: Tx | Reader) => register.branches(on, MAX_BRANCHES)

  return {
    all,

    /** Parents before children, each with the members of all that belong to it. */
    async list(): Promise<Branch[]> {
      const [rows, members] = await Promise.all([all(store.read), register.membersByBranch()])
      const names = await namesOf(rows.map(({ officerId }) => officerId).filter(Boolean))
      return inOrder(rows).map(({ id, parentId, name, officerId }) => ({
        id,
        parentId,
        name,
        officerId,
        officerName: names.get(officerId)?.name ?? '',
        members: [...below(rows, id)].reduce((sum, each) => sum + (members.get(each) ?? 0), 0)
      }))
    },

    async save(draft: {
      id?: string | undefined
      parentId: string
      name: string
      officerId: string
    }): Promise<Branch> {
      const { parentId, officerId } = draft
      const name = draft.name.trim()
      if (officerId && !(await namesOf([officerId])).get(officerId)?.roles.includes('officer'))
        throw new Problem('no_such_member')
      const id = await store.tx(
        async (tx) => {
          const rows = await all(tx)
          const has = (wanted: string) => rows.some((row) => row.id === wanted)
          if ((draft.id && !has(draft.id)) || (parentId && !has(parentId)))
            throw new Problem('no_such_branch')
          const taken = rows.find((row) => row.parentId === parentId && row.name === name)
          if (taken && taken.id !== draft.id) throw new Problem('branch_exists')
          if (!draft.id) return add(tx, rows.length, { parentId, name, officerId })
          if (wouldCircle(rows, draft.id, parentId)) throw new Problem('branch_circle')
          await register.changeBranch(tx, { id: draft.id, parentId, name, officerId })
          return draft.id
        },
        { hot: 'branches' }
      )
      return (await this.list()).find((branch) => branch.id === id)!
    },

    /** The names of branches, for whoever shows them beside people. */
    async names(on: Tx | Reader): Promise<Map<string, string>> {
      return new Map((await all(on)).map(({ id, name }) => [id, name]))
    },

    /** Throws `no_such_branch`. */
    async mustBe(on: Tx | Reader, id: string): Promise<BranchRow> {
      const branch = (await all(on)).find((each) => each.id === id)
      if (!branch) throw new Problem('no_such_branch')
      return branch
    },

    /** A branch and all that belong to it. */
    async within(id: string): Promise<string[]> {
      const rows = await all(store.read)
      if (!rows.some((row) => row.id === id)) throw new Problem('no_such_branch')
      return [...below(rows, id)]
    }
  }

  async function add(tx: Tx, many: number, draft: Omit<BranchRow, 'id' | 'createdAt'>): Promise<string> {
    if (many >= MAX_BRANCHES) throw new Problem('too_many_branches')
    const now = clock.now()
    const id = newId(now)
    if (!(await register.addBranch(tx, { ...draft, id, createdAt: now }))) throw new Problem('branch_exists')
    return id
  }
}
