import type {
  Accepted,
  AskedAbout,
  CardRule,
  DebriefQuestion,
  MarkKind,
  Praise
} from '../../shared/contracts/debriefs.ts'
import { speak } from './speak.svelte.ts'

type Facts = Record<string, string>
/** What happened, and what to do next time. */
interface CardWords {
  title: string
  /** `hers`: a trainer reads it, about her. */
  why: (facts: Facts, hers: boolean) => string
  next: (facts: Facts) => string
}

const aboutZh: Record<AskedAbout, string> = {
  price: '价钱',
  cooking: '怎么做',
  fresh: '新不新鲜、怎么放',
  size: '大小、够几个人',
  parcel: '发货',
  coupon: '优惠',
  visit: '怎么来玩',
  other: '别的'
}
const aboutEn: Record<AskedAbout, string> = {
  price: 'the price',
  cooking: 'how to cook it',
  fresh: 'freshness and keeping',
  size: 'sizes and portions',
  parcel: 'delivery',
  coupon: 'discounts',
  visit: 'coming to visit',
  other: 'something else'
}
const zhAbout = ({ about = 'other', text = '' }: Facts) =>
  about === 'other' ? `“${text}”` : aboutZh[about as AskedAbout]
const enAbout = ({ about = 'other', text = '' }: Facts) =>
  about === 'other' ? `“${text}”` : aboutEn[about as AskedAbout]

