/** The first data of a page, written into its HTML by the server so that the first picture needs no second trip. */
export function firstData<T>(kind: string): T | undefined {
  const element = document.getElementById('first')
  if (!element || element.dataset.kind !== kind) return undefined
  element.remove() // it is true once, for the page that was asked for
  return JSON.parse(element.textContent) as T
}
