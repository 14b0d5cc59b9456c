import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TEMP_CLASSES } from './contracts/catalogue.ts'
import {
  boxesOf,
  byCold,
  CARRIERS,
  carrierOf,
  codeIn,
  codeOf,
  CODES,
  MAX_BOX_ORDERS,
  pickList,
  spokenCode,
  trackingOf,
  type Boxable,
  type ToTake
} from './parcel.ts'

const anyCode = fc.integer({ min: 0, max: CODES - 1 }).map(codeOf)

describe('the code on a label', () => {
  it('is read as it is scanned, spoken and typed, with or without its letters', () => {
    const code = codeOf(123_456_789)
    expect(spokenCode(code)).toMatch(/^YJ 123 456 789\d$/)
    for (const text of [
      code,
      spokenCode(code),
      code.slice(2),
      ` ${code.toLowerCase()} `,
      '１' + code.slice(3)
    ]) {
      expect(codeIn(text), text).toBe(code)
    }
  })

  it('shows every wrong digit and every two that changed places', () => {
    fc.assert(
      fc.property(
        anyCode,
        fc.integer({ min: 2, max: 11 }),
        fc.integer({ min: 1, max: 9 }),
        (code, at, by) => {
          const wrong = (Number(code[at]) + by) % 10
          expect(codeIn(code.slice(0, at) + wrong + code.slice(at + 1))).toBeUndefined()
          const [one = '', two = ''] = code.slice(at, at + 2)
          const changed = code.slice(0, at) + two + one + code.slice(at + 2)
          expect(codeIn(changed)).toBe(changed === code ? code : undefined)
          expect(codeIn(code)).toBe(code)
        }
      )
    )
  })

  it('is in nothing else that is scanned', () => {
    for (const text of ['', 'YJ', 'SF1234567890123', 'https://example.com/1234567890', '12345'])
      expect(codeIn(text)).toBeUndefined()
  })
})

describe('the number of a carrier', () => {
  it('is kept as the carrier writes it', () => {
    expect(trackingOf('sf', ' sf 1234-5678 90123 ')).toEqual({ number: 'SF1234567890123', odd: false })
    expect(trackingOf('jt', 'ＪＴ1234567890123')).toEqual({ number: 'JT1234567890123', odd: false })
    expect(trackingOf('ems', 'EA123456789CN')).toEqual({ number: 'EA123456789CN', odd: false })
  })

  it('is not needed where the shop brings it, and nowhere else', () => {
    expect(trackingOf('self', '')).toEqual({ number: '', odd: false })
    for (const carrier of CARRIERS.filter((each) => each !== 'self')) {
      expect(trackingOf(carrier, ' ')).toEqual({ wrong: 'short' })
    }
  })

  it.each([
    '1234567',
    '12345',
    '顺丰1234567890123',
    'ABCDEFGHIJ',
    '0000000000000',
    '9'.repeat(31),
    "1'; drop--"
  ])('is not %j', (text) => expect(trackingOf('sf', text)).toEqual({ wrong: 'short' }))

  it('is not the code of our own label, which lies right beside it', () => {
    fc.assert(
      fc.property(anyCode, (code) => {
        expect(trackingOf('sf', code)).toEqual({ wrong: 'our_code' })
      })
    )
  })

  it('seems odd where it is another carrier’s, or a phone', () => {
    expect(trackingOf('zto', 'SF1234567890123')).toMatchObject({ odd: true })
    expect(trackingOf('sf', '13800000001')).toMatchObject({ odd: true })
    expect(trackingOf('other', '13800000001')).toMatchObject({ odd: true })
    expect(trackingOf('other', 'SF1234567890123')).toMatchObject({ odd: false })
  })

  it('says whose it is where it can', () => {
    expect(carrierOf('sf1234567890123')).toBe('sf')
    expect(carrierOf('JD0123456789012')).toBe('jd')
    expect(carrierOf('EA123456789CN')).toBe('ems')
    expect(carrierOf('770012345678901')).toBeUndefined()
  })
})

const clams: ToTake = {
  orderId: 'a',
  specId: 'clams',
  title: '蛤蜊',
  specName: '三斤装',
  unit: 'portion',
  tempClass: 'chilled',
  grams: 1500,
  qty: 2,
  from: []
}
const morning = { lotId: 'l1', name: '鲁青渔 1', landsAt: 1 }
const evening = { lotId: 'l2', name: '鲁青渔 2', landsAt: 2 }

