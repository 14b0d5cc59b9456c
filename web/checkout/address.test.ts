import { expect, it } from 'vitest'
import { readAddress } from './address.ts'

const xiaofang = {
  receiver: '张小芳',
  phone: '13800000101',
  region: '山东省青岛市市南区',
  detail: '香港中路10号3单元502'
}

it('takes a pasted line apart, whatever stands first', () => {
  expect(readAddress('张小芳 13800000101 山东省青岛市市南区香港中路10号3单元502')).toEqual(xiaofang)
  expect(readAddress('山东省青岛市市南区香港中路10号3单元502，张小芳，13800000101')).toEqual(xiaofang)
  expect(readAddress('13800000101\n张小芳\n山东省青岛市市南区香港中路10号3单元502')).toEqual(xiaofang)
})

it('reads what shops write with labels and spaces between the parts', () => {
  expect(
    readAddress(
      '收货人：张小芳\n手机号码：138-0000-0101\n所在地区：山东省 青岛市 市南区\n详细地址：香港中路10号3单元502'
    )
  ).toEqual(xiaofang)
  expect(readAddress('张小芳，+86 138 0000 0101，山东省青岛市市南区香港中路10号3单元502')).toEqual(xiaofang)
})

it('knows the cities that are provinces of their own', () => {
  expect(readAddress('李红 13900000102 北京市朝阳区建国路88号')).toMatchObject({
    region: '北京市朝阳区',
    detail: '建国路88号'
  })
  expect(readAddress('李红 13900000102 上海上海市浦东新区世纪大道1号')).toMatchObject({
    region: '上海上海市浦东新区',
    detail: '世纪大道1号'
  })
})

it('reads a city without its province, a county and a region', () => {
  expect(readAddress('王姐 13700000103 青岛市城阳区红岛街道后韩家村12号')).toMatchObject({
    receiver: '王姐',
    region: '青岛市城阳区',
    detail: '红岛街道后韩家村12号'
  })
  expect(readAddress('王姐 13700000103 内蒙古自治区锡林郭勒盟多伦县淖尔镇1号')).toMatchObject({
    region: '内蒙古自治区锡林郭勒盟多伦县',
    detail: '淖尔镇1号'
  })
})

it('does not take a street for a district', () => {
  expect(readAddress('王姐 13700000103 青岛市香港中路市南区政府旁')).toMatchObject({ region: '青岛市' })
})

it('never makes up a phone number, and leaves open what is not there', () => {
  expect(readAddress('张小芳 山东省青岛市市南区香港中路10号')).toMatchObject({
    receiver: '张小芳',
    phone: ''
  })
  expect(readAddress('订单号 138000001012345 山东省青岛市市南区')).toMatchObject({ phone: '' })
  expect(readAddress('')).toEqual({ receiver: '', phone: '', region: '', detail: '' })
})
