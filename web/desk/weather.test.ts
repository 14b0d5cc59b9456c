import { describe, expect, it } from 'vitest'
import { WeatherSaying } from './weather.svelte.ts'

const NOON = Date.parse('2026-07-03T12:00:00+08:00')
const at = (words: string) => Date.parse(`2026-${words}+08:00`)

describe('saying what the weather is on the road', () => {
  const saying = (changes: Partial<WeatherSaying> = {}) =>
    Object.assign(new WeatherSaying(() => NOON), { provinces: ['广东'], ...changes })

  it('holds from now until the end of the last day', () => {
    const heat = saying()
    expect([...heat.wrong]).toEqual([])
    expect(heat.notice()).toEqual({
      kind: 'heat',
      provinces: ['广东'],
      celsius: 35,
      words: '',
      fromAt: NOON,
      untilAt: at('07-06T00:00:00')
    })
  })

  it('begins with a later day at its midnight', () => {
    const storm = saying({ kind: 'storm', from: '2026-07-05', until: '2026-07-05', words: ' 台风 ' })
    expect(storm.notice()).toEqual({
      kind: 'storm',
      provinces: ['广东'],
      celsius: 0,
      words: '台风',
      fromAt: at('07-05T00:00:00'),
      untilAt: at('07-06T00:00:00')
    })
  })

  it.each([
    [{ provinces: [] }, 'provinces'],
    [{ celsius: '24' }, 'celsius'],
    [{ celsius: '61' }, 'celsius'],
    [{ celsius: '热' }, 'celsius'],
    [{ until: '2026-07-02' }, 'until'],
    [{ from: '2026-07-06', until: '2026-07-05' }, 'until'],
    [{ until: '2026-08-02' }, 'until'],
    [{ until: '' }, 'until']
  ])('does not send %j', (changes, wrong) => {
    expect([...saying(changes as Partial<WeatherSaying>).wrong]).toEqual([wrong])
  })

  it('of a storm nobody asks how hot it is, and the last day of the month may be said', () => {
    expect([...saying({ kind: 'storm', celsius: '', until: '2026-08-01' }).wrong]).toEqual([])
  })
})
