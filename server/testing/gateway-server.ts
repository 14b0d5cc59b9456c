import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { generateKeyPairSync } from 'node:crypto'
import { freePort } from './ports.ts'

/** `down`: calls do nothing. `answers_lost`: they do what they do, and nobody hears of it. */
export type Weather = 'fine' | 'down' | 'answers_lost'

/** What a pretend gateway answers, before anybody has signed it. */
export interface Reply {
  status: number
  body: string | Buffer
  headers?: Record<string, string>
}

export interface Request {
  method: string
  url: URL
  body: string
  header: (name: string) => string
}

/** A gateway on loopback, over real HTTP, with weather. */
export async function gatewayServer(answer: (request: Request) => Reply) {
  let weather: Weather = 'fine'
  const port = await freePort(16_400)
  const base = `http://127.0.0.1:${port}`
  const asked: string[] = []

  const server = createServer((request, response) => void serve(request, response))
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')

  async function serve(request: IncomingMessage, response: ServerResponse) {
    if (weather === 'down') return void request.socket.destroy()
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString()
    const url = new URL(request.url!, base)
    asked.push(`${request.method} ${url.pathname}`)
    const header = (name: string) => String(request.headers[name] ?? '')
    const reply = answer({ method: request.method!, url, body, header })
    if (weather === 'answers_lost') return void request.socket.destroy()
    response.writeHead(reply.status, reply.headers).end(reply.body)
  }

  return {
    base,
    /** Every call that arrived. */
    asked,
    set weather(now: Weather) {
      weather = now
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    }
  }
}

/** Two keys as PEM, made once: it takes a while. */
export function keyPair() {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' }
  })
}
