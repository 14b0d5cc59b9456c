import { tongue } from '../words/speak.svelte.ts'

/** A little slower than a machine likes to speak. */
const RATE = 0.9

/** Reads to her who would rather listen: a recording where there is one, else the phone’s own voice. */
export class Aloud {
  speaking = $state(false)
  #voices = $state(false)
  #player: HTMLAudioElement | undefined

  constructor() {
    this.#look()
  }

  /** Whether the phone has a voice for this language; the list of voices comes late. */
  can = (recording: string) => recording !== '' || this.#voices

  #look() {
    const speech = globalThis.speechSynthesis
    if (!speech) return
    const count = () => {
      this.#voices = speech.getVoices().some(({ lang }) => lang.toLowerCase().startsWith(tongue.language))
    }
    count()
    speech.addEventListener?.('voiceschanged', count)
  }

  read(recording: string, words: string) {
    this.stop()
    this.speaking = true
    const over = () => (this.speaking = false)
    if (recording) {
      this.#player = new Audio(recording)
      this.#player.onended = this.#player.onerror = over
      void this.#player.play().catch(over)
      return
    }
    const speech = new SpeechSynthesisUtterance(words)
    speech.lang = tongue.language === 'zh' ? 'zh-CN' : 'en-GB'
    speech.rate = RATE
    speech.onend = speech.onerror = over
    speechSynthesis.speak(speech)
  }

  stop() {
    this.#player?.pause()
    this.#player = undefined
    globalThis.speechSynthesis?.cancel()
    this.speaking = false
  }
}
