import type { CouponCard, CouponChoice, CouponDraft } from '../../shared/contracts/coupons.ts'
import { yuan } from '../../shared/money.ts'
import { speak, tongue } from './speak.svelte.ts'

/** What a coupon is, in the words of every page that shows one. */
export const say = speak({
  zh: {
    off: (yuan: string) => `减 ${yuan} 元`,
    percent: (zhe: string) => `${zhe} 折`,
    atMost: (yuan: string) => `最多减 ${yuan} 元`,
    over: (yuan: string) => `满 ${yuan} 元可用`,
    anySum: '不限门槛',
    allShops: '全村各店都能用',
    someGoods: '只买指定的货',
    newBuyer: '新人券',
    union: '工会券',
    kinds: { plain: '直接领', follow: '关注领券', watch: '看够时间领', code: '口令领' },
    watchFor: (minutes: number) => `看满 ${minutes} 分钟`,
    why: {
      best_of_shop: '这家店最省的一张',
      best_of_union: '店里的券减完，工会券再减',
      saves_less: '选中的更省',
      saves_as_much: '省得一样多，先用快到期的',
      not_needed: '不用它也减到底了，留着下次用',
      '': ''
    },

    // The form
    kind: '怎么领',
    amount: '减多少',
    fixed: '减几块钱',
    discount: '打几折',
    offYuan: '减多少元',
    zhe: '打几折（9 折写 9，85 折写 8.5）',
    capYuan: '最多减多少元',
    threshold: '满多少元能用（不限写 0）',
    where: '在哪儿用',
    scopes: { shop: '整个店', products: '只买几样货', union: '全村各店（工会出钱）' },
    whichGoods: '哪几样',
    noGoods: '小黄车里还没有货，先加货',
    onlyNew: '只给新人（从来没在这里买过的）',
    many: '一共几张',
    each: '每人几张',
    minutes: '几分钟内领、用',
    days: '几天内领、用',
    startsIn: '几分钟后开领（马上写 0）',
    startsInDays: '几天后开领（马上写 0）',
    watchMinutes: '看满几分钟能领',
    word: '口令（大家听得懂、打得出）',
    wordHint: '比如：赶海真好',
    money: '钱从哪儿出',
    noPot: '不设上限',
    ownPot: '这张券最多花',
    potYuan: '最多花多少元',
    pot: (name: string, yuan: string) => `${name}，还剩 ${yuan} 元`,
    more: '更多条件',
    preview: '观众看到的样子',
    wrong: {
      off: '减多少元没写对',
      zhe: '折扣写 1 到 9.9 之间，比如 8.5',
      threshold: '门槛没写对，不限就写 0',
      tooGenerous: '减的比门槛还多，请检查金额',
      total: '一共几张：1 到 100000',
      perMember: '每人几张：1 到 10',
      lasts: '领、用的时间：1 分钟到 30 天',
      startsIn: '什么时候开领：最多七天后',
      watch: '看满几分钟：1 到 120，要比券的时间短',
      word: '口令至少两个字',
      goods: '请点选至少一样货',
      pot: '最多花多少没写对',
      needsPot: '工会券要选一笔预算',
      smallPot: '这笔钱还不够用一张，请写多一点'
    }
  },
  en: {
    off: (yuan: string) => `¥${yuan} off`,
    percent: (zhe: string) => `${Math.round((10 - Number(zhe)) * 100) / 10} % off`,
    atMost: (yuan: string) => `at most ¥${yuan} off`,
    over: (yuan: string) => `from ¥${yuan}`,
    anySum: 'any amount',
    allShops: 'At every shop of the village',
    someGoods: 'For certain goods',
    newBuyer: 'First purchase',
    union: 'Of the union',
    kinds: { plain: 'Claim', follow: 'Follow', watch: 'Watch', code: 'By word' },
    watchFor: (minutes: number) => `watch ${minutes} min`,
    why: {
      best_of_shop: 'Saves most at this shop',
      best_of_union: 'The union’s, after those of the shops',
      saves_less: 'The chosen one saves more',
      saves_as_much: 'Saves the same; the one that ends first is used',
      not_needed: 'Nothing is left to pay without it; keep it for next time',
      '': ''
    },

    kind: 'How to claim',
    amount: 'What it takes off',
    fixed: 'Some yuan',
    discount: 'A percentage',
    offYuan: 'Yuan off',
    zhe: 'To pay, in tenths (9 is 10 % off, 8.5 is 15 % off)',
    capYuan: 'At most (yuan)',
    threshold: 'From (yuan, 0 for any)',
    where: 'Where it counts',
    scopes: { shop: 'The whole shop', products: 'Certain goods', union: 'Every shop (the union pays)' },
    whichGoods: 'Which goods',
    noGoods: 'The shelf is empty; add goods first',
    onlyNew: 'Only for a first purchase here',
    many: 'How many',
    each: 'Each member',
    minutes: 'Minutes to claim and use',
    days: 'Days to claim and use',
    startsIn: 'Begins in minutes (0 for now)',
    startsInDays: 'Begins in days (0 for now)',
    watchMinutes: 'Minutes to watch',
    word: 'The word (easy to hear and type)',
    wordHint: 'for example: low tide',
    money: 'Paid from',
    noPot: 'No limit',
    ownPot: 'A limit of its own',
    potYuan: 'At most in all (yuan)',
    pot: (name: string, yuan: string) => `${name}, ¥${yuan} left`,
    more: 'More conditions',
    preview: 'What viewers see',
    wrong: {
      off: 'The amount is not a price',
      zhe: 'Write 1 to 9.9, for example 8.5',
      threshold: 'The threshold is not a price; write 0 for any',
      tooGenerous: 'The discount is higher than the threshold',
      total: 'How many: 1 to 100000',
      perMember: 'Each member: 1 to 10',
      lasts: 'From 1 minute to 30 days',
      startsIn: 'Begins within seven days',
      watch: 'Minutes to watch: 1 to 120, less than the coupon lasts',
      word: 'The word needs two letters',
      goods: 'Choose at least one of the goods',
      pot: 'The limit is not a price',
      needsPot: 'A coupon of the union needs a budget',
      smallPot: 'This is not enough for a single coupon'
    }
  }
})

