import type { Role } from '../../shared/contract.ts'
import type { Papers } from './papers.ts'

/** Somebody of the demo village; she signs in with this phone and a code from /dev/inbox. */
export interface DemoPerson {
  id: string
  phone: string
  name: string
  roles: readonly Role[]
  /** What she is there to show. */
  about: string
}

const host = <const I extends string>(
  id: I,
  phone: string,
  name: string,
  about: string
): DemoPerson & { id: I } => ({
  id,
  phone,
  name,
  roles: ['buyer', 'host'],
  about
})
const staff = (id: string, phone: string, name: string, role: Role, about: string): DemoPerson => ({
  id,
  phone,
  name,
  roles: ['buyer', role],
  about
})
const buyer = (n: number, name: string): DemoPerson => ({
  id: `buyer-${n}`,
  phone: String(13_800_000_100 + n),
  name,
  roles: ['buyer'],
  about: '买家'
})

export const DEMO_HOSTS = [
  host('haiyan', '13800000001', '海燕', '蛤蜊滩的摊主，开播就在滩上'),
  host('guilan', '13800000002', '桂兰', '海蛎子养了二十年'),
  host('xiumei', '13800000003', '秀梅', '渔家宴的灶台是她的'),
  host('yuzhen', '13800000004', '玉珍', '晒虾皮、海带，也收干货')
] as const satisfies readonly DemoPerson[]

/** She has no certificate yet: she may go live only while 海燕, her mentor, is at the desk. */
export const DEMO_LEARNER = host(
  'caixia',
  '13800000005',
  '彩霞',
  '海燕的徒弟，还没拿证：师傅在场控台才能开播'
)

/**
 * What each of them has besides the certificates of live selling and food safety, which they earn in the school's
 * history; 桂兰 has what fresh goods ask for and nothing more.
 */
export const HOSTS_PAPERS: Record<string, Pick<Papers, 'bornOn' | 'topics' | 'documents'>> = {
  haiyan: { bornOn: '1974-04-12', topics: ['tourism'], documents: ['health'] },
  guilan: { bornOn: '1969-09-03', topics: [], documents: ['health'] },
  xiumei: {
    bornOn: '1972-01-27',
    topics: ['dining'],
    documents: ['health', 'food_licence']
  },
  yuzhen: {
    bornOn: '1966-11-19',
    topics: ['dining'],
    documents: ['health', 'food_licence']
  },
  caixia: { bornOn: '1976-06-30', topics: [], documents: ['health'] }
}

export const DEMO_STAFF = [
  staff('operator', '13800000011', '小林', 'operator', '运营：帮主播上架、发券、看订单'),
  staff('trainer', '13800000021', '老陈', 'trainer', '讲师：工会的课由他来讲'),
  staff('officer', '13800000031', '工会王主任', 'officer', '工会干部：成员、权限、停用')
] as const satisfies readonly DemoPerson[]

export const DEMO_BUYERS: readonly DemoPerson[] = [
  '青岛的老李',
  '城阳小周',
  '潮汐',
  '爱吃海鲜的猫',
  '北京的王姐',
  '阿敏',
  '赶海去',
  '胶州湾的风',
  '小满',
  '三姨'
].map((name, i) => buyer(i + 1, name))

export const DEMO_PEOPLE: readonly DemoPerson[] = [...DEMO_HOSTS, DEMO_LEARNER, ...DEMO_STAFF, ...DEMO_BUYERS]
