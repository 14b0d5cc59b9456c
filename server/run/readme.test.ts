import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { KEYS } from '../settings.ts'

it('README names every setting with its standard value', () => {
  const readme = readFileSync('README.md', 'utf8')
  for (const { key, about, standard } of KEYS) {
    expect(readme).toContain(`| \`${key}\` | ${about} | ${standard || '—'} |`)
  }
})
