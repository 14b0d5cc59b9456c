import { spawnSync } from 'node:child_process'

// Both engines' migrations come from the same tables; what has landed is never edited.
for (const DIALECT of ['sqlite', 'postgresql']) {
  const kit = spawnSync(
    'drizzle-kit',
    ['generate', '--config', 'drizzle/config.ts', ...process.argv.slice(2)],
    {
      stdio: 'inherit',
      env: { ...process.env, DIALECT }
    }
  )
  if (kit.status !== 0) process.exit(kit.status ?? 1)
}
