import {
  addMentorTask,
  checkMentorship,
  declineMentorship,
  judgeMentorTask,
  myMentorships,
  showMentorTask,
  signMentorship,
  type Mentorship
} from '../../shared/contracts/practice.ts'
import { call } from '../call.ts'

/** Tasks wait in the order of who has to do something about them. */
const RANK = { open: 1, shown: 0, done: 2 }

/** The pairs in which I am master or apprentice, and what I do in them. */
export class Mentorships {
  items = $state.raw<Mentorship[]>()
  error = $state.raw<unknown>()
  busy = $state(false)

  async load() {
    this.error = undefined
    try {
      this.items = (await call(myMentorships)).items
    } catch (error) {
      this.error = error
    }
  }

  sign = (mentorshipId: string) => this.#change(() => call(signMentorship, { params: { mentorshipId } }))

  decline = (mentorshipId: string, reason: string) =>
    this.#change(() => call(declineMentorship, { params: { mentorshipId }, body: { reason } }))

  give = (mentorshipId: string, title: string) =>
    this.#change(() => call(addMentorTask, { params: { mentorshipId }, body: { title } }))

  show = (mentorshipId: string, taskId: string, fileIds: string[], words: string) =>
    this.#change(() => call(showMentorTask, { params: { mentorshipId, taskId }, body: { fileIds, words } }))

  judge = (mentorshipId: string, taskId: string, done: boolean) =>
    this.#change(() => call(judgeMentorTask, { params: { mentorshipId, taskId }, body: { done } }))

  check = (mentorshipId: string, words: string) =>
    this.#change(() => call(checkMentorship, { params: { mentorshipId }, body: { words } }))

  /** Puts the pair as the server has it now in its place; throws what it says. */
  async #change(work: () => Promise<{ mentorship: Mentorship }>) {
    this.busy = true
    try {
      const { mentorship } = await work()
      this.items = this.items?.map((each) => (each.id === mentorship.id ? mentorship : each))
    } finally {
      this.busy = false
    }
  }
}

export const inOrder = (tasks: Mentorship['tasks']) =>
  tasks.toSorted((one, other) => RANK[one.state] - RANK[other.state])

/** `2026-07`, as the village counts months. */
export const monthOf = (date: string) => date.slice(0, 7)
