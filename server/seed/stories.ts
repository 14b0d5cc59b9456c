import type { GoodsClass, Unit } from '../../shared/contracts/catalogue.ts'
import type { ArtName } from './art.ts'
import type { DEMO_HOSTS } from './people.ts'

export type HostName = (typeof DEMO_HOSTS)[number]['id']

export interface DemoProduct {
  art: ArtName
  title: string
  about: string
  kind: 'goods' | 'voucher'
  /** Left out: fresh for goods, dining for vouchers. */
  goodsClass?: GoodsClass
  origin: string
  /** Days since the catch; undefined for what was not caught. */
  caughtDaysAgo?: number
  perishable: boolean
  specs: { name: string; unit: Unit; priceFen: number; stock: number }[]
}

export interface DemoShop {
  host: HostName
  name: string
  village: string
  story: string
  portrait: ArtName
  products: DemoProduct[]
}

const BAY = '青岛红岛 · 胶州湾'

/** Four women, four shops, twelve things to sell. Prices and stories are made up, and the village says so. */
export const SHOPS: DemoShop[] = [
  {
    host: 'haiyan',
    name: '海燕蛤蜊摊',
    village: '红岛',
    story: '我从小跟着婆婆赶海，红岛滩上哪一片蛤蜊肥，脚一踩就知道。现挖现播，吐好沙再发。',
    portrait: 'haiyan',
    products: [
      {
        art: 'clams',
        title: '红岛蛤蜊（吐好沙）',
        about: '今早退潮挖的，海水养着吐了六个钟头的沙。凉水下锅，开口就捞，不用放盐。冰袋加保温箱，当天发。',
        kind: 'goods',
        origin: BAY,
        caughtDaysAgo: 0,
        perishable: true,
        specs: [
          { name: '三斤装', unit: 'portion', priceFen: 3990, stock: 60 },
          { name: '五斤装', unit: 'portion', priceFen: 5990, stock: 40 }
        ]
      },
      {
        art: 'reefOysters',
        title: '滩边野海蛎子',
        about: '退潮时礁石上一个一个撬下来的，个头小，味道鲜。煎蛋、下面条都行。',
        kind: 'goods',
        origin: BAY,
        caughtDaysAgo: 0,
        perishable: true,
        specs: [{ name: '三斤装', unit: 'portion', priceFen: 4580, stock: 30 }]
      },
      {
        art: 'prawns',
        title: '胶州湾对虾',
        about: '家里的船昨晚打的，活着速冻，一只只分得开。白灼三分钟，头里的膏别扔。',
        kind: 'goods',
        origin: BAY,
        caughtDaysAgo: 1,
        perishable: true,
        specs: [{ name: '一斤（15 只上下）', unit: 'jin', priceFen: 7900, stock: 24 }]
      },
      {
        art: 'tideTrip',
        title: '跟海燕赶海半日（一位）',
        about: '大潮那几天都能来。水靴、桶和耙子都备好，挖到的带走，中午在我家喝碗蛤蜊汤。付款后约日子。',
        kind: 'voucher',
        goodsClass: 'tourism',
        origin: '红岛蛤蜊滩',
        perishable: false,
        specs: [
          { name: '大人', unit: 'portion', priceFen: 6800, stock: 40 },
          { name: '孩子（1.2 米以下）', unit: 'portion', priceFen: 3800, stock: 40 }
        ]
      }
    ]
  },
  {
    host: 'guilan',
    name: '桂兰海蛎子',
    village: '宿流',
    story: '海蛎子养了二十年，筏子从三排到三十排。什么时候肥，不看日历，看水温。',
    portrait: 'guilan',
    products: [
      {
        art: 'oysters',
        title: '带壳海蛎子',
        about: '从筏子上现拔的，个个带水。蒸八分钟，别多。想剥好的选“剥好的肉”，一斤肉要剥六斤壳。',
        kind: 'goods',
        origin: BAY,
        caughtDaysAgo: 0,
        perishable: true,
        specs: [
          { name: '带壳五斤', unit: 'portion', priceFen: 4980, stock: 50 },
          { name: '剥好的肉', unit: 'jin', priceFen: 3280, stock: 35 }
        ]
      },
      {
        art: 'mussels',
        title: '野生海虹',
        about: '礁石上长的，洗干净了毛。白水一煮，汤留着下面条。',
        kind: 'goods',
        origin: BAY,
        caughtDaysAgo: 0,
        perishable: true,
        specs: [{ name: '五斤装', unit: 'portion', priceFen: 2680, stock: 45 }]
      }
    ]
  },
  {
    host: 'xiumei',
    name: '秀梅渔家宴',
    village: '东大洋',
    story: '灶台是我婆婆传下来的。客人来了先看海，再上桌，吃的都是当天船上的。',
    portrait: 'xiumei',
    products: [
      {
        art: 'feast',
        title: '四人渔家宴（海鲜加主食）',
        about: '八道海味加一锅蛤蜊面：蒸蟹、白灼虾、辣炒蛤蜊、蒜蓉蛎子……到店前一天打电话，节假日也能用。',
        kind: 'voucher',
        origin: '东大洋村 18 号',
        perishable: false,
        specs: [{ name: '四人桌', unit: 'portion', priceFen: 29_800, stock: 20 }]
      },
      {
        art: 'crab',
        title: '梭子蟹（母，带膏）',
        about: '三两往上，绑好了再称，绳子不算钱。肚皮朝上蒸十五分钟。',
        kind: 'goods',
        origin: BAY,
        caughtDaysAgo: 0,
        perishable: true,
        specs: [
          { name: '一只', unit: 'piece', priceFen: 3600, stock: 30 },
          { name: '四只装', unit: 'portion', priceFen: 13_600, stock: 8 }
        ]
      },
      {
        art: 'fishBalls',
        title: '手打鲅鱼丸',
        about: '整条鲅鱼刮肉，只加姜水和一点盐，手打四百下。冷冻发，水开下锅，浮起来就好。',
        kind: 'goods',
        goodsClass: 'processed',
        origin: '秀梅家灶台',
        caughtDaysAgo: 2,
        perishable: true,
        specs: [{ name: '一斤袋', unit: 'jin', priceFen: 4200, stock: 40 }]
      }
    ]
  },
  {
    host: 'yuzhen',
    name: '玉珍晒场',
    village: '西大洋',
    story: '我家的晒场对着海，东南风一起就晒。海带、虾酱、鱼干，不急，太阳说了算。',
    portrait: 'yuzhen',
    products: [
      {
        art: 'kelp',
        title: '头水干海带',
        about: '春天头一茬，薄，一泡就软。炖排骨、凉拌都行，一包泡出五斤。',
        kind: 'goods',
        origin: '西大洋晒场',
        perishable: false,
        specs: [{ name: '半斤包', unit: 'portion', priceFen: 1680, stock: 120 }]
      },
      {
        art: 'shrimpPaste',
        title: '蜢子虾酱',
        about: '去年秋天的蜢子虾，晒了三个月，天天搅。蒸鸡蛋放一勺，就窝头。',
        kind: 'goods',
        goodsClass: 'processed',
        origin: '西大洋晒场',
        perishable: false,
        specs: [{ name: '一坛（一斤）', unit: 'portion', priceFen: 2480, stock: 66 }]
      },
      {
        art: 'driedFish',
        title: '甜晒鲅鱼干',
        about: '没放多少盐，晒到七成干。切块上锅蒸，配稀饭。',
        kind: 'goods',
        origin: '西大洋晒场',
        caughtDaysAgo: 5,
        perishable: false,
        specs: [{ name: '一条（一斤上下）', unit: 'piece', priceFen: 3880, stock: 40 }]
      }
    ]
  }
]

