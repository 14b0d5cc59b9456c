import { beforeAll, describe, expect, it } from 'vitest'
import type { Act } from './book.ts'
import { decide, todayOf, verdictOf, type Bundle } from './decide.ts'
import { aBundle, aTry, aVoucher, HOUR_MS, NOW, signer } from './testing.ts'
import { read } from './tickets.ts'

let village: Awaited<ReturnType<typeof signer>>
let stranger: Awaited<ReturnType<typeof signer>>
beforeAll(async () => {
  ;[village, stranger] = await Promise.all([signer(), signer()])
})

const feast = aVoucher(1)
const act = (more: Partial<Act> = {}): Act => ({
  id: 'act-one-here',
  text: feast.code,
  voucher: feast,
  at: NOW - 60_000,
  aheadMs: 0,
  state: 'waiting',
  ...more
})
const says = async (text: string, more: Partial<Bundle> = {}, book: Act[] = [], now = NOW) => {
  const bundle = aBundle(village.key, [feast, aVoucher(2)], more)
  return decide(await read(text, bundle.key), bundle, book, now)
}

describe('a phone without a network', () => {
  it('lets in who has a code on its list, by the QR or by six digits however they are said', async () => {
    for (const text of [await village.qr(feast), feast.code, '482 901', '４８２-９０１']) {
      expect(await says(text), text).toMatchObject({
        word: 'good',
        offline: true,
        voucher: { id: 'feast-1' }
      })
    }
  })

  it('knows a code that the village did not write, and one that was changed', async () => {
    expect(await says(await stranger.qr(feast))).toMatchObject({ word: 'forged' })
    const longer = (await village.qr(feast)).replace(
      feast.expiresAt.toString(36),
      (feast.expiresAt + HOUR_MS).toString(36)
    )
    expect(await says(longer)).toMatchObject({ word: 'forged' })
  })

  it('sends on who has a voucher of another shop', async () => {
    expect(await says(await village.qr(feast, 'haiyan'))).toMatchObject({ word: 'other_shop' })
  })

  it('finds nothing in any other picture, nor in digits that nobody has', async () => {
    for (const text of ['https://pay.example/42', '000000', '4829', '']) {
      expect(await says(text), text).toMatchObject({ word: 'unknown' })
    }
  })

  it('refuses what it has redeemed, says when, and not what was taken back', async () => {
    const before = await says(await village.qr(feast), {}, [act()])
    expect(before).toMatchObject({ word: 'used', first: { at: NOW - 60_000, sameGate: true } })
    expect([before.actId, before.undoUntil]).toEqual(['act-one-here', NOW + 4 * 60_000])
    expect(await says(feast.code, {}, [act()])).toMatchObject({ word: 'used' })
    expect(await says(feast.code, {}, [act({ undone: { at: NOW, words: '点错了' } })])).toMatchObject({
      word: 'good'
    })
  })

  it('lets in until the last moment and no longer', async () => {
    expect(await says(feast.code, {}, [], feast.expiresAt)).toMatchObject({ word: 'good' })
    expect(await says(feast.code, {}, [], feast.expiresAt + 1)).toMatchObject({ word: 'expired' })
  })

  it('believes the village’s signature for what was bought after the list came, and not for what the list lacks', async () => {
    const late = aVoucher(9, { issuedAt: NOW + HOUR_MS })
    expect(await says(await village.qr(late))).toMatchObject({
      word: 'good',
      because: 'newer_than_list',
      voucher: { title: '四人渔家宴', code: '' }
    })
    const gone = aVoucher(8)
    expect(await says(await village.qr(gone))).toMatchObject({ word: 'used', because: 'not_on_list' })
    expect(await says(await village.qr(gone), { whole: false })).toMatchObject({ word: 'unsure' })
    expect(await says(late.code)).toMatchObject({ word: 'unknown' })
  })

  it('says nothing of a signature that its browser can’t check', async () => {
    const bundle = aBundle(village.key, [feast])
    const seen = await read(await village.qr(feast), bundle.key, null)
    expect(decide(seen, bundle, [], NOW)).toMatchObject({ word: 'unsure', because: 'no_key' })
  })
})

it('the village’s answer becomes one word', () => {
  const word = (more: Parameters<typeof aTry>[1]) => verdictOf(aTry('some-act', more)).word
  expect(word({})).toBe('good')
  expect(word({ outcome: 'conflict', reason: 'redeemed' })).toBe('used')
  expect(word({ outcome: 'refused', reason: 'other_shop' })).toBe('other_shop')
  expect(word({ outcome: 'refused', reason: 'clock' })).toBe('unsure')
  expect(verdictOf(aTry('some-act', { outcome: 'conflict', reason: 'redeemed' })).actId).toBe('')
})

it('counts today’s guests: those of the list, and those whom only this phone knows', () => {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10)
  const bundle = aBundle(village.key, [], { today: 3 })
  const book = [
    act(),
    act({ state: 'told', heardAt: NOW - 1 }),
    act({ state: 'told', heardAt: NOW + 1 }),
    act({ state: 'conflict' }),
    act({ undone: { at: NOW, words: '点错了' } })
  ]
  expect(todayOf(bundle, book, NOW, day)).toBe(5)
  expect(todayOf(bundle, book, NOW + 24 * HOUR_MS, day)).toBe(0)
})
