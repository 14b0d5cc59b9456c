import { beforeEach, expect, it, vi } from 'vitest'
import type { Me } from '../../shared/contracts/members.ts'
import { Problem } from '../../shared/problems.ts'
import { Unreachable } from '../call.ts'

const GUILAN: Me = { id: 'guilan', name: '桂兰', phone: '13800000002', roles: ['buyer'] }
let answer: () => { me?: Me }

vi.mock('../call.ts', () => ({
  Unreachable: class extends Error {},
  call: async () => answer()
}))
vi.mock('../offline/phone.ts', () => ({ forgetMine: async () => {}, handInGates: async () => {} }))

/** A page that has just been opened on this phone. */
async function opened() {
  vi.resetModules()
  return (await import('./session.svelte.ts')).session
}
const away = () => {
  throw new Unreachable('no signal')
}

beforeEach(() => {
  localStorage.clear()
  answer = () => ({ me: GUILAN })
})

it('knows without a network who held the phone last, but not her number', async () => {
  await (await opened()).load()
  answer = away
  const session = await opened()
  await session.load()
  expect(session.me).toEqual({ ...GUILAN, phone: '' })
  expect(session.remembered).toBe(true)
  expect(localStorage.getItem('me')).not.toContain(GUILAN.phone)
})

it('believes the server once it can be reached again', async () => {
  await (await opened()).load()
  answer = away
  const session = await opened()
  await session.load()
  answer = () => ({})
  await session.load()
  expect([session.me, session.remembered]).toEqual([undefined, false])
  answer = away
  await expect((await opened()).load()).rejects.toThrow('no signal')
})

it('remembers nobody who signed out, and nobody whom the server refused', async () => {
  const session = await opened()
  await session.load()
  await session.leave()
  answer = away
  await expect((await opened()).load()).rejects.toThrow('no signal')

  answer = () => ({ me: GUILAN })
  await (await opened()).load()
  answer = () => {
    throw new Problem('banned')
  }
  const refused = await opened()
  await expect(refused.load()).rejects.toBeInstanceOf(Problem)
  expect(refused.me).toBeUndefined()
})
