/** 极限词, 医疗词: words that the advertising law does not allow in what is sold, as data (`phrases.json`). */
export type PhrasePack = Record<Why, { phrases: readonly string[]; except: readonly string[] }>
export type Why = 'superlative' | 'medical'

/** “这不能治病” says the opposite, and “不但治病” does not. */
const DENIED = /(不|没|别|无|非)[^，。！？,.!?]{0,3}$/
const DENIED_AND_MORE = /(不但|不仅|不光|不只)[^，。！？,.!?]{0,3}$/

/** The first word of each kind that may not stand there. */
export function flaggedIn(text: string, pack: PhrasePack): { phrase: string; why: Why }[] {
  const bare = text.replace(/\s/g, '')
  return (['medical', 'superlative'] as const).flatMap((why) => {
    const phrase = pack[why].phrases.find((each) => says(bare, each, pack[why].except))
    return phrase === undefined ? [] : [{ phrase, why }]
  })
}

function says(text: string, phrase: string, except: readonly string[]): boolean {
  for (let at = text.indexOf(phrase); at >= 0; at = text.indexOf(phrase, at + 1)) {
    const before = text.slice(0, at)
    const denied = DENIED.test(before) && !DENIED_AND_MORE.test(before)
    if (!denied && !except.some((harmless) => text.startsWith(harmless, at))) return true
  }
  return false
}
