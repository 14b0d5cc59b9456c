import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { KEYS } from '../settings.ts'

it('README names every setting with what it does and what holds without it', () => {
  const rows = readFileSync('README.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
  for (const { key, about, standard } of KEYS) {
    expect(rows).toContainEqual(['', `\`${key}\``, about, standard || '—', ''])
  }
})