/** The show that is on air from the first minute, told again and again; its shelf has all that its film shows. */
export const MORNING = {
  host: 'haiyan',
  title: '今早头一潮：蛤蜊、海蛎子现挖现卖',
  cover: 'morningTide',
  acts: [
    {
      art: 'clams',
      lines: [
        ['haiyan', '姐妹们早，今早大潮，蛤蜊个个张着嘴'],
        [1, '蛤蜊有沙吗？'],
        ['haiyan', '海水养着吐了六个钟头，放心，牙碜了找我'],
        [4, '猫也想吃'],
        [2, '三斤够几个人吃？'],
        ['haiyan', '三斤一大盆，四口人正好']
      ]
    },
    {
      art: 'reefOysters',
      lines: [
        ['haiyan', '再看海蛎子，礁石上现撬的，个小肉甜'],
        [6, '怎么做好吃？'],
        ['haiyan', '煎蛋最香，下锅两分钟就好'],
        [8, '带壳的吗'],
        ['haiyan', '带壳，蒸开口就能吃'],
        [5, '上回买的挺肥']
      ]
    },
    {
      art: 'prawns',
      lines: [
        ['haiyan', '对虾是自家船昨晚打的，一只一只冻的'],
        [3, '一斤有多少只？'],
        ['haiyan', '十五只上下，白灼三分钟，别煮老了'],
        [0, '头里有膏吗']
      ]
    },
    {
      art: 'tideTrip',
      lines: [
        ['haiyan', '想自己挖的，来跟我赶海，桶和耙子都有'],
        [7, '带孩子去行吗？'],
        ['haiyan', '行，孩子的水靴我这儿也有'],
        [9, '周末大潮是几点'],
        ['haiyan', '下了单我打电话跟您约，看潮水定'],
        [3, '海燕声音真敞亮']
      ]
    }
  ] satisfies { art: ArtName; lines: [who: HostName | number, text: string][] }[]
} as const

export const EVENING = {
  host: 'guilan',
  title: '晚潮上筏子，看海蛎子怎么长',
  cover: 'oysterNight',
  arts: ['oysters', 'mussels']
} as const

export const YESTERDAY = {
  host: 'xiumei',
  title: '渔家宴后厨：梭子蟹这样蒸',
  cover: 'familyFeast',
  arts: ['crab', 'feast', 'fishBalls'],
  hoursAgo: 14,
  /** Some six minutes: enough to talk over. */
  rounds: 24
} as const
