import { describe, expect, it } from 'vitest'
import { openSeal } from './seal.ts'

const SECRET = 'a secret of this village, long enough'
const NUMBER = '370202197001011239'
const { seal, open, digest } = openSeal(SECRET)

describe('the seal', () => {
  it('gives back what was sealed, also after the server has started again', () => {
    for (const text of ['', 'x', NUMBER, '王姐的海鲜'.repeat(1_000)]) {
      expect(open(seal(text))).toBe(text)
      expect(openSeal(SECRET).open(seal(text))).toBe(text)
    }
  })

  it('never looks the same twice and shows nothing of what is inside', () => {
    const sealed = Array.from({ length: 50 }, () => seal(NUMBER))
    expect(new Set(sealed).size).toBe(50)
    for (const each of sealed) {
      const bytes = Buffer.from(each, 'base64url').toString('latin1')
      expect(each + bytes).not.toContain(NUMBER.slice(6, 14))
    }
  })

  it('refuses what was changed by a single bit, wherever it was', () => {
    const bytes = Buffer.from(seal(NUMBER), 'base64url')
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes)
      changed[at]! ^= 1
      expect(() => open(changed.toString('base64url')), `byte ${at}`).toThrow('the seal is broken')
    }
  })

  it('refuses what was cut short, is empty, or was sealed under another secret', () => {
    const sealed = seal(NUMBER)
    for (const bad of ['', 'x', sealed.slice(0, 20), sealed.slice(0, -2), `${sealed}AAAA`])
      expect(() => open(bad)).toThrow('the seal is broken')
    expect(() => openSeal(`${SECRET}!`).open(sealed)).toThrow('the seal is broken')
  })

  it('digests the same number to the same words, and to others under another secret', () => {
    expect(digest(NUMBER)).toBe(openSeal(SECRET).digest(NUMBER))
    expect(digest(NUMBER)).not.toBe(digest('370202197001011247'))
    expect(digest(NUMBER)).not.toBe(openSeal(`${SECRET}!`).digest(NUMBER))
    expect(digest(NUMBER)).not.toContain(NUMBER.slice(6, 14))
  })
})
