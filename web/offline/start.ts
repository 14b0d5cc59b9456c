import { mount } from 'svelte'
import { keepSending } from './phone.ts'
import UpdateBar from './UpdateBar.svelte'
import { update } from './update.svelte.ts'

/** Comes once the first page is quiet: nobody waits for it. */
export function startOffline() {
  keepSending()
  // In development Vite hands out what has just been written; a worker would hand out what was.
  if (!import.meta.env.PROD || !navigator.serviceWorker) return
  mount(UpdateBar, { target: document.body })
  update.register().catch(() => {}) // a phone that forbids it works as before, with a network
}
