import { createRouter } from 'sv-router'
import Storefront from './storefront/StorefrontPage.svelte'

/** Every address of the product. The storefront comes with the first load, every other page when it is asked for. */
export const { p, navigate, route } = createRouter({
  '/': Storefront,
  '/show/:show': () => import('./room/RoomPage.svelte'),
  '/shop/:shop': () => import('./storefront/ShopPage.svelte'),
  '/product/:product': () => import('./storefront/ProductPage.svelte'),
  '/search': () => import('./storefront/SearchPage.svelte'),
  '/me': () => import('./me/MePage.svelte'),
  '/me/orders': () => import('./me/OrdersPage.svelte'),
  '/me/orders/:order': () => import('./me/OrderPage.svelte'),
  '/me/coupons': () => import('./me/CouponsPage.svelte'),
  '/me/addresses': () => import('./me/AddressesPage.svelte'),
  '/me/notices': () => import('./me/NoticesPage.svelte'),
  '/me/certificates': () => import('./me/CertificatesPage.svelte'),
  '/me/mentorship': () => import('./me/MentorshipPage.svelte'),
  '/verify/:code': () => import('./school/VerifyPage.svelte'),
  '/school': () => import('./school/SchoolPage.svelte'),
  '/school/course/:course': () => import('./school/CoursePage.svelte'),
  '/school/course/:course/quiz': () => import('./school/QuizPage.svelte'),
  '/school/lesson/:lesson': () => import('./school/LessonPage.svelte'),
  '/school/class/:class': () => import('./school/ClassPage.svelte'),
  '/school/check-in': () => import('./school/CheckInPage.svelte'),
  '/school/homework': () => import('./school/HomeworkPage.svelte'),
  '/pay/:payment': () => import('./checkout/SandboxCashierPage.svelte'),
  '/pay/:payment/back': () => import('./checkout/PayReturnPage.svelte'),
  '/studio': () => import('./studio/StudioHomePage.svelte'),
  '/studio/goods': () => import('./studio/GoodsPage.svelte'),
  '/studio/orders': () => import('./studio/ShopOrdersPage.svelte'),
  '/studio/:show': () => import('./studio/StudioPage.svelte'),
  '/desk': () => import('./desk/DeskHomePage.svelte'),
  '/desk/:show': () => import('./desk/DeskPage.svelte'),
  '/union': () => import('./union/MembersPage.svelte'),
  '/union/board': () => import('./union/BoardPage.svelte'),
  '/setup': () => import('./union/SetupPage.svelte'),
  '*': () => import('./storefront/LostPage.svelte')
})
