const NOTE_S = 0.25
/** Five tones, as the tunes of this coast have; our own, four lines of sixteen quarters of a second. 0 rests. */
const TUNE = [
  [5, 0, 8, 7, 5, 0, 3, 0, 5, 7, 8, 0, 7, 0, 0, 0],
  [8, 0, 10, 8, 7, 0, 5, 0, 3, 5, 7, 0, 5, 0, 0, 0],
  [5, 0, 3, 5, 7, 0, 8, 0, 10, 0, 8, 7, 8, 0, 0, 0],
  [7, 0, 8, 7, 5, 0, 3, 0, 5, 3, 2, 0, 3, 0, 0, 0]
] as const
const BASS = [0, 3, 1, 0] as const
/** D pentatonic, from D3 upwards. */
const STEPS = [0, 2, 4, 7, 9]
const D3 = 146.83
const hertz = (tone: number) => D3 * 2 ** (Math.floor(tone / 5) + STEPS[tone % 5]! / 12)

/** Plays the tune once into memory, with the sea under it. `seconds` may be a little longer than the tune. */
export async function renderMelody(sampleRate: number, seconds: number): Promise<Float32Array<ArrayBuffer>> {
  const room = new OfflineAudioContext(1, Math.ceil(sampleRate * seconds), sampleRate)
  const out = room.createGain()
  out.gain.value = 0.5
  out.connect(room.destination)

  const pluck = (frequency: number, from: number, loud: number, lasts: number) => {
    const envelope = room.createGain()
    envelope.gain.setValueAtTime(0, from)
    envelope.gain.linearRampToValueAtTime(loud, from + 0.012)
    envelope.gain.exponentialRampToValueAtTime(0.001, from + lasts)
    envelope.connect(out)
    for (const [times, share] of [
      [1, 1],
      [2, 0.25],
      [3, 0.1]
    ] as const) {
      const string = room.createOscillator()
      const part = room.createGain()
      string.type = 'triangle'
      string.frequency.value = frequency * times
      part.gain.value = share
      string.connect(part).connect(envelope)
      string.start(from)
      string.stop(from + lasts)
    }
  }
  TUNE.flat().forEach((tone, i) => tone && pluck(hertz(tone), i * NOTE_S, 0.4, 0.9))
  for (let bar = 0; bar < 16; bar++) {
    const tone = BASS[Math.floor(bar / 4)]!
    pluck(hertz(tone) / (tone ? 2 : 1), bar, 0.3, 1.1)
  }

  // Waves: noise that swells every four seconds, so that the end meets the beginning.
  const noise = room.createBuffer(1, room.length, sampleRate)
  const samples = noise.getChannelData(0)
  let slow = 0
  for (let i = 0; i < samples.length; i++) {
    slow += (Math.random() * 2 - 1 - slow) * 0.06
    samples[i] = slow * 0.5 * (0.5 - 0.5 * Math.cos((i / sampleRate) * (Math.PI / 2)))
  }
  const waves = room.createBufferSource()
  waves.buffer = noise
  waves.connect(out)
  waves.start()
  return (await room.startRendering()).getChannelData(0)
}
