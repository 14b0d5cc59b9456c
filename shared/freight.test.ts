import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TEMP_CLASSES } from './contracts/catalogue.ts'
import {
  arrivesAt,
  coldestOf,
  faultOf,
  feeOf,
  leavesAt,
  skyOver,
  warningsOf,
  whyNot,
  zoneOf,
  type Load,
  type Tariff,
  type Weather,
  type Zone
} from './freight.ts'
import { PROVINCES } from './provinces.ts'

const near: Zone = {
  provinces: ['山东'],
  firstGrams: 1000,
  firstFen: 800,
  moreGrams: 500,
  moreFen: 200,
  freeFromFen: 9900
}
const rest: Zone = { ...near, provinces: [], firstFen: 1500, moreFen: 400, freeFromFen: 0 }
const tariff: Tariff = { zones: [near, rest], refused: ['西藏'], chilledFen: 300, frozenFen: 600 }
const clams = (qty: number, grams = 500): Load => ({ qty, grams, tempClass: 'ambient', fen: qty * 100 })
const fenOf = (loads: Load[], province: (typeof PROVINCES)[number] = '山东', by = tariff) =>
  feeOf(by, loads, province)?.fen

describe('what it costs to send', () => {
  it('the first kilo costs the first price, up to the gram', () => {
    expect(fenOf([clams(1, 1)])).toBe(800)
    expect(fenOf([clams(2)])).toBe(800)
    expect(fenOf([clams(1, 1001)])).toBe(1000)
    expect(fenOf([clams(3)])).toBe(1000)
    expect(fenOf([clams(1, 1501)])).toBe(1200)
  })

  it('another province has another price, and a province that is refused has none', () => {
    expect(fenOf([clams(3)], '广东')).toBe(1900)
    expect(feeOf(tariff, [clams(3)], '西藏')).toBeUndefined()
  })

  it('without a zone for everywhere else it goes nowhere else', () => {
    const only = { ...tariff, zones: [near] }
    expect(zoneOf(only, '山东')).toBe(near)
    expect(zoneOf(only, '广东')).toBeUndefined()
  })

  it('ice costs besides, and what is kept differently cold goes in a box of its own', () => {
    expect(fenOf([{ ...clams(1), tempClass: 'chilled' }])).toBe(1100)
    expect(fenOf([{ ...clams(1), tempClass: 'frozen' }])).toBe(1400)
    const boxes = feeOf(tariff, [clams(1), { ...clams(2), tempClass: 'chilled' }], '山东')!.boxes
    expect(boxes.map((box) => [box.tempClass, box.grams, box.fen])).toEqual([
      ['ambient', 500, 800],
      ['chilled', 1000, 1100]
    ])
  })

  it('from the sum of goods on it costs nothing, ice and all; a fen less, and it does', () => {
    const cold = (fen: number): Load => ({ qty: 1, grams: 5000, tempClass: 'chilled', fen })
    expect(feeOf(tariff, [cold(9900)], '山东')).toMatchObject({ fen: 0, boxes: [{ free: true }] })
    expect(fenOf([cold(9899)])).toBe(2700)
    expect(fenOf([cold(9900)], '广东')).toBe(5000)
  })

  it('pieces that nobody has weighed: the first fills the first step, each further one a step more', () => {
    expect(fenOf([clams(1, 0)])).toBe(800)
    expect(fenOf([clams(3, 0)])).toBe(1200)
    expect(fenOf([clams(2, 0), clams(2)])).toBe(1200)
  })

  const zone = fc.record({
    provinces: fc.constant<string[]>([]),
    firstGrams: fc.integer({ min: 1, max: 5000 }),
    firstFen: fc.nat(5000),
    moreGrams: fc.integer({ min: 1, max: 5000 }),
    moreFen: fc.nat(5000),
    freeFromFen: fc.constant(0)
  })
  const anyTariff = fc.record({
    zones: zone.map((each) => [each]),
    refused: fc.constant<string[]>([]),
    chilledFen: fc.nat(2000),
    frozenFen: fc.nat(2000)
  })
  const load = fc.record({
    qty: fc.integer({ min: 1, max: 99 }),
    grams: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 20_000 })),
    tempClass: fc.constantFrom(...TEMP_CLASSES),
    fen: fc.nat(1_000_000)
  })
  const loads = fc.array(load, { minLength: 1, maxLength: 8 })

  it('is whole fen, never negative, and the sum of its boxes', () => {
    fc.assert(
      fc.property(anyTariff, loads, (by, all) => {
        const { fen, boxes } = feeOf(by, all, '山东')!
        expect(Number.isSafeInteger(fen) && fen >= 0).toBe(true)
        expect(boxes.reduce((sum, box) => sum + box.fen, 0)).toBe(fen)
        expect(boxes.map((box) => box.tempClass)).toEqual(
          TEMP_CLASSES.filter((each) => all.some(({ tempClass }) => tempClass === each))
        )
      })
    )
  })

  it('does not depend on the order of the lines, nor on how pieces are spread over them', () => {
    fc.assert(
      fc.property(anyTariff, loads, (by, all) => {
        const whole = feeOf(by, all, '山东')
        expect(feeOf(by, all.toReversed(), '山东')).toEqual(whole)
        const single = all.flatMap((one) =>
          Array.from({ length: one.qty }, (_, i) => ({ ...one, qty: 1, fen: i ? 0 : one.fen }))
        )
        expect(feeOf(by, single, '山东')).toEqual(whole)
      }),
      { numRuns: 50 }
    )
  })

  it('buying more never costs less to send, while nothing is free', () => {
    fc.assert(
      fc.property(anyTariff, loads, load, (by, all, one) => {
        expect(feeOf(by, [...all, one], '山东')!.fen).toBeGreaterThanOrEqual(feeOf(by, all, '山东')!.fen)
      })
    )
  })

  it('with a sum from which it is free, it is free exactly from there on', () => {
    fc.assert(
      fc.property(anyTariff, loads, fc.integer({ min: 1, max: 3_000_000 }), (by, all, freeFromFen) => {
        const sum = all.reduce((fen, one) => fen + one.fen, 0)
        const { fen, boxes } = feeOf({ ...by, zones: [{ ...by.zones[0]!, freeFromFen }] }, all, '山东')!
        expect(boxes.every((box) => box.free)).toBe(sum >= freeFromFen)
        expect(fen).toBe(sum >= freeFromFen ? 0 : feeOf(by, all, '山东')!.fen)
      })
    )
  })
})

