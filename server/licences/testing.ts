import { offerMentorship, signMentorship } from '../../shared/contracts/practice.ts'
import type { SignedIn, TestVillage } from '../testing/village.ts'

/** A mentor and her apprentice, both signed, for a year. */
export async function pairUp(v: TestVillage, trainer: SignedIn, mentor: SignedIn, apprentice: SignedIn) {
  const { status, json } = await trainer.call(offerMentorship, {
    body: {
      mentorId: mentor.me.id,
      apprenticeId: apprentice.me.id,
      agreement: '师傅带，徒弟学',
      endsAt: v.village.clock.now() + 365 * 86_400_000,
      tasks: []
    }
  })
  if (status !== 200) throw new Error(`no pair: ${json.message}`)
  const params = { mentorshipId: json.mentorship.id }
  for (const each of [mentor, apprentice]) await each.call(signMentorship, { params })
  return json.mentorship.id
}
