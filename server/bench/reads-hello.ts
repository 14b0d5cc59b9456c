import type { AddressInfo } from 'node:net'
import fastify from 'fastify'

/** The least that Fastify can do: the ceiling of every read. */
const http = fastify()
const schema = { response: { 200: { type: 'object', properties: { hello: { type: 'string' } } } } }
http.get('/hello', { schema }, async () => ({ hello: 'world' }))
await http.listen({ port: 0, host: '127.0.0.1', backlog: 4096 })
process.send!({ port: (http.server.address() as AddressInfo).port })
