import { checkEverything } from './steps.ts'

const { failed } = await checkEverything()
process.exit(failed.length ? 1 : 0)
