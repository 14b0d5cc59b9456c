import { defineConfig } from 'drizzle-kit'

const dialect = process.env.DIALECT === 'postgresql' ? 'postgresql' : 'sqlite'
const folder = dialect === 'postgresql' ? 'postgres' : 'sqlite'

/** `npm run db:generate` runs this once for each engine. */
export default defineConfig({ dialect, schema: `./drizzle/${folder}.tables.ts`, out: `./drizzle/${folder}` })
