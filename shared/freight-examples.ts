import type { FreightDraft } from './contracts/freight.ts'

/**
 * Templates to begin with. Their prices are the demo’s own, made up so that they look like a village’s: they are no
 * carrier’s offer, and the page where a host takes them says so.
 */
export const FREIGHT_EXAMPLES = {
  /** Live and fresh goods in ice: cheap at home, dearer with every day on the road, not to where it takes four. */
  chilled: {
    name: '冷链',
    zones: [
      {
        provinces: ['山东'],
        firstGrams: 1500,
        firstFen: 800,
        moreGrams: 500,
        moreFen: 100,
        freeFromFen: 3900
      },
      {
        provinces: ['江苏', '浙江', '上海', '安徽', '北京', '天津', '河北', '河南'],
        firstGrams: 1500,
        firstFen: 1500,
        moreGrams: 500,
        moreFen: 200,
        freeFromFen: 19_900
      },
      {
        provinces: [],
        firstGrams: 1500,
        firstFen: 2500,
        moreGrams: 500,
        moreFen: 400,
        freeFromFen: 0
      }
    ],
    refused: ['新疆', '西藏', '青海', '海南', '香港', '澳门', '台湾'],
    chilledFen: 300,
    frozenFen: 600,
    cutoffMinute: 16 * 60
  },
  /** What needs no ice: everywhere by road. */
  ambient: {
    name: '普通快递',
    zones: [
      {
        provinces: ['山东'],
        firstGrams: 1000,
        firstFen: 400,
        moreGrams: 500,
        moreFen: 50,
        freeFromFen: 3900
      },
      {
        provinces: ['西藏', '新疆', '青海', '内蒙古', '海南'],
        firstGrams: 1000,
        firstFen: 1800,
        moreGrams: 500,
        moreFen: 600,
        freeFromFen: 0
      },
      {
        provinces: [],
        firstGrams: 1000,
        firstFen: 800,
        moreGrams: 500,
        moreFen: 150,
        freeFromFen: 9900
      }
    ],
    refused: ['香港', '澳门', '台湾'],
    chilledFen: 0,
    frozenFen: 0,
    cutoffMinute: 17 * 60
  }
} satisfies Record<string, FreightDraft>
