import type { ProblemCode } from '../../shared/problems.ts'

export const LANGUAGES = ['zh', 'en'] as const
export type Language = (typeof LANGUAGES)[number]
const KEPT = 'language'

const asked = () => {
  const kept = localStorage.getItem(KEPT)
  return kept === 'en' ? 'en' : 'zh'
}

class Tongue {
  language = $state<Language>(asked())
  /** Refusals in English come when English is chosen; until then the server’s own sentence stands. */
  problems = $state.raw<Record<ProblemCode, string>>()

  /** zh-CN first; English is one switch away and stays chosen on this phone. */
  choose(language: Language) {
    this.language = language
    localStorage.setItem(KEPT, language)
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
    if (language === 'en') {
      void import('./problems-en.ts').then(
        ({ problems }) => (this.problems = problems),
        () => {}
      )
    }
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
