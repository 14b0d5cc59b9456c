import { describe, expect, it } from 'vitest'
import { CODE_EVERY_MS, CODE_LIVES_MS } from '../../shared/contracts/classes.ts'
import type { Problem } from '../../shared/problems.ts'
import { MORNING } from '../testing/clock.ts'
import { openDoorCodes } from './door-codes.ts'

const codes = openDoorCodes('a secret of thirty-two characters')
const refusal = (code: string, now: number) => {
  try {
    return codes.read(code, now)
  } catch (error) {
    return (error as Problem).code
  }
}

describe('the code at the door', () => {
  it('is another one every five seconds', () => {
    const { code, nextAt } = codes.door('class-1', MORNING)
    expect(nextAt).toBe(MORNING + CODE_EVERY_MS)
    expect(codes.door('class-1', nextAt - 1).code).toBe(code)
    expect(codes.door('class-1', nextAt).code).not.toBe(code)
  })

  it('is good for fifteen seconds from when it was shown first, and not a moment longer', () => {
    const { code, endsAt } = codes.door('class-1', MORNING)
    expect(endsAt).toBe(MORNING + CODE_LIVES_MS)
    expect(refusal(code, endsAt - 1)).toEqual({ kind: 'door', occasionId: 'class-1' })
    expect(refusal(code, endsAt)).toBe('code_old')
  })

  it('is dead fifteen seconds after somebody took a photo of it, whenever she took it', () => {
    for (let late = 0; late < CODE_EVERY_MS; late += 500) {
      const { code } = codes.door('class-1', MORNING + late)
      expect(refusal(code, MORNING + late + CODE_LIVES_MS)).toBe('code_old')
    }
  })

  it('of yesterday is old; with one sign changed it is wrong', () => {
    const { code } = codes.door('class-1', MORNING)
    expect(refusal(code, MORNING + 86_400_000)).toBe('code_old')
    for (let i = 0; i < code.length; i++) {
      const changed = `${code.slice(0, i)}${code[i] === 'x' ? 'y' : 'x'}${code.slice(i + 1)}`
      expect(refusal(changed, MORNING)).toBe('code_wrong')
    }
  })

  it('cannot be carried to another class, another time or another village', () => {
    const [kind, , step, mac] = codes.door('class-1', MORNING).code.split('.')
    expect(refusal(`${kind}.class-2.${step}.${mac}`, MORNING)).toBe('code_wrong')
    expect(refusal(`${kind}.class-1.zzzzzzz.${mac}`, MORNING)).toBe('code_wrong')
    const elsewhere = openDoorCodes('another secret of this length here').door('class-1', MORNING)
    expect(refusal(elsewhere.code, MORNING)).toBe('code_wrong')
  })

  it.each(['', '.', '...', 'd.class-1', 'd.a.b.c.d', '…', 'a'.repeat(200), `d.a.b.${'蛤'.repeat(22)}`])(
    'is not %j',
    (code) => {
      expect(refusal(code, MORNING)).toBe('code_wrong')
    }
  )
})

describe('the codes of members', () => {
  it('on a phone are good for a minute and change every half of it', () => {
    const { code, nextAt, endsAt } = codes.member('ahua', MORNING)
    expect([nextAt, endsAt]).toEqual([MORNING + 30_000, MORNING + 60_000])
    expect(refusal(code, endsAt - 1)).toEqual({ kind: 'member', memberId: 'ahua' })
    expect(refusal(code, endsAt)).toBe('code_old')
  })

  it('on a slip of paper stay the same, and are of one woman and one class', () => {
    const slip = codes.slip('class-1', 'apo')
    expect(codes.slip('class-1', 'apo')).toBe(slip)
    const kept = { kind: 'slip', occasionId: 'class-1', memberId: 'apo' }
    expect(refusal(slip, MORNING + 30 * 86_400_000)).toEqual(kept)
    expect(refusal(slip.replace('apo', 'ahua'), MORNING)).toBe('code_wrong')
  })
})
