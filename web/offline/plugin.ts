import { createHash } from 'node:crypto'
import path from 'node:path'
import { build, type Plugin, type Rollup } from 'vite'

/** Pages that are worth something without a network; with what they import they are kept on every phone. */
const PAGES = [
  'school/SchoolPage',
  'school/CoursePage',
  'school/LessonPage',
  'me/MePage',
  'me/VouchersPage',
  'offline/start'
].map((page) => `/web/${page}.`)
/** Kept on those phones that have stood at a gate; the last reads what the camera sees. */
const GATE = ['/web/gate/GatePage.', '/web/gate/GatesPage.', '/qr/dom.']

/** Builds the worker as one classic script, /sw.js: a worker made of modules is news to many phones. */
export function worker(): Plugin {
  return {
    name: 'worker',
    apply: 'build',
    async generateBundle(_options, bundle) {
      const files = filesOf(bundle, PAGES)
      const gate = filesOf(bundle, GATE).filter((file) => !files.includes(file))
      const name = createHash('sha256')
        .update([...files, ...gate].join())
        .digest('hex')
        .slice(0, 12)
      const made = await build({
        configFile: false,
        logLevel: 'error',
        publicDir: false,
        define: {
          SHELL_FILES: JSON.stringify(files),
          GATE_FILES: JSON.stringify(gate),
          SHELL_NAME: JSON.stringify(name)
        },
        build: {
          write: false,
          target: 'es2022',
          lib: { entry: path.join(import.meta.dirname, 'worker.ts'), formats: ['iife'], name: 'worker' }
        }
      })
      const [{ output }] = made as Rollup.RolldownOutput[] as [Rollup.RolldownOutput]
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: output[0].code })
    }
  }
}

/** The first load and these, each with everything that it can't start without. */
function filesOf(bundle: Rollup.OutputBundle, modules: readonly string[]) {
  const chunks = Object.values(bundle).filter((each) => each.type === 'chunk')
  const wanted = chunks.filter(
    ({ isEntry, facadeModuleId }) =>
      (isEntry && facadeModuleId?.endsWith('/index.html')) ||
      modules.some((module) => facadeModuleId?.includes(module))
  )
  const files = new Set<string>()
  const add = (chunk: Rollup.OutputChunk) => {
    if (files.has(chunk.fileName)) return
    files.add(chunk.fileName)
    for (const css of chunk.viteMetadata?.importedCss ?? []) files.add(css)
    for (const fileName of chunk.imports) {
      const imported = chunks.find((each) => each.fileName === fileName)
      if (imported) add(imported)
    }
  }
  wanted.forEach(add)
  return [...files].toSorted().map((file) => `/${file}`)
}
