import { DrizzleQueryError } from 'drizzle-orm/errors'
import { describe, expect, it } from 'vitest'
import { discreetly } from './log.ts'

describe('the log', () => {
  it('names where a request went, and neither the phone nor the link that stood behind it', () => {
    for (const url of ['/api/members?q=13800000001', '/setup?token=abc', '/dev/inbox?phone=13800000001'])
      expect(discreetly.req({ method: 'GET', url, ip: '127.0.0.1' })).toEqual({
        method: 'GET',
        url: url.replace(/\?.*/, ''),
        remoteAddress: '127.0.0.1'
      })
  })

  it('does not give away a calendar, which whoever knows its address may read', () => {
    const { url } = discreetly.req({ method: 'GET', url: '/api/calendar/k7f_Tq.ics?x=1', ip: '127.0.0.1' })
    expect(url).toBe('/api/calendar/…')
  })

  it('says which query failed and why, and nothing of what was to be written', () => {
    const why = Object.assign(new Error('the disk is full'), { code: 'SQLITE_FULL', detail: '13800000001' })
    const error = new DrizzleQueryError(
      'insert into "addresses" values (?)',
      ['13800000001', '红岛一号'],
      why
    )
    const line = discreetly.err(new Error('a bug', { cause: error }))
    expect(line.cause).toMatchObject({
      message: 'failed query: insert into "addresses" values (?)',
      cause: { message: 'the disk is full', code: 'SQLITE_FULL' }
    })
    expect(line.stack).toContain('log.test.ts')
    expect(JSON.stringify(line)).not.toMatch(/13800000001|红岛/)
  })

  it('takes what is no error, and an error that caused itself', () => {
    expect(discreetly.err('no')).toEqual({ type: 'string', message: 'no', stack: '' })
    const round = new Error('round')
    round.cause = round
    expect(JSON.stringify(discreetly.err(round)).split('"round"').length - 1).toBe(6)
  })
})
