import path from 'node:path'
import type { Settings } from '../settings.ts'
import { diskObjects } from './disk.ts'
import type { Objects } from './objects.ts'
import { MEDIA } from './routes.ts'
import { s3Objects } from './s3.ts'

/** The objects that the settings ask for. */
export async function openObjects(
  settings: Pick<Settings, 's3' | 'mediaBase' | 'dataDir'>
): Promise<Objects> {
  const base = settings.mediaBase.replace(/\/$/, '') || MEDIA
  if (settings.s3) return s3Objects({ ...settings.s3, base })
  return diskObjects(path.join(settings.dataDir, 'media'), base)
}
