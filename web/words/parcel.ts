import { speak } from './speak.svelte.ts'

/** What a buyer reads of her parcel. */
export const say = speak({
  zh: {
    title: '包裹',
    steps: { paid: '付款', packed: '装箱', shipped: '寄出', received: '收到', done: '完成' },
    now: {
      paid: '店家在备货',
      packed: '装好箱了，等快递来取',
      shipped: '在路上',
      received: '收到了',
      done: '完成了'
    },
    lands: (at: string) => `预售的，预计${at}到岸，到岸就装箱`,
    leaves: (at: string, promised: boolean) => (promised ? `${at} 前寄出` : `大约${at} 寄出`),
    lateNow: '店家比说好的晚了，正在赶',
    arrives: (at: string) => `估计${at}到`,
    road: (hours: number) => `路上约 ${hours} 小时`,
    overdue: '按估计已经该到了',
    estimate: '时间是我们估的，以快递为准',
    temp: { ambient: '常温', chilled: '冷藏', frozen: '冷冻' },
    keep: {
      ambient: '放阴凉干燥的地方',
      chilled: '到了请马上收，放冰箱',
      frozen: '到了请马上收，放冷冻室'
    },
    copy: '复制单号',
    copied: '单号复制好了',
    call: (name: string) => `打${name}的电话`,
    weight: (jin: string) => `连箱 ${jin} 斤`,
    code: '箱子上的号',
    together: (n: number) => `和您另外 ${n} 单装在一箱`,
    received: '收到了',
    receivedSure: '东西都拿到了？',
    receivedWhy: '先打开看看。有死的、坏的、少的，在这个订单里报坏单，按收到的时间算。',
    receivedYes: '拿到了，都看过了',
    receivedNo: '还没有',
    thanks: '好，祝您吃得香',
    byItself: (at: string) => `不点的话，${at} 自动算收到`,
    wait: '还没到，再等几天',
    waiting: (at: string) => `好，再等等，等到 ${at}`,
    doneAt: (at: string) => `售后到 ${at} 为止`
  },
  en: {
    title: 'Parcel',
    steps: { paid: 'Paid', packed: 'Packed', shipped: 'Shipped', received: 'Received', done: 'Done' },
    now: {
      paid: 'The shop is getting it ready',
      packed: 'Packed; waiting for its carrier',
      shipped: 'On its way',
      received: 'Received',
      done: 'Done'
    },
    lands: (at: string) => `Sold ahead: should land ${at}, and is packed then`,
    leaves: (at: string, promised: boolean) => `leaves ${promised ? 'by' : 'about'} ${at}`,
    lateNow: 'Later than promised; the shop hurries',
    arrives: (at: string) => `there ${at}, we think`,
    road: (hours: number) => `some ${hours} hours on the road`,
    overdue: 'It should be there by now',
    estimate: 'Times are our estimates; the carrier knows best',
    temp: { ambient: 'Ambient', chilled: 'Chilled', frozen: 'Frozen' },
    keep: {
      ambient: 'Keep it cool and dry',
      chilled: 'Take it in at once, into the fridge',
      frozen: 'Take it in at once, into the freezer'
    },
    copy: 'Copy the number',
    copied: 'Copied',
    call: (name: string) => `Call ${name}`,
    weight: (jin: string) => `${jin} jin with its box`,
    code: 'Code on the box',
    together: (n: number) => `In one box with ${n} more of your orders`,
    received: 'I have it',
    receivedSure: 'Do you have all of it?',
    receivedWhy:
      'Open it first. What is dead, bad or missing is reported in this order; the time counts from now.',
    receivedYes: 'Yes, I have looked',
    receivedNo: 'Not yet',
    thanks: 'Good. Enjoy it',
    byItself: (at: string) => `Otherwise it counts as received on ${at}`,
    wait: 'Not here yet, wait longer',
    waiting: (at: string) => `We wait until ${at}`,
    doneAt: (at: string) => `You may ask something back until ${at}`
  }
})
