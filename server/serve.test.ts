import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import path from 'node:path'
import { afterEach, describe, expect, inject, it } from 'vitest'
import { freePort } from './testing/ports.ts'

const SECRET = 's'.repeat(32)
/** On a machine that does other things too. */
const START_MS = 40_000

describe('a server', () => {
  const ends: (() => void)[] = []
  afterEach(() => {
    for (const end of ends.splice(0)) end()
  })

  /** `npm start` without the building; `ready` when it has said where it is. */
  function start(env: Record<string, string>) {
    const dataDir = mkdtempSync(path.join(inject('scratch'), 'serve-'))
    const child = spawn(process.execPath, ['server/main.ts'], {
      env: { PATH: process.env.PATH, DATA_DIR: dataDir, DEMO: '0', ...env }
    })
    ends.push(() => {
      child.kill('SIGKILL')
      rmSync(dataDir, { recursive: true, force: true })
    })
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (part: Buffer) => (said += part.toString()))
    const gone = once(child, 'close').then(([code]) => ({ code: code as number | null, said }))
    async function says(words: string) {
      await expect.poll(() => said, { timeout: START_MS }).toContain(words)
    }
    return { child, gone, says }
  }

  it(
    'says in a sentence that its port is taken',
    async () => {
      const other = net.createServer().listen(0, '127.0.0.1')
      await once(other, 'listening')
      ends.push(() => other.close())
      const { port } = other.address() as AddressInfo
      const { code, said } = await start({ PORT: String(port) }).gone
      expect([code, said.trim().split('\n')]).toEqual([
        1,
        [expect.stringMatching(`^PORT: something else already listens on 127.0.0.1:${port}`)]
      ])
    },
    START_MS
  )

  it(
    'of a real union prints the link for its first officer, and what it still wants',
    async () => {
      const PORT = String(await freePort(21_300))
      const server = start({ NODE_ENV: 'production', SECRET, PORT })
      await server.says(`http://localhost:${PORT}/setup?token=`)
      await server.says('SMS_WEBHOOK_URL')
      const inbox = await fetch(`http://127.0.0.1:${PORT}/dev/inbox`)
      expect(inbox.status).toBe(404)
    },
    2 * START_MS
  )

  it(
    'leaves in good order on SIGTERM, even past a phone that does not answer any more',
    async () => {
      const port = await freePort(21_400)
      const server = start({ PORT: String(port), DEMO: '1' })
      await server.says('13800000001')
      const onAir = async () => {
        const answer = await fetch(`http://127.0.0.1:${port}/api/shows?state=live`)
        return ((await answer.json()) as { items: { id: string }[] }).items
      }
      await expect.poll(onAir, { timeout: START_MS }).toHaveLength(1)
      const [show] = await onAir()
      const silent = net.connect(port, '127.0.0.1')
      ends.push(() => silent.destroy())
      const words = `GET /ws/rooms/${show!.id} HTTP/1.1\r\nHost: localhost:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n`
      silent.write(`${words}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${SECRET.slice(0, 22)}==\r\n\r\n`)
      const [first] = (await once(silent, 'data')) as [Buffer]
      expect(first.toString()).toContain('101 Switching Protocols')
      silent.pause()
      server.child.kill('SIGTERM')
      const { code, said } = await server.gone
      expect(code, said).toBe(0)
    },
    3 * START_MS
  )
})
