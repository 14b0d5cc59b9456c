import { describe, expect, it } from 'vitest'
import { clipAround, filmMsOf, marksOf, questionsOf, storyOf, type Facts } from './debrief.ts'
import { cardsOf, IDLE_MS, LEFT_PEOPLE, praisesOf, UNPAID_ORDERS } from './card.ts'
import phrases from './phrases.json' with { type: 'json' }
import { flaggedIn } from './phrase.ts'
import { aboutOf, ANSWER_WITHIN_MS, gathered, isQuestion, questionsIn, type Said } from './question.ts'

const MINUTE = 60_000
const OPENED = 1_000_000_000
const at = (minutes: number) => OPENED + minutes * MINUTE

const buyer = (minutes: number, text: string, actorId = 'li'): Said => ({
  at: at(minutes),
  actorId,
  staff: false,
  text
})
const host = (minutes: number, text: string): Said => ({
  at: at(minutes),
  actorId: 'haiyan',
  staff: true,
  text
})
const pinned = (minutes: number, productId: string) => ({
  at: at(minutes),
  type: 'product_pinned',
  body: { productId }
})
const counted = (...viewers: number[]) => viewers.map((count, minute) => ({ minute, viewers: count }))

/** Twenty minutes of clams, all of it filmed. */
const show = (more: Partial<Facts> = {}): Facts => ({
  kind: 'public',
  title: '今早头一潮',
  openedAt: OPENED,
  endedAt: at(20),
  peakViewers: 0,
  film: [{ filmedAt: OPENED, fromMs: 0, durationMs: 20 * MINUTE }],
  viewers: [],
  happened: [pinned(0, 'clams')],
  lines: [],
  goods: [{ productId: 'clams', title: '红岛蛤蜊' }],
  orders: [],
  ...more
})
const story = (more: Partial<Facts> = {}) => storyOf(show(more), phrases)
const rules = (more: Partial<Facts>) => cardsOf(story(more)).map(({ rule }) => rule)

describe('a moment of a show', () => {
  const film = [
    { filmedAt: OPENED, fromMs: 0, durationMs: 2 * MINUTE },
    { filmedAt: at(5), fromMs: 2 * MINUTE, durationMs: 3 * MINUTE }
  ]
  it.each([
    ['at the first frame', at(0), 0],
    ['a breath before it', at(0) - 400, 0],
    ['before anything was filmed', at(-1), -1],
    ['in the first piece', at(1), MINUTE],
    ['while the picture was lost', at(4), 2 * MINUTE],
    ['after the picture came back', at(6), 3 * MINUTE],
    ['long after the last frame', at(9), -1]
  ])('%s is found in the recording', (_when, moment, filmMs) => {
    expect(filmMsOf(moment, film)).toBe(filmMs)
  })
  it('is shown with what led to it, for ten seconds', () => {
    expect(clipAround(at(1), film)).toEqual({ fromMs: MINUTE - 3_000, toMs: MINUTE + 7_000 })
  })
  it('at either end is shown for ten seconds all the same', () => {
    expect(clipAround(at(0), film)).toEqual({ fromMs: 0, toMs: 10_000 })
    expect(clipAround(at(8), film)).toEqual({ fromMs: 5 * MINUTE - 10_000, toMs: 5 * MINUTE })
  })
  it('of a show that nobody filmed has no clip', () => {
    expect(clipAround(at(1), [])).toEqual({ fromMs: 0, toMs: 0 })
  })
})

