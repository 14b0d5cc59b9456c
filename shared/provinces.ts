import { CITIES } from './cities.ts'

/** The 34 provinces by their short names, grouped as people in the village speak of them. */
export const AREAS = [
  { name: '华东', provinces: ['山东', '江苏', '浙江', '上海', '安徽', '福建', '江西'] },
  { name: '华北', provinces: ['北京', '天津', '河北', '山西', '内蒙古'] },
  { name: '东北', provinces: ['辽宁', '吉林', '黑龙江'] },
  { name: '华中', provinces: ['河南', '湖北', '湖南'] },
  { name: '华南', provinces: ['广东', '广西', '海南'] },
  { name: '西南', provinces: ['重庆', '四川', '贵州', '云南', '西藏'] },
  { name: '西北', provinces: ['陕西', '甘肃', '青海', '宁夏', '新疆'] },
  { name: '港澳台', provinces: ['香港', '澳门', '台湾'] }
] as const

export type Area = (typeof AREAS)[number]['name']
export type Province = (typeof AREAS)[number]['provinces'][number]

export const PROVINCES: readonly Province[] = AREAS.flatMap((area): readonly Province[] => area.provinces)

/** Two counties far inland are called like provinces by the sea and on the plain. */
const NAMESAKES: readonly (readonly [RegExp, Province])[] = [
  [/^海南(?:藏|州)/, '青海'],
  [/^河南蒙/, '青海']
]
/** “山东路”, “朝阳区”, “北海道”: a name before one of these is a street or a district of somewhere else. */
const NOT_A_REGION = /^[区县旗路街道巷弄里村镇乡]/
/** What stands between the parts of a region, and before it. */
const BETWEEN = /[\s,，、;；·/|_-]+/g
const COUNTRY = /^(?:中华人民共和国|中国)/

/**
 * The province that a region begins with, as people write it: “山东省青岛市”, “山东 青岛 城阳”, “内蒙古自治区”, “青岛市
 * 市南区”. Undefined when it can't be told, for a parcel must not go by a guess.
 */
export function provinceOf(region: string): Province | undefined {
  const text = region.normalize('NFKC').replace(BETWEEN, '').replace(COUNTRY, '')
  for (const [pattern, province] of NAMESAKES) if (pattern.test(text)) return province
  return (
    PROVINCES.find((one) => beginsWith(text, one) || cityOf(after(text, one), one)) ??
    PROVINCES.find((one) => cityOf(text, one))
  )
}

const cityOf = (text: string, province: Province) =>
  CITIES[province]?.split(' ').some((city) => beginsWith(text, city))

/** What follows the name of a province: “江苏镇江市” goes on with a city, though 镇 alone would make it a street. */
const after = (text: string, province: Province) =>
  text.startsWith(province) ? text.slice(province.length) : ''

const beginsWith = (text: string, name: string) =>
  text.startsWith(name) && !NOT_A_REGION.test(text.slice(name.length))
