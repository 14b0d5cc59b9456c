import { openVillage, type Village } from './app.ts'
import { storyClock, systemClock } from './clock.ts'
import type { Web } from './pages/web.ts'
import { readSettings, SettingsError, type Settings } from './settings.ts'

/** Leaving in good order never takes longer; `kill -9` would lose nothing either. */
const LIMIT_MS = 10_000

interface Extras {
  web?: Web
  prepare?: (village: Village) => void
}

/**
 * Opens a village to the world: listens, plays the demo where it may, says where to click, and leaves in good order.
 * Settings that cannot work are told in a sentence.
 */
export async function serve(env: Record<string, string | undefined>, extras: Extras = {}) {
  try {
    await openToTheWorld(readSettings(env), extras)
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    console.error(error.message)
    process.exit(1)
  }
}

async function openToTheWorld(settings: Settings, { web, prepare }: Extras) {
  // The demo's past is told before anybody can come in.
  const story = settings.demo ? storyClock() : undefined
  const village = await openVillage(settings, { clock: story ?? systemClock, ...(web && { web }) })
  prepare?.(village)
  const demo = story && (await (await import('./seed/demo.ts')).openDemo(village, story))
  const close = async () => {
    await demo?.stop()
    await village.close()
  }
  try {
    await village.http.listen({ port: settings.port, host: settings.host })
  } catch (error) {
    await close()
    throw nowhereToListen(error as NodeJS.ErrnoException, settings)
  }
  village.start()

  const leave = () => {
    setTimeout(() => process.exit(1), LIMIT_MS).unref()
    close().then(
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
  if (!settings.sms && !settings.allowDevSms)
    console.log('还没有短信通道，别人都登录不了：请设 SMS_WEBHOOK_URL 和 SMS_WEBHOOK_SECRET')
}

/** Why this server cannot listen where its settings say, in a sentence. */
function nowhereToListen(error: NodeJS.ErrnoException, { port, host }: Settings) {
  if (error.code === 'EADDRINUSE')
    return new SettingsError(`PORT: something else already listens on ${host}:${port}; try PORT=${port + 1}`)
  if (error.code === 'EACCES')
    return new SettingsError(`PORT: this user may not listen on ${port}; try one above 1023`)
  if (error.code === 'ENOTFOUND' || error.code === 'EADDRNOTAVAIL')
    return new SettingsError(`HOST: ${host} is no address of this machine`)
  return error
}