describe('what people ask', () => {
  it.each(['蛤蜊有沙吗', '三斤够几个人吃？', '怎么做好吃', '多少钱一斤', '周末大潮是几点', '几天能到'])(
    '“%s” is a question',
    (text) => expect(isQuestion(text)).toBe(true)
  )
  it.each(['猫也想吃', '怎么这么鲜', '上回买的挺肥', '海燕声音真敞亮'])('“%s” is none', (text) =>
    expect(isQuestion(text)).toBe(false)
  )
  it.each([
    ['几天能到', 'parcel'],
    ['多少钱一斤', 'price'],
    ['煮多久', 'cooking'],
    ['有沙吗', 'fresh'],
    ['一斤有多少只', 'size'],
    ['一斤多少只', 'size'],
    ['有券吗', 'coupon'],
    ['带孩子去行吗', 'visit'],
    ['您贵姓？', 'other'],
    ['船叫什么名字', 'other']
  ])('“%s” is about %s', (text, about) => expect(aboutOf(text)).toBe(about))

  it('is answered by a line of hers in time, and not by one that comes a moment too late', () => {
    const question = buyer(1, '煮多久')
    const answered = (after: number) =>
      questionsIn([question, { ...host(0, '八分钟'), at: question.at + after }], [])[0]!.answer
    expect(answered(ANSWER_WITHIN_MS)).toBe('written')
    expect(answered(ANSWER_WITHIN_MS + 1)).toBe('nothing')
    expect(answered(-1)).toBe('nothing')
  })
  it('is answered by showing the goods', () => {
    expect(questionsIn([buyer(1, '有蛎子吗')], [at(2)])).toMatchObject([{ answer: 'pinned' }])
  })
  it('is not answered by another buyer', () => {
    expect(questionsIn([buyer(1, '煮多久'), buyer(1.5, '八分钟', 'wang')], [])).toMatchObject([
      { answer: 'nothing' }
    ])
  })
  it('is gathered with the same question of others, and what nobody answered comes first', () => {
    const asked = questionsIn(
      [
        buyer(1, '煮多久', 'li'),
        buyer(1, '怎么煮', 'wang'),
        buyer(1, '怎么煮啊', 'li'),
        buyer(10, '有沙吗', 'zhao'),
        buyer(18, '船叫什么名字？', 'li'),
        buyer(18, '船叫什么名字呢', 'wu'),
        host(10.5, '吐好沙了')
      ],
      []
    )
    expect(
      gathered(asked).map(({ about, people, answer, asked: all }) => [about, people, all.length, answer])
    ).toEqual([
      ['cooking', 2, 3, 'nothing'],
      ['other', 2, 2, 'nothing'],
      ['fresh', 1, 1, 'written']
    ])
  })
})

describe('words that may not stand there', () => {
  it.each([
    ['这是全网最低价', 'superlative', '最低价'],
    ['海蛎子补肾壮阳', 'medical', '壮阳'],
    ['不但治病还好吃', 'medical', '治病'],
    ['最好当天吃，这是最好的海蛎子', 'superlative', '最好'],
    ['最 便 宜', 'superlative', '最便宜']
  ])('“%s” has one', (text, why, phrase) => {
    expect(flaggedIn(text, phrases)).toContainEqual({ phrase, why })
  })
  it.each(['最好当天吃', '这可不能治病', '第一次来', '最后三份', '没有疗效，就是好吃', '没什么最好不最好'])(
    '“%s” has none',
    (text) => expect(flaggedIn(text, phrases)).toEqual([])
  )
  it('are looked for in what she wrote and in names, and not in what buyers write', () => {
    const words = story({
      lines: [buyer(1, '能壮阳吗'), host(3, '能壮阳')],
      title: '全网最低价蛤蜊',
      goods: [{ productId: 'clams', title: '极品蛤蜊' }],
      happened: [pinned(4, 'clams')]
    }).flagged
    expect(words.map(({ where, phrase, atMs }) => [where, phrase, atMs])).toEqual([
      ['line', '壮阳', 3 * MINUTE],
      ['title', '最低价', 0],
      ['goods', '极品', 4 * MINUTE]
    ])
  })
})

describe('the curve', () => {
  it('counts lines and orders in their minute; a minute that nobody counted says so', () => {
    const { minutes } = story({
      endedAt: at(2.5),
      viewers: [{ minute: 1, viewers: 7 }],
      lines: [buyer(0.99, '早'), buyer(1, '早'), buyer(3, '播完了？')],
      orders: [{ minute: 2, ordered: 3, paid: 2, paidFen: 7980, unpaid: 1 }]
    })
    expect(minutes.map(({ viewers, lines, orders, paidFen }) => [viewers, lines, orders, paidFen])).toEqual([
      [-1, 1, 0, 0],
      [7, 1, 0, 0],
      [-1, 0, 3, 7980]
    ])
  })
  it('opens the recording where a minute began, also behind a hole that nothing marks', () => {
    const film = [
      { filmedAt: OPENED, fromMs: 0, durationMs: 2 * MINUTE },
      { filmedAt: at(5), fromMs: 2 * MINUTE, durationMs: 3 * MINUTE }
    ]
    const { minutes } = story({ endedAt: at(10), film, happened: [pinned(0, 'clams')] })
    expect([0, 1, 3, 5, 7, 9].map((minute) => minutes[minute]!.filmMs)).toEqual([
      0,
      MINUTE,
      2 * MINUTE,
      2 * MINUTE,
      4 * MINUTE,
      -1
    ])
  })
  it('has its marks in order, each with its place in the film', () => {
    const marks = marksOf(
      story({
        happened: [
          pinned(0, 'clams'),
          { at: at(2), type: 'coupon_dropped', body: { coupon: { offFen: 500, thresholdFen: 3900 } } },
          { at: at(3), type: 'show_away', body: {} },
          { at: at(4), type: 'show_back', body: {} },
          { at: at(20) + 1, type: 'product_unpinned', body: {} }
        ],
        lines: [buyer(1, '煮多久')]
      })
    )
    expect(marks.map(({ kind, atMs, filmMs, text }) => [kind, atMs / MINUTE, filmMs / MINUTE, text])).toEqual(
      [
        ['pin', 0, 0, '红岛蛤蜊'],
        ['question', 1, 1, '煮多久'],
        ['coupon', 2, 2, ''],
        ['away', 3, 3, '']
      ]
    )
  })
  it('still calls goods by their name that have left the shelf', () => {
    const shelf = [{ productId: 'crab', title: '梭子蟹' }]
    const marks = marksOf(
      story({ happened: [{ at: at(0), type: 'shelf_changed', body: { shelf } }, pinned(1, 'crab')] })
    )
    expect(marks).toMatchObject([{ kind: 'pin', text: '梭子蟹' }])
  })
  it('shows a question that was asked before the film began without a place in it', () => {
    expect(questionsOf(story({ lines: [buyer(-2, '几点播？')] }))).toMatchObject([{ filmMs: -1 }])
  })
})

