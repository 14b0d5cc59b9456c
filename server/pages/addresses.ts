/**
 * Every address that the web app answers, besides those with a face of their own. It stands here a second time
 * because the server may not import the web; a test holds the two lists together.
 */
export const FACED = ['/', '/show/:show', '/product/:product', '/shop/:shop'] as const
export const PLAIN = [
  '/search',
  '/me',
  '/me/orders',
  '/me/orders/:order',
  '/me/coupons',
  '/me/addresses',
  '/me/membership',
  '/me/notices',
  '/me/certificates',
  '/me/mentorship',
  '/verify/:code',
  '/school',
  '/school/course/:course',
  '/school/course/:course/quiz',
  '/school/lesson/:lesson',
  '/school/class/:class',
  '/school/check-in',
  '/school/homework',
  '/pay/:payment',
  '/pay/:payment/back',
  '/studio',
  '/studio/goods',
  '/studio/licence',
  '/studio/orders',
  '/studio/:show',
  '/desk',
  '/desk/:show',
  '/union',
  '/union/members',
  '/union/register',
  '/union/register/import',
  '/union/person/:member',
  '/union/file/:member',
  '/union/looks',
  '/union/cases',
  '/union/case/:case',
  '/union/documents',
  '/union/rules',
  '/setup'
] as const

/** A search engine has no business in anybody's orders or on anybody's desk. */
export const HIDDEN = ['/api', '/me', '/pay', '/studio', '/desk', '/union', '/setup', '/verify', '/dev']
