import {
  askToHide,
  deskReviews,
  hideReview,
  keepReview,
  orderReviews,
  productReviews,
  replyToReview,
  shopReviews,
  showReview,
  writeReview
} from '../../shared/contracts/reviews.ts'
import type { Http } from '../http/http.ts'
import type { ReviewDesk } from './open.ts'

export function reviewRoutes(http: Http, { reviews, answers, judgements }: ReviewDesk) {
  http.route({
    ...productReviews,
    handler: ({ params, query }) => reviews.ofProduct(params.productId, query.after)
  })
  http.route({
    ...orderReviews,
    handler: async ({ me, params }) => ({ lines: await reviews.ofOrder(me, params.orderId) })
  })
  http.route({
    ...writeReview,
    handler: async ({ me, params, body }) => ({ review: await reviews.write(me, params.orderId, body) })
  })

  http.route({
    ...shopReviews,
    handler: async ({ me, query }) => ({ items: await answers.ofMyShop(me, query) })
  })
  http.route({
    ...replyToReview,
    handler: async ({ me, params, body }) => ({ item: await answers.reply(me, params.reviewId, body.words) })
  })
  http.route({
    ...askToHide,
    handler: async ({ me, params, body }) => ({ item: await answers.ask(me, params.reviewId, body) })
  })

  http.route({
    ...deskReviews,
    handler: async ({ me, query }) => ({ items: await judgements.list(me, query) })
  })
  http.route({
    ...hideReview,
    handler: async ({ me, params, body }) => ({ item: await judgements.hide(me, params.reviewId, body) })
  })
  http.route({
    ...showReview,
    handler: async ({ me, params, body }) => ({
      item: await judgements.show(me, params.reviewId, body.words)
    })
  })
  http.route({
    ...keepReview,
    handler: async ({ me, params, body }) => ({
      item: await judgements.keep(me, params.reviewId, body.words)
    })
  })
}
