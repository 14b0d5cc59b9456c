const SHOWN_MS = 4_000
const AT_ONCE = 3

export interface Toast {
  id: number
  text: string
  tone: 'good' | 'bad' | 'plain'
}

class Toasts {
  list = $state<Toast[]>([])
  #made = 0

  show(text: string, tone: Toast['tone'] = 'plain') {
    const toast = { id: ++this.#made, text, tone }
    this.list = [...this.list, toast].slice(-AT_ONCE)
    setTimeout(() => (this.list = this.list.filter((each) => each.id !== toast.id)), SHOWN_MS)
  }
}

export const toasts = new Toasts()
