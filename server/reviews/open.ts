import type { Jobs } from '../jobs/jobs.ts'
import type { Darkroom } from '../objects/darkroom.ts'
import type { Objects } from '../objects/objects.ts'
import { openAnswers } from './answers.ts'
import { openJudgements } from './judgements.ts'
import type { Neighbours } from './neighbours.ts'
import { openPictures } from './pictures.ts'
import { openReviews } from './reviews.ts'
import { openViews } from './views.ts'

export type ReviewDesk = ReturnType<typeof openReviewing>

/** 评价: what buyers say, what hosts answer, what the union does about it. */
export function openReviewing(ground: Neighbours & { jobs: Jobs; objects: Objects; darkroom: Darkroom }) {
  const pictures = openPictures(ground)
  const views = openViews({ ...ground, pictures })
  return {
    reviews: openReviews({ ...ground, pictures, views }),
    answers: openAnswers({ ...ground, views }),
    judgements: openJudgements({ ...ground, pictures, views })
  }
}
