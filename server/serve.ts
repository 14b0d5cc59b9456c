import { openVillage, type Village } from './app.ts'
import type { Web } from './pages/web.ts'
import type { Settings } from './settings.ts'

/** How long running requests may take to finish after SIGTERM. */
const GRACE_MS = 10_000

/** Opens a village to the world: listens, plays the demo where it may, says where to click, and leaves in good order. */
export async function serve(
  settings: Settings,
  { web, prepare }: { web?: Web; prepare?: (village: Village) => void } = {}
) {
  const village = await openVillage(settings, web ? { web } : {})
  prepare?.(village)
  const demo = settings.demo ? await (await import('./seed/demo.ts')).openDemo(village) : undefined
  await village.http.listen({ port: settings.port, host: settings.host })
  village.start()

  const leave = () => {
    setTimeout(() => process.exit(1), GRACE_MS).unref()
    const closed = Promise.resolve(demo?.stop()).then(() => village.close())
    closed.then(
      () => process.exit(0),
      () => process.exit(1)
    )
  }
  process.once('SIGTERM', leave)
  process.once('SIGINT', leave)

  console.log(`渔家直播 · ${settings.publicUrl}`)
  if (demo) console.log(demo.signpost)
  const setup = demo ? undefined : await village.members.setupLink()
  if (setup) console.log(`还没有工会干部。一小时之内打开这个只能用一次的链接，来做第一位：\n  ${setup}`)
}
