import type { Answer, Body } from '../../shared/contract.ts'
import { getCase, withdrawCase, writeToCase, type CaseView } from '../../shared/contracts/cases.ts'
import {
  askToJoin,
  askToLeave,
  askToMove,
  listBranches,
  myMembership,
  type Branch
} from '../../shared/contracts/register.ts'
import { call } from '../call.ts'

type Mine = Answer<typeof myMembership>

/** 会籍: what the union's register says of whoever holds this phone, and what she has asked for. */
export class Membership {
  mine = $state.raw<Mine>()
  branches = $state.raw<Branch[]>([])
  /** The request that waits, with every word of it. */
  waiting = $state.raw<CaseView>()
  failed = $state.raw<unknown>()

  async load() {
    this.failed = undefined
    try {
      const [mine, branches] = await Promise.all([call(myMembership), call(listBranches)])
      this.branches = branches.items
      await this.#show(mine)
    } catch (error) {
      this.failed = error
    }
  }

  join = async (body: Body<typeof askToJoin>) => this.#show(await call(askToJoin, { body }))
  move = async (body: Body<typeof askToMove>) => this.#show(await call(askToMove, { body }))
  leave = async (words: string) => this.#show(await call(askToLeave, { body: { words } }))

  async answer(words: string, fileIds: string[]) {
    const caseId = this.waiting?.id ?? ''
    this.waiting = (await call(writeToCase, { params: { caseId }, body: { words, fileIds } })).case
  }

  async withdraw() {
    await call(withdrawCase, { params: { caseId: this.waiting?.id ?? '' } })
    await this.#show(await call(myMembership))
  }

  async #show(mine: Mine) {
    this.waiting = mine.waiting
      ? (await call(getCase, { params: { caseId: mine.waiting.caseId } })).case
      : undefined
    this.mine = mine
  }
}
