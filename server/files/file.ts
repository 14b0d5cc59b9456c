import type { Role } from '../../shared/contract.ts'
import {
  CLIP_BYTES,
  PDF_BYTES,
  PICTURE_BYTES,
  SOUND_BYTES,
  type FileKind
} from '../../shared/contracts/files.ts'

/** What a file is to people. */
export type Sort = 'picture' | 'sound' | 'clip' | 'pdf'

export const MAX_BYTES: Record<Sort, number> = {
  picture: PICTURE_BYTES,
  sound: SOUND_BYTES,
  clip: CLIP_BYTES,
  pdf: PDF_BYTES
}

const SORTS: Record<FileKind, readonly Sort[]> = {
  lesson: ['picture', 'sound', 'clip'],
  material: ['picture', 'sound', 'clip', 'pdf'],
  document: ['picture', 'pdf'],
  homework: ['clip'],
  voice: ['sound'],
  evidence: ['picture', 'sound', 'clip'],
  sheet: ['picture'],
  bad_goods: ['picture', 'clip'],
  review: ['picture']
}

export const takes = (kind: FileKind, sort: Sort) => SORTS[kind].includes(sort)

/** Nothing of this kind is larger, whatever it turns out to be. */
export const maxBytesOf = (kind: FileKind) => Math.max(...SORTS[kind].map((sort) => MAX_BYTES[sort]))

interface Person {
  id: string
  roles: readonly Role[]
}

const teaches = ({ roles }: Pick<Person, 'roles'>) => roles.includes('trainer') || roles.includes('officer')

const EVERYBODYS: readonly FileKind[] = ['document', 'homework', 'evidence', 'bad_goods', 'review']

/** Who may bring one. */
export function mayKeep(kind: FileKind, person: Pick<Person, 'roles'>) {
  return EVERYBODYS.includes(kind) || teaches(person)
}

/** Who may see one. */
export function concerns(person: Person, file: { kind: FileKind; ownerId: string; forId: string }) {
  if (person.id === file.ownerId) return true
  switch (file.kind) {
    case 'lesson':
    case 'material':
      return true
    case 'document':
    case 'review':
      return person.roles.includes('officer')
    case 'homework':
    case 'evidence':
    case 'voice':
      return person.id === file.forId || teaches(person)
    case 'sheet':
      return teaches(person)
    case 'bad_goods':
      return (
        person.id === file.forId || person.roles.some((role) => role === 'operator' || role === 'officer')
      )
  }
}

/** What holds the bytes, by how they begin. */
export type Container = 'picture' | 'pdf' | 'mp4' | 'mov' | 'webm' | 'mp3' | 'ogg' | 'wav'

/** How far one must look. */
export const BEGINNING_BYTES = 64

const BEGINNINGS: readonly [Container, RegExp][] = [
  ['picture', /^(\xff\xd8\xff|\x89PNG\r\n|GIF8|RIFF[^]{4}WEBP|[^]{4}ftyp(hei|hev|mif1|msf1|avi))/],
  ['pdf', /^%PDF-/],
  ['mov', /^[^]{4}ftypqt/],
  ['mp4', /^[^]{4}ftyp(iso|mp4|avc1|M4|dash|3gp|MSNV)/],
  ['webm', /^[^]E\xdf\xa3[^]*webm/],
  ['mp3', /^(ID3|\xff[\xfa\xfb\xf2\xf3])/],
  ['ogg', /^OggS/],
  ['wav', /^RIFF[^]{4}WAVE/]
]

/** What the bytes say of themselves, not what the sender called them; undefined: nothing that we take. */
export function containerOf(beginning: Uint8Array): Container | undefined {
  const text = String.fromCharCode(...beginning.subarray(0, BEGINNING_BYTES))
  return BEGINNINGS.find(([, begins]) => begins.test(text))?.[0]
}

/** What was found inside of a container of sound or picture. */
export interface Inside {
  video: boolean
  audio: boolean
  durationMs: number
}

/** A sound of 5 MB is shorter, whatever its container says. */
const LONGEST_MS = 6 * 60 * 60_000

/** What a file is, and the ending that says so; undefined: there is nothing in it to hear or see. */
export function sortOf(container: Container, found?: Inside): { sort: Sort; ending: string } | undefined {
  const lasts = found !== undefined && found.durationMs > 0 && found.durationMs <= LONGEST_MS
  const inside = lasts ? found : undefined
  switch (container) {
    case 'picture':
      return { sort: 'picture', ending: 'webp' }
    case 'pdf':
      return { sort: 'pdf', ending: 'pdf' }
    case 'mov':
      return inside?.video ? { sort: 'clip', ending: 'mov' } : undefined
    case 'mp4':
    case 'webm':
      if (inside?.video) return { sort: 'clip', ending: container }
      return inside?.audio ? { sort: 'sound', ending: container === 'mp4' ? 'm4a' : 'weba' } : undefined
    default:
      return inside?.audio ? { sort: 'sound', ending: container } : undefined
  }
}
