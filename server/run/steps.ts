import { spawn } from 'node:child_process'

/** One thing that must hold before the tests are worth running. */
interface Step {
  name: string
  command: [string, ...string[]]
}

const steps: Step[] = [
  { name: 'format', command: ['oxfmt', '--check'] },
  { name: 'lint', command: ['oxlint'] },
  { name: 'types', command: ['svelte-check', '--tsgo', '--tsconfig', 'tsconfig.json', '--fail-on-warnings'] },
  { name: 'web build', command: ['vite', 'build', '--config', 'vite.config.ts', '--logLevel', 'warn'] }
]

export function run([command, ...args]: [string, ...string[]], env: Record<string, string> = {}) {
  return new Promise<number>((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } })
    child.on('error', (error) => {
      console.error(String(error))
      resolve(1)
    })
    child.on('close', (code) => resolve(code ?? 1))
  })
}

/** Runs every step, prints a line for each, and answers which failed. */
export async function checkEverything() {
  const failed: string[] = []
  for (const { name, command } of steps) {
    const code = await run(command)
    console.log(`${code === 0 ? '✓' : '✗'} ${name}`)
    if (code !== 0) failed.push(name)
  }
  return { checked: steps.length, failed }
}
