import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CITIES } from './cities.ts'
import { provinceOf, PROVINCES } from './provinces.ts'

const ENDINGS = ['', '省', '市', '自治区', '特别行政区', ' ', '，', '-']

describe('the province of an address', () => {
  it('there are thirty-four of them, each once', () => {
    expect(PROVINCES).toHaveLength(34)
    expect(new Set(PROVINCES).size).toBe(34)
  })

  it.each([
    ['山东省青岛市城阳区', '山东'],
    ['山东 青岛 城阳', '山东'],
    ['山东-青岛-市南', '山东'],
    ['中国山东省', '山东'],
    ['内蒙古自治区呼和浩特市', '内蒙古'],
    ['广西壮族自治区南宁市', '广西'],
    ['新疆维吾尔自治区', '新疆'],
    ['西藏自治区拉萨市', '西藏'],
    ['香港特别行政区', '香港'],
    ['上海市上海市浦东新区', '上海'],
    ['黑龙江省黑河市', '黑龙江'],
    ['吉林市船营区', '吉林'],
    ['江苏镇江市', '江苏']
  ])('%s is in %s', (region, expected) => expect(provinceOf(region)).toBe(expected))

  it.each([
    ['青岛市市南区', '山东'],
    ['青岛 市南', '山东'],
    ['杭州市西湖区', '浙江'],
    ['延边朝鲜族自治州', '吉林'],
    ['朝阳市双塔区', '辽宁'],
    ['伊犁哈萨克自治州', '新疆'],
    ['大兴安岭地区', '黑龙江']
  ])('%s leaves the province out, and is in %s all the same', (region, expected) =>
    expect(provinceOf(region)).toBe(expected)
  )

  it.each([
    '',
    '   ',
    '朝阳区建国路',
    '山东路10号',
    '北京路',
    '河北区',
    '红岛街道',
    '义务教育',
    '海南区',
    'Qingdao'
  ])('%s says none, so nobody guesses', (region) => expect(provinceOf(region)).toBeUndefined())

  it.each([
    ['海南藏族自治州共和县', '青海'],
    ['海南省海口市', '海南'],
    ['河南蒙古族自治县', '青海'],
    ['河南省郑州市', '河南']
  ])('%s is not taken for its namesake: %s', (region, expected) => expect(provinceOf(region)).toBe(expected))

  it('is found however its name ends and whatever city of it follows', () => {
    for (const name of PROVINCES) {
      for (const city of (CITIES[name] ?? '某市').split(' ')) {
        for (const ending of ENDINGS) {
          const region = `${name}${ending}${city}市`
          expect(provinceOf(region), region).toBe(name)
        }
      }
    }
  })

  it('is found by each of its cities alone, and no city is in two provinces', () => {
    const all = PROVINCES.flatMap((name) =>
      (CITIES[name]?.split(' ') ?? []).map((city) => [city, name] as const)
    )
    expect(all.length).toBeGreaterThan(330)
    expect(new Set(all.map(([city]) => city)).size).toBe(all.length)
    for (const [city, name] of all) {
      expect(provinceOf(`${city}市`), city).toBe(name)
      expect(provinceOf(city), city).toBe(name)
    }
  })

  it('whatever is typed, the answer is a province or none', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        const found = provinceOf(text)
        expect(found === undefined || PROVINCES.includes(found)).toBe(true)
      })
    )
  })
})
