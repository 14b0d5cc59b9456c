import { expect, it } from 'vitest'
import { refusalOf } from '../../shared/refusal.ts'
import { Unreachable } from '../call.ts'
import { isSpent } from './verdict.ts'

it('a sheet is chosen anew after the server has refused it, and kept where nobody answered', () => {
  expect(isSpent(refusalOf({ code: 'preview_gone', message: '这次预览过期了' }, 410))).toBe(true)
  expect(isSpent(new Unreachable('no signal'))).toBe(false)
})