describe('what nobody could mean by a template', () => {
  it.each([
    ['a whole one', tariff, undefined],
    ['two zones for everywhere else', { zones: [rest, rest], refused: [] }, { what: 'two_rests' }],
    [
      'a province in two zones',
      { zones: [near, { ...near, provinces: ['广东', '山东'] }], refused: [] },
      { what: 'named_twice', province: '山东' }
    ],
    [
      'a province twice in one',
      { zones: [{ ...near, provinces: ['山东', '山东'] }], refused: [] },
      { what: 'named_twice', province: '山东' }
    ],
    [
      'a province with a price that is refused',
      { zones: [near, rest], refused: ['山东'] },
      { what: 'refused_too', province: '山东' }
    ],
    ['one that goes nowhere', { zones: [rest], refused: [...PROVINCES] }, { what: 'nowhere' }],
    ['one that goes somewhere', { zones: [rest], refused: PROVINCES.slice(1) }, undefined]
  ])('%s', (_, by, fault) => expect(faultOf(by)).toEqual(fault))
})

const NOON = Date.parse('2026-07-03T12:00:00+08:00')
const HOUR_MS = 3_600_000
const sky = (kind: Weather['kind'], celsius = 0, more: Partial<Weather> = {}): Weather => ({
  provinces: ['广东'],
  kind,
  celsius,
  fromAt: NOON,
  untilAt: NOON + HOUR_MS,
  ...more
})
const free = { maxHours: 0, maxCelsius: 0 }
const there = { province: '广东', hours: 48 } as const

