import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'
import { worker } from './web/offline/plugin.ts'

const here = import.meta.dirname

interface Modules {
  getModuleInfo(id: string): { importedIds: readonly string[] } | null
}
let first: Set<string> | undefined

/** Whether the first page can't start without a module; what comes later by `import()` is none of it. */
function isFirst(id: string, modules: Modules) {
  if (!first) {
    const found = (first = new Set<string>())
    const add = (each: string) => {
      if (found.has(each)) return
      found.add(each)
      modules.getModuleInfo(each)?.importedIds.forEach(add)
    }
    add(`${here}/web/main.ts`)
  }
  return first.has(id)
}

export default defineConfig({
  root: 'web',
  publicDir: 'public',
  plugins: [svelte({ configFile: false, compilerOptions: { runes: true } }), worker()],
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    chunkSizeWarningLimit: 2_000,
    rolldownOptions: {
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          // One file for the first page: in the twenty pieces that others share with it, it is a sixth larger.
          groups: [{ debugName: 'first', name: (id, modules) => (isFirst(id, modules) ? 'first' : null) }]
        }
      }
    }
  },
  test: {
    // PostgreSQL and Valkey are started once and their addresses handed to every suite.
    globalSetup: [`${here}/server/testing/engines.setup.ts`],
    // Suites wait for disks and other processes half of their time; vitest alone would leave one of two cores idle.
    maxWorkers: 2,
    projects: [
      {
        root: here,
        test: {
          name: 'server',
          // A quarter of the time would go into reading the same modules again for every suite.
          isolate: false,
          include: ['{server,shared,drizzle}/**/*.test.ts'],
          testTimeout: 20_000,
          hookTimeout: 60_000
        }
      },
      {
        extends: true,
        root: here,
        resolve: { conditions: ['browser'] },
        test: {
          name: 'web',
          include: ['web/**/*.test.ts'],
          exclude: ['web/journey/**'],
          environment: 'happy-dom'
        }
      },
      {
        root: here,
        test: {
          name: 'journey',
          include: ['web/journey/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          // After all others: encoder, packager and player share the machine with nobody.
          sequence: { groupOrder: 1 }
        }
      }
    ]
  }
})
