import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import fastify from 'fastify'
import { Object, Boolean } from 'typebox'
import { contract } from '../shared/contract.ts'
import { systemClock, type Clock } from './clock.ts'
import { guardTheEdge, type Http, type NamedRoute } from './http/edge.ts'
import type { Settings } from './settings.ts'
import { openStore } from './store/open.ts'
import type { Store } from './store/store.ts'

const BODY_BYTES = 256 * 1024

/** The whole village, put together. */
export interface Village {
  settings: Settings
  clock: Clock
  store: Store
  http: Http
  /** Every route with who may call it. */
  routes: NamedRoute[]
  close(): Promise<void>
}

const health = contract({
  method: 'GET',
  url: '/api/health',
  schema: { summary: 'Whether the server answers.', response: { 200: Object({ ok: Boolean() }) } },
  config: { who: 'anyone' }
})

/** The only place where parts are made and joined. Tests hand in a clock of their own. */
export async function openVillage(settings: Settings, parts: { clock?: Clock } = {}): Promise<Village> {
  const clock = parts.clock ?? systemClock
  const store = await openStore(settings)

  const http: Http = fastify({
    bodyLimit: BODY_BYTES,
    trustProxy: settings.trustProxy,
    logger: { level: settings.logLevel, redact: ['req.headers.cookie', 'req.headers.authorization'] }
  }).withTypeProvider<TypeBoxTypeProvider>()
  const { routes } = guardTheEdge(http, {
    memberOf: async () => undefined,
    origins: (origin, host) => origin === settings.publicUrl || new URL(origin).host === host
  })
  http.route({ ...health, handler: async () => ({ ok: true }) })

  return {
    settings,
    clock,
    store,
    http,
    routes,
    async close() {
      await http.close()
      await store.close()
    }
  }
}
