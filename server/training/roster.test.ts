import { describe, expect, it } from 'vitest'
import { good, judge, phoneOf } from './roster.ts'

const row = (row: number, name: string, phone: string, problem?: string) => ({ row, name, phone, problem })
const known = new Map([
  ['13900000001', { name: '阿华', booked: false }],
  ['13900000002', { name: '阿芳', booked: true }]
])

describe('a roster', () => {
  it.each([
    ['13900000001', '13900000001'],
    ['139 0000 0001', '13900000001'],
    ['139-0000-0001', '13900000001'],
    ['+8613900000001', '13900000001'],
    ['86 139 0000 0001', '13900000001'],
    ['8613', '8613']
  ])('reads the phone %s as %s', (written, phone) => {
    expect(phoneOf(written)).toBe(phone)
  })

  it('says of each row what would happen, and why not', () => {
    const judged = judge(
      [
        row(2, '新来的', '13900000009'),
        row(3, '阿华', '139 0000 0001'),
        row(4, '阿芳', '13900000002'),
        row(5, '新来的', '+86 13900000009'),
        row(6, '', '13900000005'),
        row(7, '没电话', ''),
        row(8, '电话错', '1390000000'),
        row(9, '座机', '053188888888'),
        row(10, '公式', '', 'phone:formula'),
        row(11, '名字'.repeat(11), '13900000006'),
        row(12, '华姐', '13900000001')
      ],
      known
    )
    expect(judged.map(({ row, verdict, problem }) => [row, verdict, problem])).toEqual([
      [2, 'new', ''],
      [3, 'known', ''],
      [4, 'booked', ''],
      [5, 'duplicate', 'phone:duplicate'],
      [6, 'error', 'name:missing'],
      [7, 'error', 'phone:missing'],
      [8, 'error', 'phone:wrong'],
      [9, 'error', 'phone:wrong'],
      [10, 'error', 'phone:formula'],
      [11, 'error', 'name:long'],
      [12, 'duplicate', 'phone:duplicate']
    ])
    expect(judged.filter(good).map(({ row }) => row)).toEqual([2, 3])
  })

  it('points out a name that differs, and takes her all the same', () => {
    const [judged] = judge([row(2, '华姐', '13900000001')], known)
    expect(judged).toMatchObject({ verdict: 'known', problem: 'name:differs' })
    expect(good(judged!)).toBe(true)
  })
})
