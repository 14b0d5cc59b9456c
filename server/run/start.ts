import { spawnSync } from 'node:child_process'

// The server runs its TypeScript as it is; only the web side is built.
const build = spawnSync('vite', ['build', '--config', 'vite.config.ts', '--logLevel', 'warn'], {
  stdio: 'inherit'
})
if (build.status !== 0) process.exit(build.status ?? 1)
await import('../main.ts')
