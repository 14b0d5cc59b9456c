import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'
import { worker } from './web/offline/plugin.ts'

const here = import.meta.dirname

export default defineConfig({
  root: 'web',
  publicDir: 'public',
  plugins: [svelte({ configFile: false, compilerOptions: { runes: true } }), worker()],
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    chunkSizeWarningLimit: 2_000
  },
  test: {
    // PostgreSQL and Valkey are started once and their addresses handed to every suite.
    globalSetup: [`${here}/server/testing/engines.setup.ts`],
    projects: [
      {
        root: here,
        test: {
          name: 'server',
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
          fileParallelism: false
        }
      }
    ]
  }
})
