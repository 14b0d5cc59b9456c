import type { HideReason } from '../../shared/contracts/reviews.ts'
import { speak } from './speak.svelte.ts'

/** Why a review is hidden; also a notice says it. */
export const hideReasons = speak<Record<HideReason, string>>({
  zh: {
    abuse: '辱骂人',
    private: '露了别人的隐私',
    advert: '打广告',
    unlawful: '违法的内容',
    off_topic: '和货没有关系'
  },
  en: {
    abuse: 'it insults somebody',
    private: 'it tells what is private',
    advert: 'it advertises',
    unlawful: 'it is unlawful',
    off_topic: 'it is not about the goods'
  }
})