describe('a card', () => {
  it('is not drawn of a show that was over as it began', () => {
    const goods = ['clams', 'crab'].map((productId) => ({ productId, title: productId }))
    expect(rules({ endedAt: OPENED, goods })).toEqual([])
  })
  it('is not drawn of a show in which nothing was wrong', () => {
    expect(
      rules({ viewers: counted(...Array.from({ length: 20 }, () => 4)), lines: [host(1, '早')] })
    ).toEqual([])
  })
  it('asks for answers when two people had none, and is silent about one', () => {
    expect(rules({ lines: [buyer(5, '煮多久')] })).toEqual([])
    const [card] = cardsOf(story({ lines: [buyer(5, '煮多久'), buyer(6, '煮多久', 'wang')] }))
    expect(card).toMatchObject({ rule: 'unanswered', people: 2, topic: 'dining', at: at(5) })
  })
  it('is drawn of orders that nobody paid, from the third on, and only where they are many among all', () => {
    const orders = (unpaid: number, paid: number) => [
      { minute: 3, ordered: unpaid + paid, paid, paidFen: paid * 100, unpaid }
    ]
    expect(rules({ orders: orders(UNPAID_ORDERS - 1, 0) })).toEqual([])
    expect(rules({ orders: orders(UNPAID_ORDERS, 0) })).toEqual(['unpaid'])
    expect(rules({ orders: orders(UNPAID_ORDERS, 9) })).toEqual(['unpaid'])
    expect(rules({ orders: orders(UNPAID_ORDERS, 10) })).toEqual([])
  })
  it('is drawn where people left, but not of the end, nor of a lost picture', () => {
    const coupon = { at: at(0), type: 'coupon_dropped', body: { coupon: { offFen: 1, thresholdFen: 0 } } }
    const leaving = (minute: number, from: number, to: number) => ({
      viewers: counted(...Array.from({ length: 20 }, (_, i) => (i < minute ? from : to)))
    })
    const happened = [pinned(0, 'clams'), coupon]
    expect(rules({ happened, ...leaving(8, 12, 12 - LEFT_PEOPLE) })).toEqual(['left'])
    expect(rules({ happened, ...leaving(8, 12, 12 - LEFT_PEOPLE + 1) })).toEqual([])
    expect(rules({ happened, ...leaving(8, 40, 40 - LEFT_PEOPLE) })).toEqual([])
    expect(rules({ happened, ...leaving(19, 12, 0) })).toEqual([])
    const lost = { at: at(8), type: 'show_away', body: {} }
    const back = { at: at(9.5), type: 'show_back', body: {} }
    expect(rules({ happened: [...happened, lost, back], ...leaving(9, 12, 5) })).toEqual(['away'])
    const [card] = cardsOf(story({ happened, ...leaving(8, 12, 2) }))
    expect(card).toMatchObject({ people: 10, at: at(8), facts: { goods: '红岛蛤蜊', left: '10' } })
  })
  it('asks for a coupon when many are there, and says when it came too early', () => {
    const viewers = counted(2, 2, 4, 10, 10, 10, 10, 9, 9, 9)
    const dropped = (minutes: number) => ({
      viewers,
      endedAt: at(10),
      happened: [
        pinned(0, 'clams'),
        { at: at(minutes), type: 'coupon_dropped', body: { coupon: { offFen: 1, thresholdFen: 0 } } }
      ]
    })
    expect(cardsOf(story({ viewers, endedAt: at(10) }))).toMatchObject([
      { rule: 'coupon', people: 10, facts: { when: 'never', minute: '4' } }
    ])
    expect(cardsOf(story(dropped(1)))).toMatchObject([
      { rule: 'coupon', facts: { when: 'early', seen: '2' } }
    ])
    expect(rules(dropped(3))).toEqual([])
    expect(rules({ viewers: counted(2, 2, 4), endedAt: at(3) })).toEqual([])
  })
  it('is drawn of goods that were never shown, and of minutes in which nothing was', () => {
    const goods = [
      { productId: 'clams', title: '红岛蛤蜊' },
      { productId: 'crab', title: '梭子蟹' }
    ]
    expect(rules({ goods })).toEqual(['unpinned'])
    expect(rules({ goods, happened: [pinned(0, 'clams'), pinned(9, 'crab')] })).toEqual([])
    const late = (ms: number) => ({ happened: [{ ...pinned(0, 'clams'), at: OPENED + ms }] })
    expect(rules(late(IDLE_MS))).toEqual(['idle'])
    expect(rules(late(IDLE_MS - 1))).toEqual([])
  })
  it('is drawn of a picture that was lost twice, or for long', () => {
    const lost = (...aways: [number, number][]) => ({
      happened: [
        pinned(0, 'clams'),
        ...aways.flatMap(([from, to]) => [
          { at: at(from), type: 'show_away', body: {} },
          { at: at(to), type: 'show_back', body: {} }
        ])
      ]
    })
    expect(rules(lost([3, 3.5]))).toEqual([])
    expect(rules(lost([3, 4]))).toEqual(['away'])
    expect(rules(lost([3, 3.1], [5, 5.1]))).toEqual(['away'])
  })
  it('comes in the order of how many it concerned, three of them, and what the law says comes first', () => {
    const cards = cardsOf(
      story({
        title: '全网最低价',
        goods: [
          { productId: 'clams', title: '红岛蛤蜊' },
          { productId: 'crab', title: '梭子蟹' }
        ],
        viewers: counted(...Array.from({ length: 20 }, () => 12)),
        lines: [buyer(5, '煮多久'), buyer(6, '煮多久', 'wang')],
        orders: [{ minute: 3, ordered: 4, paid: 0, paidFen: 0, unpaid: 4 }]
      })
    )
    expect(cards.map(({ rule, people }) => [rule, people])).toEqual([
      ['flagged', 12],
      ['coupon', 12],
      ['unpinned', 6]
    ])
  })
  it('of a rehearsal never asks for coupons or orders', () => {
    const viewers = counted(...Array.from({ length: 20 }, () => 12))
    expect(rules({ kind: 'rehearsal', viewers })).toEqual([])
  })
})

