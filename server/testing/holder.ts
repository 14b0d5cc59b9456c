// A process that holds a village until it is killed.
import { holdVillage } from '../store/alone.ts'

process.once('message', async (settings: Parameters<typeof holdVillage>[0]) => {
  await holdVillage(settings)
  process.send!('held')
  setInterval(() => {}, 60_000)
})
