import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** What the suites use beyond npm packages, the Debian package it comes in, and how to see that it is there. */
const TOOLS = [
  {
    name: 'redis-server',
    debian: 'redis-server',
    has: () => onPath('redis-server') || onPath('valkey-server')
  },
  {
    name: 'a Chinese font',
    debian: 'fonts-wqy-microhei',
    has: () =>
      existsSync('/usr/share/fonts/truetype/wqy') || /\S/.test(output('fc-list', [':lang=zh', 'file']))
  }
]

const output = (command: string, args: string[]) =>
  spawnSync(command, args, { encoding: 'utf8' }).stdout ?? ''
const onPath = (command: string) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0

/** Installs what is missing where it may (root, apt); elsewhere says what will be skipped and how to get it. */
export async function bringTools() {
  const missing = TOOLS.filter((tool) => !tool.has())
  if (!missing.length) return
  const packages = missing.map((tool) => tool.debian)
  if (process.getuid?.() === 0 && onPath('apt-get')) {
    console.log(`Installing ${packages.join(', ')} for the tests …`)
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const quietly = { stdio: ['ignore', 'ignore', 'inherit'] as ('ignore' | 'inherit')[], env }
    const install = () =>
      spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], quietly).status
    if (install() !== 0) {
      spawnSync('apt-get', ['update', '-qq'], quietly)
      install()
    }
  }
  for (const tool of TOOLS.filter((tool) => !tool.has())) {
    console.log(`skipped: what needs ${tool.name}; to get it: apt-get install ${tool.debian}`)
  }
}