describe('a pick list', () => {
  it('sums over orders, says out of which landing, and what came without one', () => {
    const list = pickList([
      { ...clams, from: [{ ...evening, qty: 2 }] },
      {
        ...clams,
        orderId: 'b',
        qty: 3,
        from: [
          { ...morning, qty: 1 },
          { ...evening, qty: 1 }
        ]
      }
    ])
    expect(list).toEqual([
      expect.objectContaining({
        qty: 5,
        grams: 7500,
        orders: 2,
        from: [
          { lotId: '', name: '', landsAt: 0, qty: 1 },
          { ...morning, qty: 1 },
          { ...evening, qty: 3 }
        ]
      })
    ])
  })

  it('takes out no more than goes into the boxes, though more was once meant for them', () => {
    const [row] = pickList([{ ...clams, qty: 1, from: [{ ...morning, qty: 5 }] }])
    expect(row).toMatchObject({ qty: 1, from: [{ ...morning, qty: 1 }] })
    expect(pickList([{ ...clams, qty: 0 }])).toEqual([])
  })

  it('begins with what needs no cold', () => {
    const frozen = { ...clams, specId: 'fish', title: '鱼', tempClass: 'frozen' as const }
    const dry = { ...clams, specId: 'shrimp', title: '虾皮', tempClass: 'ambient' as const }
    expect(pickList([frozen, clams, dry]).map(({ specId }) => specId)).toEqual(['shrimp', 'clams', 'fish'])
  })

  it('says no weight where it does not know all of it', () => {
    expect(pickList([clams, { ...clams, orderId: 'b', grams: 0 }])[0]).toMatchObject({ grams: 0, qty: 4 })
  })

  it('loses and adds nothing, whatever is sold', () => {
    const line = fc.record({
      orderId: fc.constantFrom('a', 'b', 'c'),
      specId: fc.constantFrom('x', 'y'),
      qty: fc.integer({ min: 0, max: 9 }),
      from: fc.array(fc.record({ lotId: fc.constantFrom('l1', 'l2'), qty: fc.integer({ min: 1, max: 9 }) }), {
        maxLength: 3
      })
    })
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const all = lines.map(({ from, ...rest }) => ({
          ...clams,
          ...rest,
          from: from.map((lot) => ({ ...morning, ...lot }))
        }))
        const list = pickList(all)
        const sum = (of: { qty: number }[]) => of.reduce((n, { qty }) => n + qty, 0)
        expect(sum(list)).toBe(sum(all))
        for (const row of list) expect(sum(row.from)).toBe(row.qty)
      })
    )
  })
})

describe('what is put together', () => {
  const order = (id: string, sameAs: string, tempClass: Boxable['tempClass'] = 'chilled') => ({
    id,
    sameAs,
    tempClass
  })
  const idsOf = (boxes: Boxable[][]) => boxes.map((box) => box.map(({ id }) => id).join('+'))

  it('is what one buyer gets at one place', () => {
    expect(idsOf(boxesOf([order('a', 'a'), order('b', 'b'), order('c', 'a')]))).toEqual(['a+c', 'b'])
  })

  it('is equally cold; dry goods go along', () => {
    const hers = [
      order('a', 'a', 'frozen'),
      order('b', 'a', 'ambient'),
      order('c', 'a'),
      order('d', 'a', 'frozen')
    ]
    expect(idsOf(boxesOf(hers))).toEqual(['a+d', 'b+c'])
    expect(idsOf(boxesOf(hers.filter(({ id }) => id !== 'c')))).toEqual(['a+b+d'])
  })

  it('of one order goes into two boxes where some of it is frozen and some of it lives', () => {
    const lines = [clams, { ...clams, specId: 'fish', tempClass: 'frozen' as const }]
    const dry = { ...clams, specId: 'kelp', tempClass: 'ambient' as const }
    const boxed = (all: ToTake[]) =>
      byCold(all).map(({ tempClass, inside }) => [tempClass, ...inside.map(({ specId }) => specId)])
    expect(boxed([dry, ...lines])).toEqual([
      ['chilled', 'kelp', 'clams'],
      ['frozen', 'fish']
    ])
    expect(boxed([dry])).toEqual([['ambient', 'kelp']])
    expect(boxed([])).toEqual([])
  })

  it('has every order once, in no box two people or live goods with dry ice', () => {
    const any = fc.array(
      fc.record({ sameAs: fc.constantFrom('p', 'q', 'r'), tempClass: fc.constantFrom(...TEMP_CLASSES) }),
      { maxLength: 80 }
    )
    fc.assert(
      fc.property(any, (drawn) => {
        const orders = drawn.map((each, i) => ({ ...each, id: `o${i}` }))
        const boxes = boxesOf(orders)
        expect(
          boxes
            .flat()
            .map(({ id }) => id)
            .toSorted()
        ).toEqual(orders.map(({ id }) => id).toSorted())
        for (const box of boxes) {
          expect(box.length).toBeLessThanOrEqual(MAX_BOX_ORDERS)
          expect(new Set(box.map(({ sameAs }) => sameAs)).size).toBe(1)
          const classes = new Set(box.map(({ tempClass }) => tempClass))
          expect(classes.has('chilled') && classes.has('frozen')).toBe(false)
        }
      })
    )
  })
})
