import net from 'node:net'
import { freePort } from '../../server/testing/ports.ts'

/** The way to the village over the mud flats: a wire that can swallow everything, as a phone without signal does. */
export interface Mudflat {
  url: string
  /** From now on nothing arrives on either side; nobody is told. */
  goesQuiet(): void
  comesBack(): void
  close(): Promise<void>
}

export async function mudflat(to: string): Promise<Mudflat> {
  const port = await freePort(18_500)
  const village = Number(new URL(to).port)
  const wires = new Set<net.Socket>()
  let quiet = false

  const server = net.createServer((phone) => {
    const shore = net.connect(village, '127.0.0.1')
    for (const [one, other] of [
      [phone, shore],
      [shore, phone]
    ] as const) {
      wires.add(one)
      one.setNoDelay(true)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        wires.delete(one)
        other.destroy()
      })
      one.on('data', (bytes) => {
        if (!quiet) other.write(bytes)
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))

  return {
    url: `http://localhost:${port}`,
    goesQuiet: () => void (quiet = true),
    comesBack() {
      quiet = false
      for (const wire of wires) wire.destroy() // what was swallowed is gone: these connections are no good any more
    },
    async close() {
      for (const wire of wires) wire.destroy()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}
