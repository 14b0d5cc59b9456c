import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { createServer } from 'vite'
import type { Web } from './pages/web.ts'
import { serve } from './serve.ts'

// `npm run dev`: the same village, with Vite in the place of the built web app.
const root = path.join(import.meta.dirname, '..')
const vite = await createServer({
  configFile: path.join(root, 'vite.config.ts'),
  configLoader: 'native',
  appType: 'custom',
  server: { middlewareMode: true }
})

const web: Web = {
  async shell() {
    const html = await readFile(path.join(root, 'web/index.html'), 'utf8')
    // Relative to the page in the file, so that it also builds; every page of the app loads the same one.
    return vite.transformIndexHtml('/', html.replace('"./main.ts"', '"/main.ts"'))
  },
  file: () => undefined
}

await serve(process.env, {
  web,
  prepare: ({ http }) => {
    http.addHook('onRequest', (request, reply, done) => vite.middlewares(request.raw, reply.raw, done))
    // Vite puts styles into the page and speaks to it over a socket of its own.
    http.addHook('onSend', async (_request, reply) => void reply.removeHeader('content-security-policy'))
    http.addHook('onClose', () => vite.close())
  }
})
