import { describe, expect, it } from 'vitest'
import { flashOf, TYPED_FLASH } from './flash-draft.ts'

const typed = { ...TYPED_FLASH, specId: 'clams-3', yuan: '9.9' }

describe('a flash sale as it is typed', () => {
  it('is in fen and milliseconds', () => {
    expect(flashOf(typed)).toEqual({
      specId: 'clams-3',
      priceFen: 990,
      total: 20,
      perMember: 2,
      waitMs: 0,
      lifeMs: 300_000
    })
  })

  it.each([
    ['no price', { yuan: '' }],
    ['a price of nothing', { yuan: '0' }],
    ['half a portion', { total: '2.5' }],
    ['more each than in all', { total: '1' }],
    ['no time', { minutes: '0' }],
    ['a day', { minutes: '1440' }],
    ['a week ahead', { wait: '9999' }],
    ['nothing chosen', { specId: '' }]
  ])('is not one with %s', (_what, wrong) => {
    expect(flashOf({ ...typed, ...wrong })).toBeUndefined()
  })
})
