import type { AddressInfo } from 'node:net'
import websocket from '@fastify/websocket'
import fastify from 'fastify'
import type { WebSocket } from 'ws'

/** What the documentation of @fastify/websocket shows: every message as a string to every client. No store, no rules. */
const http = fastify()
await http.register(websocket)
const clients = new Set<WebSocket>()
let n = 0

http.get('/room', { websocket: true }, (socket) => {
  clients.add(socket)
  socket.on('close', () => clients.delete(socket))
  socket.on('message', (data: Buffer) => {
    const { id, text } = JSON.parse(data.toString()) as { id: string; text: string }
    const said = JSON.stringify([
      [++n, Date.now(), 'message_said', { id, name: '帮手', role: 'operator', text }]
    ])
    for (const client of clients) if (client.readyState === 1) client.send(said)
  })
})

await http.listen({ port: 0, host: '127.0.0.1', backlog: 4096 })
process.send!({ port: (http.server.address() as AddressInfo).port, path: '/room', cookies: ['', '', '', ''] })
