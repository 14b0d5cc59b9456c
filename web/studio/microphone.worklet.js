/* global AudioWorkletProcessor, registerProcessor */

/** Samples that go to the page at once: 21 ms at 48 kHz. */
const AT_ONCE = 1024

class Microphone extends AudioWorkletProcessor {
  #heard = new Float32Array(AT_ONCE)
  #length = 0

  process([[channel]]) {
    if (!channel) return true
    this.#heard.set(channel, this.#length)
    this.#length += channel.length
    if (this.#length === AT_ONCE) {
      this.port.postMessage(this.#heard, [this.#heard.buffer])
      this.#heard = new Float32Array(AT_ONCE)
      this.#length = 0
    }
    return true
  }
}

registerProcessor('microphone', Microphone)
