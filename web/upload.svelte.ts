import { keepFile, type FileKind, type FileRef } from '../shared/contracts/files.ts'
import { refusalOf } from '../shared/refusal.ts'
import { Unreachable } from './call.ts'

/** On the pier a clip of forty megabytes takes its time; a network that stands still for a minute is dead. */
const SILENT_MS = 60_000

/** One file on its way to the server: how much of it is there, and a way to stop it. */
export class Upload {
  sending = $state(false)
  /** 0 to 100. */
  percent = $state(0)
  #request: XMLHttpRequest | undefined

  /** Answers what the server keeps; undefined when she stopped it. Throws a Refusal or Unreachable, as `call` does. */
  async send(kind: FileKind, file: Blob, name: string, forId?: string): Promise<FileRef | undefined> {
    this.cancel()
    this.sending = true
    this.percent = 0
    // `fetch` does not say how much has left; this does.
    const request = (this.#request = new XMLHttpRequest())
    try {
      return await new Promise<FileRef | undefined>((resolve, reject) => {
        let silence: ReturnType<typeof setTimeout> | undefined
        const heard = () => {
          clearTimeout(silence)
          silence = setTimeout(() => {
            request.abort()
            reject(new Unreachable('silent'))
          }, SILENT_MS)
        }
        request.upload.onprogress = ({ loaded, total }) => {
          heard()
          this.percent = total ? Math.floor((loaded / total) * 100) : 0
        }
        request.onabort = () => resolve(undefined)
        request.onerror = () => reject(new Unreachable('upload'))
        request.onload = () => {
          const answer = request.response as { file?: FileRef } | null
          if (request.status === 200 && answer?.file) resolve(answer.file)
          else reject(refusalOf(answer, request.status) ?? new Unreachable(String(request.status)))
        }
        request.onloadend = () => clearTimeout(silence)
        const form = new FormData()
        form.append('file', file, name)
        const query = new URLSearchParams({ kind, ...(forId && { forId }) })
        request.open(keepFile.method, `${keepFile.url}?${query}`)
        request.responseType = 'json'
        heard()
        request.send(form)
      })
    } finally {
      if (this.#request === request) {
        this.#request = undefined
        this.sending = false
      }
    }
  }

  cancel() {
    this.#request?.abort()
  }
}
