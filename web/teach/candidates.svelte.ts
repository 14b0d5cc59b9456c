import { SvelteSet } from 'svelte/reactivity'
import { issueCertificates, listCandidates, type Candidate } from '../../shared/contracts/practice.ts'
import type { Static } from 'typebox'
import { call } from '../call.ts'

export type CandidateRow = Static<typeof Candidate>

/** As many as one batch takes. */
export const BATCH = 200

export type Missing = 'attended' | 'quiz' | 'practical'

/** What keeps her from the certificate; nothing for who is ready. */
export function missingOf({ ready, attended, quiz, passes, passesWanted }: CandidateRow): Missing[] {
  if (ready) return []
  const missing: Missing[] = []
  if (!attended) missing.push('attended')
  if (!quiz) missing.push('quiz')
  if (passes < passesWanted) missing.push('practical')
  return missing
}

/** Everybody who learns a course, and whom the next batch of certificates is for. */
export class Candidates {
  readonly courseId: string
  rows = $state.raw<CandidateRow[]>()
  failed = $state<unknown>()
  picked = new SvelteSet<string>()

  ready = $derived(this.rows?.filter(({ ready, certified }) => ready && !certified) ?? [])
  learning = $derived(this.rows?.filter(({ ready, certified }) => !ready && !certified) ?? [])
  certified = $derived(this.rows?.filter(({ certified }) => certified) ?? [])

  constructor(courseId: string) {
    this.courseId = courseId
  }

  /** Who is ready is picked already: that is what she came for. */
  async load() {
    this.failed = undefined
    try {
      this.rows = (await call(listCandidates, { params: { courseId: this.courseId } })).items
      this.picked.clear()
      for (const { memberId } of this.ready.slice(0, BATCH)) this.picked.add(memberId)
    } catch (error) {
      this.failed = error
    }
  }

  toggle(memberId: string) {
    if (!this.picked.delete(memberId) && this.picked.size < BATCH) this.picked.add(memberId)
  }

  /** Answers the codes to print, and the names of those who were not ready after all. */
  async issue() {
    const { issued, notReady } = await call(issueCertificates, {
      params: { courseId: this.courseId },
      body: { memberIds: [...this.picked] }
    })
    const names = notReady.map((id) => this.rows?.find(({ memberId }) => memberId === id)?.name ?? '')
    await this.load()
    return { codes: issued.map(({ code }) => code), names }
  }
}