type Amount = Pick<CouponCard, 'offFen'> & Partial<Pick<CouponCard, 'offPermyriad'>>

/** 8.5 of 1500. */
const zheOf = (permyriad: number) => String((10_000 - permyriad) / 1000)

/** `¥5`, or `8.5 折`: the large word of a ticket. */
export const amountOf = ({ offFen, offPermyriad }: Amount) =>
  offPermyriad ? say.percent(zheOf(offPermyriad)) : `¥${yuan(offFen)}`

/** 减 5 元, or 8.5 折，最多减 20 元. */
export const offWords = (coupon: Amount) =>
  coupon.offPermyriad
    ? `${amountOf(coupon)}${tongue.language === 'zh' ? '，' : ', '}${say.atMost(yuan(coupon.offFen))}`
    : say.off(yuan(coupon.offFen))

/** 满 30 元可用. */
export const fromWords = ({ thresholdFen }: Pick<CouponCard, 'thresholdFen'>) =>
  thresholdFen ? say.over(yuan(thresholdFen)) : say.anySum

/** 最多减 20 元; empty for a fixed amount. */
export const capWords = ({ offFen, offPermyriad }: Amount) => (offPermyriad ? say.atMost(yuan(offFen)) : '')

/** What is special about one: 新人券, 工会券, 只买指定的货. */
export const marksOf = (coupon: Pick<CouponDraft, 'scope' | 'newBuyer'>) => [
  ...(coupon.scope === 'union' ? [say.union] : []),
  ...(coupon.newBuyer ? [say.newBuyer] : []),
  ...(coupon.scope === 'products' ? [say.someGoods] : [])
]

/** Why a usable coupon is among the chosen ones, or is not. */
export const whyWords = (why: CouponChoice['why']) => say.why[why]
