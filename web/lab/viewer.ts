import { Player } from '../room/player.svelte.ts'
import { timeReader } from './barcode.ts'

const FROZEN_MS = 250

const video = document.querySelector('video')!
const opened = performance.now()
const seen = {
  /** Age of every frame shown, ms. */
  agesMs: [] as number[],
  torn: 0,
  frozenMs: [] as number[],
  firstFrameMs: undefined as number | undefined
}
const player = new Player()
Object.assign(globalThis, { seen, player })

const age = timeReader()
let last: number | undefined
function onFrame(now: number) {
  const ageMs = age(video)
  seen.firstFrameMs ??= now - opened
  if (ageMs === undefined) seen.torn++
  else seen.agesMs.push(ageMs)
  if (last !== undefined && now - last > FROZEN_MS) seen.frozenMs.push(Math.round(now - last))
  last = now
  video.requestVideoFrameCallback(onFrame)
}
video.requestVideoFrameCallback(onFrame)
player.show(video, new URLSearchParams(location.search).get('playlist')!, true)