describe('why it is not sent there now', () => {
  it('for the road: not an hour longer than its shop says', () => {
    expect(whyNot({ ...free, maxHours: 48 }, there, [], NOON)).toBeUndefined()
    expect(whyNot({ ...free, maxHours: 47 }, there, [], NOON)).toBe('too_far')
    expect(whyNot(free, { ...there, hours: 240 }, [], NOON)).toBeUndefined()
  })

  it('for the heat: at the degree its shop says, not a degree below', () => {
    expect(whyNot({ ...free, maxCelsius: 30 }, there, [sky('heat', 29)], NOON)).toBeUndefined()
    expect(whyNot({ ...free, maxCelsius: 30 }, there, [sky('heat', 30)], NOON)).toBe('heat')
    expect(whyNot(free, there, [sky('heat', 45)], NOON)).toBeUndefined()
  })

  it('for a storm: nothing goes there, whatever it is', () => {
    expect(whyNot(free, there, [sky('storm')], NOON)).toBe('storm')
    expect(whyNot(free, { ...there, province: '山东' }, [sky('storm')], NOON)).toBeUndefined()
  })

  it('weather holds from its first moment and no longer at its last', () => {
    const rule = { ...free, maxCelsius: 30 }
    const hot = [sky('heat', 35)]
    expect(whyNot(rule, there, hot, NOON - 1)).toBeUndefined()
    expect(whyNot(rule, there, hot, NOON)).toBe('heat')
    expect(whyNot(rule, there, hot, NOON + HOUR_MS - 1)).toBe('heat')
    expect(whyNot(rule, there, hot, NOON + HOUR_MS)).toBeUndefined()
  })

  it('what no weather changes is said first', () => {
    const weather = [sky('storm'), sky('heat', 40)]
    const rule = { maxHours: 47, maxCelsius: 30, tariff: { zones: [rest], refused: ['广东'] } }
    expect(whyNot(rule, there, weather, NOON)).toBe('refused')
    expect(whyNot({ ...rule, tariff: undefined }, there, weather, NOON)).toBe('too_far')
    expect(whyNot({ ...rule, tariff: undefined, maxHours: 0 }, there, weather, NOON)).toBe('storm')
  })

  it('of several it is the hottest that counts', () => {
    expect(skyOver('广东', [sky('heat', 31), sky('heat', 36), sky('heat', 33)], NOON)).toEqual({
      storm: false,
      celsius: 36
    })
  })

  it('a longer road, more heat and a storm never open a way that was closed', () => {
    const rules = fc.record({ maxHours: fc.nat(240), maxCelsius: fc.nat(60) })
    fc.assert(
      fc.property(
        rules,
        fc.nat(240),
        fc.nat(60),
        fc.nat(24),
        fc.nat(10),
        (rule, hours, celsius, more, hotter) => {
          const before = whyNot(rule, { ...there, hours }, [sky('heat', celsius)], NOON)
          const after = whyNot(rule, { ...there, hours: hours + more }, [sky('heat', celsius + hotter)], NOON)
          expect(before === undefined || after !== undefined).toBe(true)
          expect(whyNot(rule, there, [sky('heat', celsius), sky('storm')], NOON)).toBeDefined()
        }
      )
    )
  })
})

describe('what she should know of cold goods that are sent all the same', () => {
  it.each([
    ['chilled', 48, 29, []],
    ['chilled', 49, 29, ['far']],
    ['frozen', 49, 30, ['far', 'hot']],
    ['ambient', 200, 45, []]
  ] as const)('%s, %i hours, %i °C: %j', (tempClass, hours, celsius, warnings) =>
    expect(warningsOf(tempClass, hours, celsius)).toEqual(warnings)
  )

  it('what must not get warm decides', () => {
    expect(coldestOf([clams(1), { tempClass: 'chilled' }])).toBe('chilled')
    expect(coldestOf([{ tempClass: 'frozen' }, { tempClass: 'chilled' }])).toBe('frozen')
    expect(coldestOf([])).toBeUndefined()
  })
})

describe('when it leaves', () => {
  const at = (words: string) => Date.parse(`2026-07-${words}+08:00`)
  const FOUR = 16 * 60

  it('paid before the hour it leaves today, at the hour tomorrow', () => {
    expect(leavesAt(FOUR, at('03T15:59:59'))).toBe(at('03T16:00:00'))
    expect(leavesAt(FOUR, at('03T16:00:00'))).toBe(at('04T16:00:00'))
    expect(leavesAt(FOUR, at('04T00:00:00'))).toBe(at('04T16:00:00'))
  })

  it('goes by the village’s day on a server of any zone', () => {
    expect(leavesAt(FOUR, at('03T00:30:00'))).toBe(at('03T16:00:00'))
  })

  it('never in the past, never later than a day from now', () => {
    fc.assert(
      fc.property(
        fc.nat(1439),
        fc.integer({ min: 0, max: 4e12 }),
        fc.integer({ min: 1, max: 240 }),
        (minute, now, hours) => {
          const leaves = leavesAt(minute, now)
          expect(leaves > now && leaves <= now + 24 * HOUR_MS).toBe(true)
          expect(arrivesAt(leaves, hours) - leaves).toBe(hours * HOUR_MS)
        }
      )
    )
  })
})
