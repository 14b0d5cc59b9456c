import { openVillage } from './app.ts'
import { readSettings, SettingsError } from './settings.ts'

/** How long running requests may take to finish after SIGTERM. */
const GRACE_MS = 10_000

try {
  const settings = readSettings(process.env)
  const village = await openVillage(settings)
  await village.http.listen({ port: settings.port, host: settings.host })
  village.start()
  console.log(`渔家直播 · ${settings.publicUrl}`)
  const setup = settings.demo ? undefined : await village.members.setupLink()
  if (setup) console.log(`还没有工会管理员。一小时之内打开这个只能用一次的链接，来做第一位：\n  ${setup}`)

  const leave = () => {
    setTimeout(() => process.exit(1), GRACE_MS).unref()
    village.close().then(
      () => process.exit(0),
      () => process.exit(1)
    )
  }
  process.once('SIGTERM', leave)
  process.once('SIGINT', leave)
} catch (error) {
  if (!(error instanceof SettingsError)) throw error
  console.error(error.message)
  process.exit(1)
}
