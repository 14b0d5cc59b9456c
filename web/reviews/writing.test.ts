import { afterEach, describe, expect, it, vi } from 'vitest'
import { averageWords, barsOf, Writing } from './writing.svelte.ts'

describe('the stars of a product', () => {
  it('are said with one place, also where it is nothing', () => {
    expect([50, 47, 40, 9, 0].map(averageWords)).toEqual(['5.0', '4.7', '4.0', '0.9', '0.0'])
  })

  it('have bars as long as their share of the longest; few are seen, none is not', () => {
    expect(barsOf([0, 1, 50, 100, 1000])).toEqual([0, 2, 5, 10, 100])
    expect(barsOf([0, 0, 0, 0, 0])).toEqual([0, 0, 0, 0, 0])
  })
})

describe('a review while she writes it', () => {
  const asked: { url: string; body: unknown }[] = []
  const answers: (() => Response)[] = []
  vi.stubGlobal('fetch', async (url: string, { body }: { body: string }) => {
    asked.push({ url, body: JSON.parse(body) })
    return answers.shift()!()
  })
  afterEach(() => void (asked.length = answers.length = 0))
  const begun = () => new Writing('o1', { specId: 'clams', title: '红岛蛤蜊' })

  it('waits for stars and needs no words', async () => {
    const writing = begun()
    expect(writing.ready).toBe(false)
    expect(await writing.send()).toBeUndefined()
    expect(asked).toEqual([])
    writing.stars = 4
    expect(writing.ready).toBe(true)
    answers.push(() => Response.json({ review: { id: 'r1' } }))
    expect(await writing.send()).toEqual({ id: 'r1' })
    expect(asked).toEqual([
      { url: '/api/me/orders/o1/reviews', body: { specId: 'clams', stars: 4, words: '', fileIds: [] } }
    ])
  })

  it('is sent once, however often she taps', async () => {
    const writing = begun()
    writing.stars = 5
    answers.push(() => Response.json({ review: { id: 'r1' } }))
    const outcomes = await Promise.all([writing.send(), writing.send()])
    expect(outcomes).toEqual([{ id: 'r1' }, undefined])
    expect(asked).toHaveLength(1)
  })

  it('stays as it is when it could not be sent, to be sent again', async () => {
    const writing = begun()
    writing.stars = 2
    writing.words = ' 晚到了 '
    writing.fileIds = ['f1']
    const refusal = { code: 'reviews_full', message: '今天写的评价太多了，请明天再写' }
    answers.push(() => Response.json(refusal, { status: 429 }))
    await expect(writing.send()).rejects.toMatchObject({ code: 'reviews_full' })
    expect([writing.stars, writing.words, writing.fileIds, writing.ready]).toEqual([
      2,
      ' 晚到了 ',
      ['f1'],
      true
    ])
    answers.push(() => Response.json({ review: { id: 'r2' } }))
    await writing.send()
    expect(asked[1]!.body).toEqual({ specId: 'clams', stars: 2, words: '晚到了', fileIds: ['f1'] })
  })
})
