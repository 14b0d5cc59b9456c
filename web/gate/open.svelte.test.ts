import { flushSync } from 'svelte'
import { expect, it, vi } from 'vitest'
import { memoryPocket } from '../offline/testing.ts'
import { Gate } from './gate.svelte.ts'
import { aVoucher, FakeVillage, SHOP, signer } from './testing.ts'

it('a gate that a page opens asks for its list once, and not again because the list came', async () => {
  const village = new FakeVillage((await signer()).key, [aVoucher(1)])
  const list = village.bundle.bind(village)
  let asked = 0
  // Whoever asks on and on waits for ever.
  village.bundle = () => (++asked > 3 ? new Promise(() => {}) : list())
  const time = { now: () => village.now, aheadMs: () => 0, set() {} }
  const gate = new Gate('xiumei', SHOP.id, { pocket: memoryPocket(), village, time })
  const close = $effect.root(() => {
    $effect(() => gate.open())
  })
  flushSync()
  await vi.waitFor(() => expect([gate.online, gate.syncing]).toEqual([true, false]))
  flushSync()
  await gate.sync() // by hand: it ends after whatever else was begun
  close()
  expect(asked).toBe(2)
})
