import { buffer } from 'node:stream/consumers'
import type { Files } from '../files/files.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Darkroom } from '../objects/darkroom.ts'
import type { Objects } from '../objects/objects.ts'
import type { Store, Tx } from '../store/store.ts'
import { reviewStore, type ReviewRow } from './store.ts'

/** The longer side of a photo and of its small copy, as of goods. */
const PHOTO_PX = 1600
const THUMB_PX = 480
const JOB = 'review_pictures'
/** A review that is hidden and shown again while its pictures move. */
const TURNS = 5

type Pictured = Pick<ReviewRow, 'id' | 'memberId' | 'photos'>

export type Pictures = ReturnType<typeof openPictures>

/**
 * What everybody sees of a review's photos. The files she brought stay private; public pictures are made from them, taken
 * away while the review is hidden, and made again when it is shown.
 */
export function openPictures({
  store,
  jobs,
  objects,
  darkroom,
  files
}: {
  store: Store
  jobs: Jobs
  objects: Objects
  darkroom: Darkroom
  files: Pick<Files, 'open'>
}) {
  const rows = reviewStore(store)
  const keyOf = (id: string, n: number) => `photos/${id}-${n + 1}`

  jobs.on<{ reviewId: string }>(JOB, async ({ payload }) => {
    for (let turn = 0; turn < TURNS; turn++) {
      const before = await rows.one(store.read, payload.reviewId)
      if (!before) return
      await (before.hiddenAt ? withdraw(before) : publish(before))
      const after = await rows.one(store.read, before.id)
      if (Boolean(after?.hiddenAt) === Boolean(before.hiddenAt)) return
    }
    throw new Error(`${payload.reviewId} is hidden and shown faster than its pictures move`)
  })

  return {
    urlsOf: ({ id, photos }: Pick<Pictured, 'id' | 'photos'>) =>
      photos.map((_, n) => objects.url(`${keyOf(id, n)}.webp`)),
    publish,
    withdraw,
    /** Part of the unit that hides or shows it: its pictures follow. */
    followIn: (tx: Tx, reviewId: string) => jobs.add(tx, JOB, { reviewId })
  }

  /** One after the other: each may hold 200 MB while it is unpacked. */
  async function publish({ id, memberId, photos }: Pictured) {
    const owner = { id: memberId, name: '', roles: [] }
    for (const [n, fileId] of photos.entries()) {
      const { object } = await files.open(owner, fileId)
      const [photo, thumb] = await darkroom.develop(await buffer(object.body), [PHOTO_PX, THUMB_PX])
      await objects.put(`${keyOf(id, n)}-thumb.webp`, thumb!, 'image/webp')
      await objects.put(`${keyOf(id, n)}.webp`, photo!, 'image/webp')
    }
  }

  async function withdraw({ id, photos }: Pick<Pictured, 'id' | 'photos'>) {
    for (const n of photos.keys()) {
      await objects.remove(`${keyOf(id, n)}.webp`)
      await objects.remove(`${keyOf(id, n)}-thumb.webp`)
    }
  }
}
