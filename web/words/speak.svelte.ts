export const LANGUAGES = ['zh', 'en'] as const
export type Language = (typeof LANGUAGES)[number]
const KEPT = 'language'

const asked = () => {
  const kept = localStorage.getItem(KEPT)
  return kept === 'en' ? 'en' : 'zh'
}

class Tongue {
  language = $state<Language>(asked())

  /** zh-CN first; English is one switch away and stays chosen on this phone. */
  choose(language: Language) {
    this.language = language
    localStorage.setItem(KEPT, language)
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  }
}

export const tongue = new Tongue()

/**
 * The words of one part of the product in both languages; `say.claim` is the one that is chosen now. English must
 * have every word that Chinese has, with the same shape: the compiler sees to it.
 */
export function speak<Words extends Record<string, unknown>>(words: {
  zh: Words
  en: NoInfer<Words>
}): Words {
  return new Proxy(words.zh, {
    get: (_, key) => words[tongue.language][key as string]
  })
}
