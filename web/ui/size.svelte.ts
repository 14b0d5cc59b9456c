export const SIZES = ['normal', 'big', 'huge'] as const
export type Size = (typeof SIZES)[number]
const KEPT = 'text-size'

class TextSize {
  current = $state<Size>(SIZES.find((size) => size === localStorage.getItem(KEPT)) ?? 'normal')

  choose(size: Size) {
    this.current = size
    localStorage.setItem(KEPT, size)
    applySize()
  }
}

export const textSize = new TextSize()

/** 大字版 is kept on this phone. */
export function applySize() {
  document.documentElement.dataset.size = textSize.current
}
