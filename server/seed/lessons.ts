import type { Topic } from '../../shared/contracts/school.ts'
import type { ArtName } from './art.ts'

/** A page of a lesson: words, a drawing, or the demo's film. */
export type DemoBlock = { text: string } | { art: ArtName; caption: string } | { film: string }

export interface DemoCourse {
  id: string
  topic: Topic
  title: string
  about: string
  art: ArtName
  practical: boolean
  makesHost: boolean
  validMonths: number
  lessons: { title: string; blocks: DemoBlock[] }[]
  questions: { ask: string; art?: ArtName; options: string[]; right: number; why: string }[]
  rubric: { id: string; name: string; how: string; max: number }[]
}

const SELLING_RUBRIC = [
  { id: 'picture', name: '画面', how: '手机竖着、稳，货看得清', max: 20 },
  { id: 'voice', name: '声音', how: '听得清，不急', max: 20 },
  { id: 'goods', name: '讲货', how: '哪儿来的、多大、怎么吃', max: 30 },
  { id: 'price', name: '报价', how: '价钱说两遍，跟牌子一样', max: 20 },
  { id: 'honest', name: '实在', how: '不说“最好”“第一”，不足也说', max: 10 }
]

/** The five courses of the demo village's school. The words are ours; a real union writes its own. */
export const COURSES: DemoCourse[] = [
  {
    id: 'course-live',
    topic: 'live_selling',
    title: '直播带货：第一场怎么开',
    about: '手机架在哪儿、光从哪边来、头三句话说什么。学完彩排一场，老师看过就能拿证开播。',
    art: 'morningTide',
    practical: true,
    makesHost: true,
    validMonths: 24,
    lessons: [
      {
        title: '手机架在哪儿',
        blocks: [
          { text: '手机竖着放，跟眼睛一样高。太低照下巴，太高照头顶。' },
          { film: '（演示）看画面里货摆在哪儿：离手机一臂远，正好满一半画面。' },
          { text: '没有架子，用水桶倒扣、垫一块砖也行。要紧的是稳。' }
        ]
      },
      {
        title: '光从哪边来',
        blocks: [
          { text: '脸和货都朝着光。背后是窗、是海面，人就黑了。' },
          { art: 'clams', caption: '光从左前方来，壳上的花纹才看得见。' },
          { text: '中午太阳太毒，撑把伞；傍晚开一盏白灯。' }
        ]
      },
      {
        title: '头三句话',
        blocks: [
          { text: '第一句：我是谁，在哪儿。第二句：今天卖什么，几点捞的。第三句：关注我，领张券。' },
          { text: '卡住了不要紧，把货拿起来，看见什么说什么。' }
        ]
      },
      {
        title: '报价钱，说两遍',
        blocks: [
          { text: '价钱说两遍，一斤几个、一份几斤也要说。牌子上的价和嘴里的价必须一样。' },
          { art: 'prawns', caption: '拿一只放在手心，大小一看就明白。' },
          { text: '不许说“全国最好”“第一鲜”“国家级”，这是广告法不让的。说“今早五点捞的”比什么都强。' }
        ]
      }
    ],
    questions: [
      {
        ask: '手机应该放多高？',
        options: ['跟眼睛一样高', '放在地上', '越高越好'],
        right: 0,
        why: '跟眼睛一样高，脸和货都自然。'
      },
      {
        ask: '光应该从哪边来？',
        art: 'clams',
        options: ['从背后', '从前面或侧前面', '没关系'],
        right: 1,
        why: '背后有光，人和货都会发黑。'
      },
      {
        ask: '下面哪句话能说？',
        options: ['全国最好的蛤蜊', '今早五点刚挖的蛤蜊', '第一鲜，治百病'],
        right: 1,
        why: '“最好”“第一”和治病都不让说，实话最好。'
      },
      {
        ask: '信号断了怎么办？',
        options: ['关掉重新开一场', '等一等，手机会自己接上', '换个账号'],
        right: 1,
        why: '同一场会自己接上，观众看到“马上回来”。'
      }
    ],
    rubric: SELLING_RUBRIC
  },
  {
    id: 'course-safety',
    topic: 'food_safety',
    title: '食品安全：开播以前必须学',
    about: '哪些货不用证、哪些要备案、哪些要许可；冷链怎么放；坏了怎么办。第一次播吃的以前必须学完。',
    art: 'reefOysters',
    practical: false,
    makesHost: false,
    validMonths: 12,
    lessons: [
      {
        title: '哪些货要证',
        blocks: [
          { text: '刚捞上来的蛤蜊、海蛎子、虾、海带，是初级农产品，卖它不用食品许可。' },
          { art: 'fishBalls', caption: '鱼丸、虾酱是加工食品，要有食品经营许可证。' },
          { text: '买来的成包的货要备案；做熟了端上桌的要餐饮许可。' }
        ]
      },
      {
        title: '健康证和别的证件',
        blocks: [
          { text: '碰吃的就要有健康证，一年一换。证件半年要给工会再看一次，快到期手机会提醒。' },
          { text: '卖别人家的货，要有她写的授权书，还要在画面里说清楚：谁在带货，带谁的货。' }
        ]
      },
      {
        title: '冰、箱、时间',
        blocks: [
          { text: '活的：湿海绵、透气袋，别泡淡水。冻的：零下十八度，路上不超过两天。' },
          { art: 'oysters', caption: '海蛎子凸面朝下，汁水不流。' }
        ]
      }
    ],
    questions: [
      {
        ask: '卖鱼丸要什么证？',
        art: 'fishBalls',
        options: ['不用', '食品经营许可证', '身份证就行'],
        right: 1,
        why: '鱼丸是加工食品，不是刚捞上来的。'
      },
      {
        ask: '健康证多久换一次？',
        options: ['一年', '五年', '不用换'],
        right: 0,
        why: '健康证一年一换。'
      },
      {
        ask: '活蛤蜊路上怎么放？',
        art: 'clams',
        options: ['泡自来水', '透气袋加冰袋', '塑料袋扎紧'],
        right: 1,
        why: '淡水会呛死它，扎紧会闷死它。'
      }
    ],
    rubric: []
  },
  {
    id: 'course-video',
    topic: 'short_video',
    title: '短视频：三十秒讲一件事',
    about: '赶海、开蚝、吐沙，三个镜头一条片子。作业交一条三十秒的。',
    art: 'oysterNight',
    practical: false,
    makesHost: false,
    validMonths: 0,
    lessons: [
      {
        title: '三个镜头',
        blocks: [
          { text: '远的一个：在哪儿。近的一个：手在做什么。脸一个：说一句话。每个十秒。' },
          { art: 'driedFish', caption: '近的镜头，只拍手和货。' }
        ]
      },
      {
        title: '先想好最后一句',
        blocks: [{ text: '最后一句让人记得住：“想吃就来红岛。”先想好它，再拍前面的。' }]
      }
    ],
    questions: [
      {
        ask: '一条片子三个镜头，一个多长？',
        options: ['十秒左右', '一分钟', '越长越好'],
        right: 0,
        why: '三个十秒，正好三十秒。'
      }
    ],
    rubric: []
  },
  {
    id: 'course-tourism',
    topic: 'tourism',
    title: '海鲜＋旅游：带人去赶海',
    about: '看潮汐表、定人数、讲安全，把赶海体验卖成券。',
    art: 'tideTrip',
    practical: false,
    makesHost: false,
    validMonths: 24,
    lessons: [
      {
        title: '看潮汐表',
        blocks: [
          { text: '退潮前一个半小时下滩，涨潮前半小时上来。大风、大雾不下滩。' },
          { art: 'tideTrip', caption: '一人一桶一耙，孩子跟着大人。' }
        ]
      }
    ],
    questions: [
      {
        ask: '什么时候必须上岸？',
        options: ['天黑以后', '涨潮前半小时', '桶满了再说'],
        right: 1,
        why: '水比人走得快。'
      }
    ],
    rubric: []
  },
  {
    id: 'course-dining',
    topic: 'dining',
    title: '海鲜＋餐饮：把灶台播出去',
    about: '渔家宴、开渔饭，怎么定价、怎么核销、怎么让人从屏幕走到桌前。',
    art: 'familyFeast',
    practical: false,
    makesHost: false,
    validMonths: 24,
    lessons: [
      {
        title: '一桌菜怎么定价',
        blocks: [
          { text: '先算料钱、工钱、煤气，再加一成。券上写清楚几个人、几道菜、到哪天。' },
          { art: 'feast', caption: '八个人一桌，菜名写全。' }
        ]
      }
    ],
    questions: [
      {
        ask: '餐券上必须写什么？',
        art: 'feast',
        options: ['几个人、几道菜、到哪天', '只写价钱', '什么都不写'],
        right: 0,
        why: '写清楚，来了才不吵。'
      }
    ],
    rubric: []
  }
]

/** The villages of Hongdao whose women the demo's union gathers. */
export const BRANCHES = ['宿流', '高家', '晓阳', '沟角', '后阳', '邵哥庄', '东大洋', '西大洋'] as const

const FAMILY = '王李张刘陈杨赵孙周徐胡朱高林何郭马罗宋郑'
const GIVEN = [
  '秀兰',
  '桂英',
  '淑珍',
  '玉梅',
  '海霞',
  '爱华',
  '美荣',
  '春燕',
  '丽华',
  '凤英',
  '秋菊',
  '小红',
  '金花',
  '翠萍',
  '素云',
  '瑞芳',
  '月娥',
  '雪梅',
  '巧云',
  '桂香'
] as const

/** The name of the n-th woman of the demo's register; all of them are made up. */
export const womanNamed = (n: number) =>
  `${FAMILY[(n * 7) % FAMILY.length]}${GIVEN[(n + Math.floor(n / GIVEN.length)) % GIVEN.length]}`
