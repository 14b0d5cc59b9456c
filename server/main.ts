import { serve } from './serve.ts'
import { readSettings, SettingsError } from './settings.ts'

try {
  await serve(readSettings(process.env))
} catch (error) {
  if (!(error instanceof SettingsError)) throw error
  console.error(error.message)
  process.exit(1)
}
