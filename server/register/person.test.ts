import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ageOn,
  isDay,
  maskedId,
  readDay,
  readEducation,
  readIdNumber,
  readName,
  readPhone
} from './person.ts'
import { numberOf } from './testing.ts'

const TODAY = '2026-11-22'
/** The example of the standard itself, and one that ends in X. */
const OF_THE_STANDARD = '11010519491231002X'
const read = (number: string) => readIdNumber(number, TODAY)

describe('an ID number', () => {
  it('says when she was born and that she is a woman', () => {
    expect(read(OF_THE_STANDARD)).toEqual({ number: OF_THE_STANDARD, bornOn: '1949-12-31', sex: 'f' })
    expect(read('440524188001010014')).toBeUndefined() // the standard’s other example: born in 1880
    expect(read(numberOf('37020219700101123'))).toMatchObject({ bornOn: '1970-01-01', sex: 'm' })
    expect(read(numberOf('37020219700101124'))).toMatchObject({ bornOn: '1970-01-01', sex: 'f' })
  })

  it('may be written with a small x, blanks, or the wide digits of a Chinese keyboard', () => {
    for (const written of [
      '11010519491231002x',
      ' 110105 19491231 002X ',
      '１１０１０５１９４９１２３１００２Ｘ'
    ])
      expect(read(written)?.number).toBe(OF_THE_STANDARD)
  })

  it('is refused with any one digit wrong, and with two neighbours the wrong way round', () => {
    for (let at = 0; at < 17; at++)
      for (const digit of '0123456789') {
        const wrong = OF_THE_STANDARD.slice(0, at) + digit + OF_THE_STANDARD.slice(at + 1)
        expect(read(wrong)?.number, wrong).toBe(wrong === OF_THE_STANDARD ? wrong : undefined)
      }
    const number = numberOf('37020219680912424')
    for (let at = 0; at < 16; at++) {
      const swapped = number.slice(0, at) + number[at + 1] + number[at] + number.slice(at + 2)
      expect(read(swapped)?.number, swapped).toBe(swapped === number ? number : undefined)
    }
  })

  it('is refused for a day that never was, or is still to come', () => {
    expect(read(numberOf('37020219700230124'))).toBeUndefined()
    expect(read(numberOf('37020219710229124'))).toBeUndefined()
    expect(read(numberOf('37020219720229124'))?.bornOn).toBe('1972-02-29')
    expect(read(numberOf('37020220261122124'))?.bornOn).toBe('2026-11-22')
    expect(read(numberOf('37020220261123124'))).toBeUndefined()
    expect(read(numberOf('37020218991231124'))).toBeUndefined()
  })

  it('is nothing else: too short, too long, an old one of fifteen digits, words', () => {
    for (const bad of ['', '1', '370202700101123', `${OF_THE_STANDARD}0`, 'x'.repeat(18), '0'.repeat(18)])
      expect(read(bad), bad).toBeUndefined()
    fc.assert(fc.property(fc.string(), (words) => words.length === 18 || read(words) === undefined))
  })

  it('is shown with its middle covered', () => {
    expect(maskedId('370202197001011234')).toBe('3702**********1234')
    expect(maskedId('')).toBe('')
  })
})

describe('a person', () => {
  it('is a year older on her birthday, not before', () => {
    expect(ageOn('2010-11-22', '2026-11-21')).toBe(15)
    expect(ageOn('2010-11-22', '2026-11-22')).toBe(16)
    expect(ageOn('2008-02-29', '2026-02-28')).toBe(17)
    expect(ageOn('2008-02-29', '2026-03-01')).toBe(18)
  })

  it('has days as people write them', () => {
    for (const written of [
      '2019-03-08',
      '2019/3/8',
      '2019.03.08',
      '2019年3月8日',
      '2019 年 3 月 8',
      '20190308'
    ])
      expect(readDay(written), written).toBe('2019-03-08')
    for (const written of ['2019年3月', '2019-03', '2019/3', '2019年3'])
      expect(readDay(written), written).toBe('2019-03-01')
    for (const written of ['', '2019', '2019-13-01', '2019-02-30', '8.3.2019', '去年', '43532'])
      expect(readDay(written), written).toBeUndefined()
    expect(isDay('2019-3-8')).toBe(false)
  })

  it('has a phone as people write it', () => {
    for (const written of [
      '13800000001',
      '138 0000 0001',
      '138-0000-0001',
      '+8613800000001',
      '86 13800000001',
      '１３８0000０００１'
    ])
      expect(readPhone(written), written).toBe('13800000001')
    for (const written of ['', '1380000000', '138000000011', '12800000001', '0532-88880000', '没有'])
      expect(readPhone(written), written).toBeUndefined()
  })

  it('has a name without the gaps of a table, and with those that belong to it', () => {
    expect(['李\u3000芳', ' 李 芳 ', '阿依古丽·买买提', 'Anna  Li', ''].map(readName)).toEqual([
      '李芳',
      '李芳',
      '阿依古丽·买买提',
      'Anna  Li',
      ''
    ])
  })

  it('went to school as a sheet says it', () => {
    expect(['小学', '初中', '高中', '中专', '大专', '本科', '研究生', ''].map(readEducation)).toEqual([
      'primary',
      'junior',
      'senior',
      'senior',
      'college',
      'college',
      'college',
      ''
    ])
    expect(readEducation('私塾')).toBeUndefined()
  })
})
