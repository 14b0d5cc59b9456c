import net from 'node:net'

const READY_MS = 20_000

/** A free port below 32768: above, outgoing connections may already sit on it. */
export async function freePort(from: number) {
  for (let port = from + Math.floor(Math.random() * 150); port < 32_768; port++) {
    const server = net.createServer()
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => resolve(true))
    })
    if (free) {
      await new Promise((resolve) => server.close(resolve))
      return port
    }
  }
  throw new Error('no free port')
}

/** Resolves when a server on this machine takes connections. */
export async function listening(port: number) {
  const until = Date.now() + READY_MS
  while (Date.now() < until) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => {
        socket.destroy()
        resolve(true)
      })
      socket.once('error', () => resolve(false))
    })
    if (open) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`nothing listens on ${port}`)
}