export const say = speak({
  zh: {
    title: '复盘',
    listTitle: '复盘',
    mine: '我的直播',
    others: '我带的、我教的',
    othersAll: '所有主播',
    listEmpty: '还没有播完的直播。播完一场，这里就有它的复盘',
    othersEmpty: '她们还没有播完的直播',
    listHow: '播完一场看一眼：人家问了什么、什么时候下的单、下次做哪三件事。',
    open: '看复盘',
    more: '再看一些',
    rehearsal: '彩排',
    demoOrders: '演示订单',
    demoWhy: '这里只有演示收银台，没有真的收钱',
    lasted: (n: number) => `播了 ${n} 分钟`,
    accepted: (n: number) => `${n} 张变作业了`,
    of: (name: string) => `${name}的直播`,
    rehearsalKind: '彩排只有您和讲师看得到，先练手，不急着比',
    tooShort: '这一场很短，多播一会儿就看得出门道了',
    good: '先说做得好的',
    goodNone: '这一场没有特别的数，下一场再比',
    curve: '这一场的潮水',
    curveHow: '水面是在看的人，小船是下的单。点一下，看那一分钟',
    curveBare: '这一场没有记下在看的人数，只有下单和讲解',
    minute: (n: number) => `第 ${n} 分钟`,
    minutes: (n: number) => `${n} 分钟`,
    watching: (n: number) => `${n} 人在看`,
    watchingShort: '在看',
    notCounted: '没有记下人数',
    lines: (n: number) => `说了 ${n} 句`,
    ordered: (n: number) => `下了 ${n} 单`,
    paidIn: (n: number) => `付了 ${n} 单`,
    quiet: '这一分钟很安静',
    watchMinute: '从这里看回放',
    watchWhole: '看整场回放',
    noFilm: '这一场没有录像',
    notOnFilm: '这一刻没有录下来',
    filmNotYours: '彩排的录像只有她和讲师看得到',
    clip: '看这 10 秒',
    clipAgain: '再看一遍',
    clipOn: '接着往下看',
    marks: {
      pin: '讲解',
      coupon: '发券',
      question: '有人问',
      flagged: '犯忌的词',
      away: '画面断了'
    } satisfies Record<MarkKind, string>,
    orders: '下单',
    legend: '图上的记号',
    coupon: (off: string, threshold: string) => (threshold ? `满 ${threshold} 减 ${off}` : `减 ${off}`),
    nextThree: (n: number): string =>
      n === 3 ? '下次做这三件事' : n === 2 ? '下次做这两件事' : '下次做这件事',
    nextNone: '这一场没有要改的大事，照这样播',
    cardOf: (n: number) => `第 ${n} 件`,
    concerned: (n: number) => `关系到 ${n} 个人`,
    nextTime: '下次',
    cards: {
      flagged: {
        title: '有的词不能用',
        why: ({ where, text, phrase, why, count }, hers) =>
          `${where === 'line' ? (hers ? '她那边写了' : '您这边写了') : where === 'title' ? '标题写着' : '货名写着'}“${text}”，“${phrase}”${
            why === 'medical' ? '是说治病，广告法第十七条不让' : '是极限词，广告法第九条不让'
          }${Number(count) > 1 ? `。这样的一共 ${count} 处` : ''}`,
        next: ({ why }) =>
          why === 'medical'
            ? '只说什么味、怎么吃，不说治什么病'
            : '说实在的：哪片滩、几点捞的、一斤几只，不说“最”'
      },
      unanswered: {
        title: '有人问了，没看到回答',
        why: (facts, hers) =>
          `${facts['people']} 个人问${zhAbout(facts)}，两分钟里没有写回答，也没有换讲解。${hers ? '她' : '您'}嘴上答没答，回放里听听`,
        next: (facts) => `把${zhAbout(facts)}写在牌子上，有人问就举起来，念出她的名字再答`
      },
      unpaid: {
        title: '下了单没付款',
        why: ({ ordered, unpaid }) => `${ordered} 单里有 ${unpaid} 单没付款，这些人本来想买`,
        next: () => '讲完一样货就提一句：下了单的姐妹，十五分钟里付款，货给您留着'
      },
      left: {
        title: '这里走了不少人',
        why: ({ minute, minutes, left, goods }) =>
          `第 ${minute} 分钟起，${minutes} 分钟里走了 ${left} 个人${goods ? `，那时在讲${goods}` : ''}`,
        next: () => '看看那时在做什么。一样货讲三五分钟就换，换之前先说下一样是什么'
      },
      coupon: {
        title: '券没有发在人多的时候',
        why: ({ when, minute, peak, seen }) =>
          when === 'never'
            ? `第 ${minute} 分钟人最多，有 ${peak} 个，一张券也没发`
            : when === 'early'
              ? `发券的时候只有 ${seen} 个人，后来最多到 ${peak} 个`
              : `最多的时候有 ${peak} 个人，等到剩 ${seen} 个才发券`,
        next: () => '看到在看的人数往上走，就发一轮券'
      },
      unpinned: {
        title: '有的货一次也没讲',
        why: ({ of, count, goods }) =>
          `小黄车里 ${of} 样货，${count} 样没点过“讲解”：${goods}${Number(count) > 3 ? '……' : ''}`,
        next: () => '每样货都点一次“讲解”，哪怕只讲一分钟'
      },
      idle: {
        title: '讲解空了一段',
        why: ({ minute, minutes }) => `第 ${minute} 分钟起，${minutes} 分钟没有讲任何一样货`,
        next: () => '手里拿起什么，就点一下那样货的“讲解”'
      },
      away: {
        title: '画面断过',
        why: ({ times, seconds }) => `画面断了 ${times} 次，一共 ${seconds} 秒`,
        next: () => '开播前在要站的地方测一下网；信号不好，往路边走几步'
      }
    } satisfies Record<CardRule, CardWords> as Record<CardRule, CardWords>,
    praises: {
      record: ({ what, shows }) =>
        `${what === 'paid' ? '付款的钱' : '在看的人'}是自己最近 ${shows} 场里最多的`,
      best_minute: ({ minute, orders, goods }) =>
        `第 ${minute} 分钟下了 ${orders} 单${goods ? `，那时在讲${goods}` : ''}`,
      answered: ({ count }) => `${count} 个问题，个个有回应`,
      all_paid: ({ count }) => `${count} 单全付了款，没有一单落下`,
      all_pinned: ({ count }) => `${count} 样货都讲到了`,
      steady: ({ percent }) => `到最后还留着 ${percent}% 的人，大家舍不得走`,
      clean: ({ count }) => `写的 ${count} 句话，没有一个犯忌的词`
    } satisfies Record<Praise, (facts: Facts) => string> as Record<Praise, (facts: Facts) => string>,
    assessed: '讲师打的分',
    passed: '过了',
    notPassed: '还没过',
    accept: '布置成作业',
    acceptFor: (name: string) => `给${name}布置成作业`,
    words: '对她说的话（可以改）',
    acceptHow: (course: string) => `会变成她的作业，并替她报上“${course}”最近合适的一堂课`,
    noCourse: '学堂里还没有开着的课，先开一门再布置',
    acceptDone: '布置好了，她会收到通知',
    acceptedBy: (name: string, when: string) => `${name} ${when} 布置成作业了`,
    forHer: '讲师看过会挑一件，变成您的作业',
    toHomework: '去交作业',
    seats: {
      booked: '报上了',
      waiting: '那堂课满了，排了候补',
      passed: '这门课已经有证书，只布置作业',
      clash: '有课，但时间都和别的安排撞了，只布置作业',
      none: '眼下没有这门课的场次，只布置作业'
    } satisfies Record<Accepted['seat'], string>,
    keptCards: '之前布置过的',
    numbers: '这一场的数',
    peak: '最多同时在看',
    spoke: '说过话的人',
    claimed: '领走的券',
    buyers: '下单的人',
    orderedSum: '下的单',
    paidSum: '付了款的单',
    paidFen: '付款',
    refunds: (n: number, money: string) => `退款 ${n} 单，退了 ${money}`,
    unpaidSum: (n: number, money: string) => `没付款 ${n} 单，${money}`,
    afterwards: (n: number) => `其中 ${n} 单是开播前或看回放下的，不在图上`,
    apart: (n: number, test: boolean) =>
      test ? `另有 ${n} 单是真的付款，不算在这里` : `另有 ${n} 单是演示订单，不算在这里`,
    unknown: '看过的总人数、点开商品的人数，系统没有记，这里不猜',
    sheet: '下载表格（CSV）',
    print: '打印一页',
    questions: '人家问了什么',
    questionsNone: '这一场没有人提问',
    questionsHow: '只看写下来的字，嘴上说的听不见，没看到回答的，回放里听听答了没有',
    about: aboutZh,
    asked: (people: number, times: number) =>
      times > people ? `${people} 个人问了 ${times} 次` : `${people} 个人问`,
    answers: {
      written: '写了回答',
      pinned: '换了讲解',
      nothing: '没看到回答'
    } satisfies Record<DebriefQuestion['answer'], string>,
    listen: '听听',
    flagged: '犯忌的词',
    flaggedHow: '只查了主播和场控写的字、标题和货名（券上没有字）；嘴上说的查不到',
    flaggedNone: '写下来的字里没有犯忌的词',
    flaggedWhere: { line: '写的', title: '标题', goods: '货名' },
    flaggedWhy: { superlative: '极限词 · 广告法 §9', medical: '医疗词 · 广告法 §17' },
    cut: '说的话太多，只看了前一万句',
    compare: '和自己比',
    compareHow: '只和自己最近的几场比，不和别人比',
    compareFew: (n: number): string =>
      n ? '除了这一场，只播过一场，再播一场就能比了' : '这是第一场，再播两场就能和自己比',
    comparePeople: '最多在看',
    compareOrders: '下单',
    comparePaid: '付款',
    same: '和平常一样',
    above: (by: string) => `比平常多 ${by}`,
    below: (by: string) => `比平常少 ${by}`,
    usual: (value: string) => `平常 ${value}`,
    thisOne: '这一场',
    printedAt: (when: string) => `${when} 打印 · 渔家直播`
  },
  en: {
    title: 'Debrief',
    listTitle: 'Debriefs',
    mine: 'My shows',
    others: 'Those I look after',
    othersAll: 'All hosts',
    listEmpty: 'No show is over yet. After your first one its debrief stands here',
    othersEmpty: 'None of their shows is over yet',
    listHow: 'A look after each show: what was asked, when people bought, three things for next time.',
    open: 'See debrief',
    more: 'Show more',
    rehearsal: 'Rehearsal',
    demoOrders: 'Demo orders',
    demoWhy: 'There is only the demo cashier here; no real money was taken',
    lasted: (n: number) => `${n} min on air`,
    accepted: (n: number) => `${n} became homework`,
    of: (name: string) => `${name}’s show`,
    rehearsalKind: 'Only you and trainers see a rehearsal: practise first, compare later',
    tooShort: 'This show was very short; a longer one tells more',
    good: 'First, what went well',
    goodNone: 'No number stands out this time; the next show may',
    curve: 'The tide of this show',
    curveHow: 'The water is who watched, the boats are orders. Tap to look at a minute',
    curveBare: 'Nobody counted who watched; orders and pins only',
    minute: (n: number) => `Minute ${n}`,
    minutes: (n: number) => `${n} min`,
    watching: (n: number) => `${n} watching`,
    watchingShort: 'watching',
    notCounted: 'not counted',
    lines: (n: number) => `${n} lines said`,
    ordered: (n: number) => `${n} ordered`,
    paidIn: (n: number) => `${n} paid`,
    quiet: 'A quiet minute',
    watchMinute: 'Watch from here',
    watchWhole: 'Watch the whole show',
    noFilm: 'This show was not recorded',
    notOnFilm: 'This moment is not on film',
    filmNotYours: 'Only she and her trainers see the film of a rehearsal',
    clip: 'Watch these 10 s',
    clipAgain: 'Once more',
    clipOn: 'Go on watching',
    marks: {
      pin: 'Explained',
      coupon: 'Coupon',
      question: 'Question',
      flagged: 'Banned word',
      away: 'Picture lost'
    },
    orders: 'Orders',
    legend: 'Marks on the curve',
    coupon: (off: string, threshold: string) => (threshold ? `${off} off from ${threshold}` : `${off} off`),
    nextThree: (n: number): string => (n === 1 ? 'Next time do this' : `Next time do these ${n} things`),
    nextNone: 'Nothing big to change: go on like this',
    cardOf: (n: number) => `No. ${n}`,
    concerned: (n: number) => `concerned ${n} people`,
    nextTime: 'Next time',
    cards: {
      flagged: {
        title: 'A word that may not be used',
        why: ({ where, text, phrase, why, count }, hers) =>
          `${where === 'line' ? (hers ? 'On her side was written' : 'On your side was written') : where === 'title' ? 'The title says' : 'A product is called'} “${text}”; “${phrase}” ${
            why === 'medical'
              ? 'promises a cure (Advertising Law §17)'
              : 'is a superlative (Advertising Law §9)'
          }${Number(count) > 1 ? `. ${count} places in all` : ''}`,
        next: ({ why }) =>
          why === 'medical'
            ? 'Say how it tastes and how to eat it, never what it cures'
            : 'Say what is so: which beach, when it was caught, how many to a jin'
      },
      unanswered: {
        title: 'Asked, and no answer to be seen',
        why: (facts, hers) =>
          `${facts['people']} people asked about ${enAbout(facts)}; within two minutes nothing was written and nothing pinned. Listen whether ${hers ? 'she' : 'you'} answered aloud`,
        next: (facts) =>
          `Write ${enAbout(facts)} on a card, hold it up when somebody asks, and say her name first`
      },
      unpaid: {
        title: 'Ordered and not paid',
        why: ({ ordered, unpaid }) =>
          `${unpaid} of ${ordered} orders were not paid: these people wanted to buy`,
        next: () => 'After each product say: pay within fifteen minutes, it is kept for you'
      },
      left: {
        title: 'People left here',
        why: ({ minute, minutes, left, goods }) =>
          `From minute ${minute}, ${left} people left within ${minutes} min${goods ? ` while ${goods} was explained` : ''}`,
        next: () => 'Look what happened then. Change after three to five minutes, and say what comes next'
      },
      coupon: {
        title: 'The coupon missed the crowd',
        why: ({ when, minute, peak, seen }) =>
          when === 'never'
            ? `${peak} people were there in minute ${minute}, and no coupon came`
            : when === 'early'
              ? `${seen} people were there for the coupon, ${peak} later`
              : `${peak} people at the best time; the coupon came when ${seen} were left`,
        next: () => 'Drop a coupon when you see the number rising'
      },
      unpinned: {
        title: 'Never explained',
        why: ({ of, count, goods }) =>
          `${count} of ${of} products were never pinned: ${goods}${Number(count) > 3 ? ' …' : ''}`,
        next: () => 'Pin every product once, if only for a minute'
      },
      idle: {
        title: 'Nothing explained for a while',
        why: ({ minute, minutes }) => `From minute ${minute}, nothing was pinned for ${minutes} min`,
        next: () => 'Whatever you take into your hand, pin it'
      },
      away: {
        title: 'The picture was lost',
        why: ({ times, seconds }) => `${times} times, ${seconds} s in all`,
        next: () => 'Test the network where you will stand; if it is weak, walk towards the road'
      }
    },
    praises: {
      record: ({ what, shows }) =>
        `${what === 'paid' ? 'More was paid' : 'More people watched'} than in any of the last ${shows} shows`,
      best_minute: ({ minute, orders, goods }) =>
        `${orders} orders in minute ${minute}${goods ? `, while you explained ${goods}` : ''}`,
      answered: ({ count }) => `${count} questions, all of them answered`,
      all_paid: ({ count }) => `All ${count} orders were paid`,
      all_pinned: ({ count }) => `All ${count} products were explained`,
      steady: ({ percent }) => `${percent}% stayed to the end`,
      clean: ({ count }) => `${count} lines written and no banned word`
    },
    assessed: 'Marked by trainers',
    passed: 'passed',
    notPassed: 'not yet',
    accept: 'Make it homework',
    acceptFor: (name: string) => `Make it homework for ${name}`,
    words: 'Your words to her (change them)',
    acceptHow: (course: string) =>
      `It becomes her homework and books the next class of “${course}” that fits`,
    noCourse: 'The school has no open course yet; open one first',
    acceptDone: 'Done; she is told',
    acceptedBy: (name: string, when: string) => `Homework by ${name}, ${when}`,
    forHer: 'A trainer chooses one of them as your homework',
    toHomework: 'Hand it in',
    seats: {
      booked: 'Booked',
      waiting: 'That class is full: on the waitlist',
      passed: 'Certified in this course already: homework only',
      clash: 'Every class clashes with something else: homework only',
      none: 'No class of this course is scheduled: homework only'
    },
    keptCards: 'Set before',
    numbers: 'The numbers',
    peak: 'Most at once',
    spoke: 'People who spoke',
    claimed: 'Coupons claimed',
    buyers: 'People who ordered',
    orderedSum: 'Orders',
    paidSum: 'Orders paid',
    paidFen: 'Paid',
    refunds: (n: number, money: string) => `${n} refunded, ${money}`,
    unpaidSum: (n: number, money: string) => `${n} not paid, ${money}`,
    afterwards: (n: number) => `${n} of them before it began or from the recording; not on the curve`,
    apart: (n: number, test: boolean) =>
      test ? `${n} more were paid for real and stand apart` : `${n} more are demo orders and stand apart`,
    unknown: 'How many watched in all and who opened which product is not recorded, so it is not guessed',
    sheet: 'Download sheet (CSV)',
    print: 'Print one page',
    questions: 'What people asked',
    questionsNone: 'Nobody asked anything',
    questionsHow:
      'Only what is written is read, never a voice: where no answer is seen, listen to the recording',
    about: aboutEn,
    asked: (people: number, times: number) =>
      times > people ? `${people} people, ${times} times` : `${people} people`,
    answers: { written: 'answered in writing', pinned: 'pinned', nothing: 'no answer seen' },
    listen: 'Listen',
    flagged: 'Banned words',
    flaggedHow:
      'Only what host and operators wrote, the title and names of goods were read (coupons carry no words); speech is not',
    flaggedNone: 'No banned word in what was written',
    flaggedWhere: { line: 'written', title: 'title', goods: 'goods' },
    flaggedWhy: { superlative: 'superlative · Ad Law §9', medical: 'medical claim · Ad Law §17' },
    cut: 'So much was said that only the first ten thousand lines were read',
    compare: 'Compared with her own shows',
    compareHow: 'Only with her own last shows, never with others',
    compareFew: (n: number): string =>
      n
        ? 'One show was held before this; one more and they can be compared'
        : 'The first show: after two more they can be compared',
    comparePeople: 'Most at once',
    compareOrders: 'Orders',
    comparePaid: 'Paid',
    same: 'as usual',
    above: (by: string) => `${by} above usual`,
    below: (by: string) => `${by} below usual`,
    usual: (value: string) => `usually ${value}`,
    thisOne: 'this one',
    printedAt: (when: string) => `printed ${when} · Yujia Live`
  }
})
