import { decideCase, getCase, takeCase, writeToCase, type CaseView } from '../../shared/contracts/cases.ts'
import { Refusal } from '../../shared/refusal.ts'
import { call } from '../call.ts'

/** One case as an officer sees and answers it. */
export class OpenCase {
  readonly id: string
  view = $state.raw<CaseView>()
  failed = $state.raw<unknown>()
  sending = $state(false)
  /** Somebody else was faster: what she wrote stays, but she must look first. */
  clash = $state(false)
  /** What she wants to know of her; it stays in its field until it is sent. */
  question = $state('')
  waits = $derived(this.view?.state === 'open' || this.view?.state === 'asked')

  constructor(id: string) {
    this.id = id
  }

  async load() {
    this.failed = undefined
    try {
      this.view = (await call(getCase, { params: { caseId: this.id } })).case
      this.clash = false
    } catch (error) {
      this.failed = error
    }
  }

  take = (ownerId: string) =>
    this.#act(() => call(takeCase, { params: { caseId: this.id }, body: { ownerId } }))

  async ask(): Promise<boolean> {
    const body = { words: this.question.trim(), fileIds: [] }
    const asked = await this.#act(() => call(writeToCase, { params: { caseId: this.id }, body }))
    if (asked) this.question = ''
    return asked
  }

  decide(approve: boolean, words: string) {
    const version = this.view?.version ?? 0
    return this.#act(() =>
      call(decideCase, { params: { caseId: this.id }, body: { version, approve, words } })
    )
  }

  /** True once it is done. What she was too late for is no fault of hers: `clash` says so. */
  async #act(work: () => Promise<{ case: CaseView }>): Promise<boolean> {
    this.sending = true
    try {
      this.view = (await work()).case
      return true
    } catch (error) {
      if (!(error instanceof Refusal) || !['case_changed', 'case_closed'].includes(error.code)) throw error
      this.clash = true
      return false
    } finally {
      this.sending = false
    }
  }
}
