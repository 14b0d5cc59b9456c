import { speak } from './speak.svelte.ts'

export const say = speak({
  zh: {
    together: (n: number, yuan: string) => `和另外 ${n} 单一起付，一共 ¥${yuan}`,
    paidTogether: (n: number) => `和另外 ${n} 单一起付的`,
    withOthers: (n: number) => `（和另外 ${n} 单一起付）`,
    payAll: (yuan: string) => `去付款 ¥${yuan}`,
    cancelAll: (n: number) => `这 ${n} 单一起下的，会一起取消。`,
    by: { buyer: '您', shop: '店家', union: '工会', village: '' },
    off: (yuan: string) => `券减 ${yuan} 元`,
    refunded: '已退给您',
    refundedQty: (n: number) => `退了 ${n}`,
    flash: '闪购价',
    ahead: (n: number, when: string) => `${n} 份预售，${when}上岸以后发`,
    ticked: '下单时确认过：生鲜不支持七天无理由退货'
  },
  en: {
    together: (n: number, yuan: string) => `Paid together with ${n} more, ¥${yuan} in all`,
    paidTogether: (n: number) => `Was paid together with ${n} more`,
    withOthers: (n: number) => `(together with ${n} more)`,
    payAll: (yuan: string) => `Pay ¥${yuan}`,
    cancelAll: (n: number) => `These ${n} were ordered together and are cancelled together.`,
    by: { buyer: 'you', shop: 'the shop', union: 'the union', village: '' },
    off: (yuan: string) => `¥${yuan} off by coupons`,
    refunded: 'Paid back to you',
    refundedQty: (n: number) => `${n} paid back`,
    flash: 'Flash price',
    ahead: (n: number, when: string) => `${n} sold ahead, sent after they land, ${when}`,
    ticked: 'Agreed when ordered: fresh food cannot be returned without a reason'
  }
})
