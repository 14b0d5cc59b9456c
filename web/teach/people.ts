import { findMembers } from '../../shared/contracts/members.ts'
import { listCandidates } from '../../shared/contracts/practice.ts'
import { call } from '../call.ts'

export interface Somebody {
  id: string
  name: string
  /** Tells two of one name apart: a masked phone, or how far she is. Empty where nothing does. */
  note: string
}

/** Rows under a search field; whoever is not among them writes more letters. */
const SHOWN = 8

/** An officer searches all members; a trainer those who learn the course. */
export async function findPeople(words: string, officer: boolean, courseId: string): Promise<Somebody[]> {
  const q = words.trim()
  if (!q) return []
  if (officer) {
    const { items } = await call(findMembers, { query: { q } })
    return items.slice(0, SHOWN).map(({ id, name, phone }) => ({ id, name, note: phone }))
  }
  if (!courseId) return []
  const { items } = await call(listCandidates, { params: { courseId } })
  return items
    .filter(({ name }) => name.includes(q))
    .slice(0, SHOWN)
    .map(({ memberId, name }) => ({ id: memberId, name, note: '' }))
}
