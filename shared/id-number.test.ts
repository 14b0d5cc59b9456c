import { describe, expect, it } from 'vitest'
import { bornOn, isIdNumber, sexOf } from './id-number.ts'

describe('an ID number', () => {
  it('is right when its last sign fits the others', () => {
    // The example of the standard itself, and its X.
    expect(isIdNumber('11010519491231002X')).toBe(true)
    expect(isIdNumber('11010519491231002x')).toBe(true)
    expect(isIdNumber('440524188001010014')).toBe(true)
  })

  it('is wrong with one digit mistyped, or two of them swapped', () => {
    expect(isIdNumber('11010519491231003X')).toBe(false)
    expect(isIdNumber('110105194912310021')).toBe(false)
    expect(isIdNumber('11010519491321002X')).toBe(false)
    expect(isIdNumber('1101051949123100')).toBe(false)
    expect(isIdNumber('')).toBe(false)
  })

  it('is wrong of a woman who was born on the 30th of February, whatever its last sign', () => {
    const beginning = '37021119690230002'
    const ends = Array.from('0123456789X').filter((sign) => isIdNumber(beginning + sign))
    expect(ends).toEqual([])
  })

  it('says when she was born, and whether she is a woman', () => {
    expect(bornOn('11010519491231002X')).toBe('1949-12-31')
    expect(sexOf('11010519491231002X')).toBe('f')
    expect(sexOf('440524188001010014')).toBe('m')
  })
})
