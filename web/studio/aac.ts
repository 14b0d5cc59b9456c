import { registerAacEncoder } from '@mediabunny/aac-encoder'
import { AudioSample, AudioSampleSource, Mp4OutputFormat, NullTarget, Output } from 'mediabunny'
import { FRAME } from '../../shared/video.ts'
import type { Sound } from './camera.ts'
import { base64 } from './base64.ts'
import type { SoundCoder, SoundListener } from './encoder.ts'

/**
 * AAC where the browser has no encoder for it (Chromium on Linux, Firefox, iPhones before 26). The library offers
 * its encoder only through a muxer, so it writes a file to nowhere and we take the packets as they pass.
 */
export async function openAacCoder(
  sampleRate: number,
  bitrate: number,
  { configured, coded }: SoundListener
): Promise<SoundCoder> {
  registerAacEncoder()
  let announced = false
  const source = new AudioSampleSource({
    codec: 'aac',
    bitrate,
    onEncodedPacket(packet, metadata) {
      const description = metadata?.decoderConfig?.description
      if (!announced && description) {
        announced = true
        configured({ codec: 'aac', sampleRate, channels: 1, description: base64(description) })
      }
      coded({
        kind: FRAME.audio,
        timestampUs: Math.round(packet.timestamp * 1e6),
        durationUs: Math.round(packet.duration * 1e6),
        data: new Uint8Array(packet.data)
      })
    }
  })
  const output = new Output({
    format: new Mp4OutputFormat({ fastStart: 'fragmented' }),
    target: new NullTarget()
  })
  output.addAudioTrack(source)
  await output.start()

  let closed = false
  return {
    encode({ samples, timestampUs }: Sound) {
      if (closed) return
      const sample = new AudioSample({
        data: samples,
        format: 'f32-planar',
        numberOfChannels: 1,
        sampleRate,
        timestamp: timestampUs / 1e6
      })
      void source
        .add(sample)
        .catch(() => {}) // the picture goes on; the server fills in silence
        .finally(() => sample.close())
    },
    close() {
      closed = true
      void output.cancel().catch(() => {})
    }
  }
}
