import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import websocket from '@fastify/websocket'
import fastify, { type FastifyBaseLogger } from 'fastify'
import { FRAME_HEADER_BYTES, MAX_FRAME_BYTES } from '../../shared/video.ts'
import type { Settings } from '../settings.ts'
import { answerProblem } from './answers.ts'
import { compilersFactory } from './compilers.ts'
import type { Http } from './http.ts'
import { discreetly } from './log.ts'

const BODY_BYTES = 256 * 1024
/** A photo may take its time on the mud flats; a request that trickles in for longer is nobody's. */
const REQUEST_MS = 120_000
/** Levels at which every request is written down. */
const WRITES_REQUESTS = ['info', 'debug']
/** How long running requests may take to finish when the village closes. */
const HANG_UP_MS = 5_000

/** The HTTP server before anybody stands at its door: how much it takes in, and what it writes down. */
export async function openHttp({
  trustProxy,
  logLevel
}: Pick<Settings, 'trustProxy' | 'logLevel'>): Promise<Http> {
  const http: Http = fastify({
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_MS,
    trustProxy,
    frameworkErrors: answerProblem,
    schemaController: { compilersFactory: compilersFactory as never }, // Fastify’s types name another function
    logger: { level: logLevel, serializers: discreetly },
    // A logger of its own with each request's id helps only where every request is written down.
    ...(!WRITES_REQUESTS.includes(logLevel) && { childLoggerFactory: (logger: FastifyBaseLogger) => logger })
  }).withTypeProvider<TypeBoxTypeProvider>()
  // Before the edge: it closes the socket of an upgrade that the edge refuses.
  await http.register(websocket, {
    // Without deflate every frame is written whole, so that a room may write one buffer to all of its sockets.
    options: { perMessageDeflate: false, maxPayload: MAX_FRAME_BYTES + FRAME_HEADER_BYTES },
    errorHandler: (_error, socket) => socket.terminate() // a phone that went away is no news
  })
  return http
}

/** A phone that reads nothing and answers nothing must not keep what was filmed from being put away. */
export async function closeHttp(http: Http) {
  const hangUp = setTimeout(() => {
    http.server.closeAllConnections()
    for (const client of http.websocketServer.clients) client.terminate()
  }, HANG_UP_MS)
  await http.close()
  clearTimeout(hangUp)
}
