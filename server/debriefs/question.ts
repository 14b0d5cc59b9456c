import type { AskedAbout, DebriefQuestion } from '../../shared/contracts/debriefs.ts'

/** 人家问了什么: lines that ask, gathered by what they are about, with what followed in writing. */

/** Something should be said or shown within so long. */
export const ANSWER_WITHIN_MS = 2 * 60_000

const ASKS =
  /[?？]|怎么|咋|多少|多久|多大|几[天只个斤点块号钟人]|什么|啥|哪[里儿个天]?|吗|有没有|是不是|能不能|可不可以|行不行|要不要|为什么|呢$/
/** “怎么这么好” asks nothing. */
const EXCLAIMS = /怎么[这那]么|多少年|没什么|什么都/

const ABOUT: readonly [AskedAbout, RegExp][] = [
  ['visit', /周末|孩子|带娃|停车|地址在|怎么去|怎么走|住|民宿|预约|几点|包间|大潮/],
  ['parcel', /发货|发到|快递|包邮|邮费|运费|顺丰|几天[能可]?到|多久[能可]?到|到货|寄/],
  ['coupon', /券|优惠|打折|便宜点|满减|赠|送什么/],
  ['price', /多少钱|几块|价格|价钱|怎么卖|一斤多少(?![只个])|贵(?!姓)/],
  ['cooking', /怎么[做吃煮蒸炒烤]|咋[做吃煮蒸]|做法|煮多久|蒸多久|蒸几|煮几|几分钟|好吃/],
  ['fresh', /新鲜|活的|沙|臭|腥|保存|放多久|放几天|能放|坏|冷冻|冻的|过期|捞的|膏/],
  ['size', /多大|几只|多少只|几个|多少个|几斤|几个人|几口|够.*吃|带壳|个头/]
]

export const isQuestion = (text: string) => ASKS.test(text.trim()) && !EXCLAIMS.test(text)

export const aboutOf = (text: string): AskedAbout =>
  ABOUT.find(([, words]) => words.test(text))?.[0] ?? 'other'

/** A line of the room. `staff`: of the host or who helps her. */
export interface Said {
  at: number
  actorId: string
  staff: boolean
  text: string
}

export type Asked = Said & { about: AskedAbout; answer: DebriefQuestion['answer'] }

/**
 * Every question of a buyer with what followed it in time. One line of hers answers what was asked before it; so does a
 * pin, which shows the goods. What she says aloud nobody here can hear.
 */
export function questionsIn(lines: readonly Said[], pinnedAt: readonly number[]): Asked[] {
  const written = lines.filter(({ staff }) => staff).map(({ at }) => at)
  const follows = (moments: readonly number[], at: number) =>
    moments.some((moment) => moment >= at && moment <= at + ANSWER_WITHIN_MS)
  return lines
    .filter(({ staff, text }) => !staff && isQuestion(text))
    .map((line) => ({
      ...line,
      about: aboutOf(line.text),
      answer: follows(written, line.at) ? 'written' : follows(pinnedAt, line.at) ? 'pinned' : 'nothing'
    }))
}

export interface Gathered {
  about: AskedAbout
  answer: DebriefQuestion['answer']
  asked: Asked[]
  people: number
}

/** The same thing asked again is one question; what nobody answered stands apart. Most people first. */
export function gathered(questions: readonly Asked[]): Gathered[] {
  const groups = Map.groupBy(questions, ({ about, answer, text }) =>
    [answer === 'nothing', about, about === 'other' ? bare(text) : ''].join(' ')
  )
  return [...groups.values()]
    .map((asked) => ({
      about: asked[0]!.about,
      answer: asked.some(({ answer }) => answer === 'written') ? ('written' as const) : asked[0]!.answer,
      asked,
      people: new Set(asked.map(({ actorId }) => actorId)).size
    }))
    .toSorted(
      (a, b) =>
        Number(b.answer === 'nothing') - Number(a.answer === 'nothing') ||
        b.people - a.people ||
        b.asked.length - a.asked.length ||
        a.asked[0]!.at - b.asked[0]!.at
    )
}

const bare = (text: string) => text.replace(/[\s\p{P}\p{S}吗呢啊呀吧的了么]/gu, '')
