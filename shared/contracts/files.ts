import { Object, Optional, Unsafe, type Static } from 'typebox'
import { contract } from '../contract.ts'
import { Count, Id, oneOf, Text } from '../schemas.ts'

/**
 * Files that are nobody's business but of those they concern; a product's photos are not among them (`uploadPhoto`).
 * lesson, material: every signed-in member reads them. document: its owner and officers. homework, evidence: its owner,
 * whom it is for, trainers and officers. voice: a trainer's words for one learner, read like homework. sheet: trainers
 * and officers. bad_goods: what arrived dead or broken: its owner, the host it is for, operators and officers. review: a
 * photo of a review as it was brought, its owner and officers. Trainers and officers keep lesson, material, voice and
 * sheet; everybody the others.
 */
export const FILE_KINDS = [
  'lesson',
  'material',
  'document',
  'homework',
  'voice',
  'evidence',
  'sheet',
  'bad_goods',
  'review'
] as const
export type FileKind = (typeof FILE_KINDS)[number]

export const PICTURE_BYTES = 10 * 1024 * 1024
export const SOUND_BYTES = 5 * 1024 * 1024
export const CLIP_BYTES = 40 * 1024 * 1024
export const PDF_BYTES = 10 * 1024 * 1024

export const FileRef = Object({
  id: Id,
  kind: oneOf(FILE_KINDS),
  /** image/webp, audio/…, video/…, application/pdf: what the bytes are, not what the sender called them. */
  type: Text(60),
  bytes: Count,
  /** How long sound or picture lasts, as the file itself says, rounded up; 0 where nothing moves. */
  seconds: Count
})
export type FileRef = Static<typeof FileRef>

export const keepFile = contract({
  method: 'POST',
  url: '/api/files',
  schema: {
    summary:
      'Keeps one file (multipart, field `file`). Pictures lose their EXIF and are resized; a picture or a PDF ≤ 10 MB, sound ≤ 5 MB, a clip ≤ 40 MB.',
    querystring: Object({ kind: oneOf(FILE_KINDS), forId: Optional(Id) }),
    response: { 200: Object({ file: FileRef }) }
  },
  config: { who: 'member' }
})

/** Its bytes, with `Range`; 403 `not_yours` for whom it does not concern. */
export const getFile = contract({
  method: 'GET',
  url: '/api/files/:fileId',
  schema: {
    summary: 'The bytes of a file that concerns me; understands `Range`.',
    params: Object({ fileId: Id }),
    response: { 200: Unsafe<unknown>({}) }
  },
  config: { who: 'member' }
})

/** Where a page finds a file. */
export const fileUrl = (fileId: string) => (fileId ? `/api/files/${fileId}` : '')
