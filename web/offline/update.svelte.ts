/** How often an app that stays open asks whether there is a newer one. */
const LOOK_MS = 3_600_000

/** The worker that keeps the app on this phone, and the newer one that waits for her to say yes. */
class Update {
  waiting = $state.raw<ServiceWorker | null>(null)
  #taken = false

  async register() {
    const registration = await navigator.serviceWorker.register('/sw.js')
    this.#look(registration)
    registration.addEventListener('updatefound', () => {
      registration.installing?.addEventListener('statechange', () => this.#look(registration))
    })
    navigator.serviceWorker.addEventListener('controllerchange', () => {
      if (this.#taken) location.reload()
    })
    let lookedAt = Date.now()
    document.addEventListener('visibilitychange', () => {
      if (document.hidden || Date.now() - lookedAt < LOOK_MS) return
      lookedAt = Date.now()
      registration.update().catch(() => {})
    })
  }

  /** The page is loaded anew with the newer app, at the moment that she chose. */
  take() {
    this.#taken = true
    this.waiting?.postMessage('now')
    this.waiting = null
  }

  later() {
    this.waiting = null
  }

  /** The first worker of a phone is no news: the page is as new as it is. */
  #look({ waiting }: ServiceWorkerRegistration) {
    if (waiting && navigator.serviceWorker.controller) this.waiting = waiting
  }
}

export const update = new Update()