describe('praise', () => {
  const mine = { paidFen: 9_000, peak: 5, ordered: 3, paid: 3 }
  it('is for her best against her own shows only, and only when there are some', () => {
    const before = [
      { paidFen: 8_000, peak: 9 },
      { paidFen: 100, peak: 9 }
    ]
    const says = (shows: typeof before, now = mine) =>
      praisesOf(story(), shows, now).map(({ praise }) => praise)
    expect(says(before)).toContain('record')
    expect(says(before.slice(1))).not.toContain('record')
    expect(says(before, { ...mine, paidFen: 8_000 })).not.toContain('record')
  })
  it('says what went well, and no more than three things', () => {
    const goods = [
      { productId: 'clams', title: '红岛蛤蜊' },
      { productId: 'crab', title: '梭子蟹' }
    ]
    const praises = praisesOf(
      story({
        goods,
        happened: [pinned(0, 'clams'), pinned(9, 'crab')],
        lines: Array.from({ length: 3 }, (_, i) => [buyer(i, '有沙吗'), host(i + 0.5, '没有')]).flat(),
        orders: [{ minute: 2, ordered: 3, paid: 3, paidFen: 9_000, unpaid: 0 }]
      }),
      [],
      mine
    )
    expect(praises.map(({ praise, facts }) => [praise, facts['goods'] ?? facts['count']])).toEqual([
      ['best_minute', '红岛蛤蜊'],
      ['answered', '3'],
      ['all_paid', '3']
    ])
  })
  it('is not made up', () => {
    expect(praisesOf(story(), [], { ...mine, ordered: 0, paid: 0 })).toEqual([])
  })
})
