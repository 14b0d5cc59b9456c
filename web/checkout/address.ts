export interface Written {
  receiver: string
  phone: string
  region: string
  detail: string
}

const PHONE = /(?:\+?86[- ]?)?(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})(?!\d)/
/** What chats and shops write before the parts. */
const LABELS =
  /(?:收件人|收货人|联系人|姓名|联系电话|手机号码?|电话|所在地区|地区|详细地址|收货地址|地址)\s*[:：]\s*/g
const BREAKS = /[\s,，;；、|/]+/
const PROVINCE = /^.{2,8}?(?:省|自治区|特别行政区)/
/** Four cities are provinces of their own; people write them with 市, without it, or twice. */
const MUNICIPALITY = /^(?:北京|上海|天津|重庆)(?:市)?/
const CITY = /^.{1,8}?(?:市|自治州|地区|盟)/
const DISTRICT = /^.{1,8}?(?:自治县|新区|区|县|市|旗)/
/** A town or a street after the name of a city is no district: “香港中路”, “夏庄街道”. */
const STREET = /[路街道巷弄号村镇乡]/
const NAME_LETTERS = 12

/**
 * Takes a pasted line apart: “张小芳 13800000101 山东省青岛市市南区香港中路10号”, in any order, with or without labels.
 * What it cannot find stays empty for her to fill in; it never guesses a phone number.
 */
export function readAddress(text: string): Written {
  const line = text.replace(LABELS, ' ').trim()
  const match = PHONE.exec(line)
  const phone = match ? match[1]! + match[2]! + match[3]! : ''
  const rest = match ? `${line.slice(0, match.index)} ${line.slice(match.index + match[0].length)}` : line
  const words = rest.split(BREAKS).filter(Boolean)
  const at = words.findIndex((word) => regionOf(word))
  const start = at === -1 ? placeless(words) : at
  const receiver =
    words.find((word, index) => isName(word) && (index < start || index === words.length - 1)) ?? ''
  const place = words.filter((word) => word !== receiver)
  // “山东省 青岛市 市南区 香港中路10号”: the parts of a region may stand apart.
  const whole = place.join(/[a-z]/i.test(place.join('')) ? ' ' : '')
  const region = regionOf(whole)
  return { receiver, phone, region, detail: whole.slice(region.length).trim() }
}

const isName = (word: string) => word.length <= NAME_LETTERS && !/\d/.test(word) && !regionOf(word)
const placeless = (words: string[]) => (words.length > 1 ? 1 : 0)

/** The beginning of an address that names province, city and district, as far as it does. */
function regionOf(address: string) {
  let found = ''
  const take = (part: RegExp) => {
    const name = part.exec(address.slice(found.length))?.[0]
    if (name && !STREET.test(name.slice(0, -1))) found += name
  }
  take(MUNICIPALITY)
  if (found) take(MUNICIPALITY)
  else {
    take(PROVINCE)
    take(CITY)
  }
  if (found) take(DISTRICT)
  return found
}
