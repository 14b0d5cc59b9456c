import type { Missing } from '../../shared/contracts/licences.ts'
import { say } from './licence.ts'

function nameOf({ what, topic, courseTitle, document }: Missing) {
  if (what === 'identity') return say.identity
  if (what === 'age') return say.age
  if (what === 'document' && document) return say.documents[document]
  return say.certificate(courseTitle || (say.topics[topic] ?? topic))
}

/** What is missing and why, in one short line. */
export const lackSentence = (missing: Missing) =>
  missing.what === 'identity' || missing.what === 'age'
    ? nameOf(missing)
    : say.lacks[missing.why](nameOf(missing))
