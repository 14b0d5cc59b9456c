import type { Settings } from '../settings.ts'
import type { Bus } from './bus.ts'
import { memoryBus } from './memory.ts'
import { redisBus } from './redis.ts'

/** The bus that the settings ask for; `report` hears of a listener that threw. */
export async function openBus(
  settings: Pick<Settings, 'redisUrl'>,
  report: (error: unknown) => void
): Promise<Bus> {
  return settings.redisUrl ? redisBus(settings.redisUrl, report) : memoryBus(report)
}
