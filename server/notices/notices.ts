import type { Notice } from '../../shared/contracts/notices.ts'
import { ZONE, type Clock } from '../clock.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Member } from '../members/member.ts'
import { newId } from '../store/id.ts'
import type { Store, Tx } from '../store/store.ts'
import { textOf, trimmed, type News } from './notice.ts'
import { noticeStore } from './store.ts'

const PAGE = 50
/** A text that could not be sent for a day tells nobody anything any more. */
const TEXT_LIVES_MS = 24 * 3_600_000
const TEXT_JOB = 'notice_text'

export type Notices = ReturnType<typeof openNotices>

/** 通知: what the village tells one member; in her notices, and what can't wait as a text message too. */
export function openNotices({
  store,
  clock,
  jobs,
  textTo
}: {
  store: Store
  clock: Clock
  jobs: Jobs
  /** Sends a text to a member's phone; nothing where the union knows none. */
  textTo: (memberId: string, text: string) => Promise<void>
}) {
  const notices = noticeStore(store)

  jobs.on<{ noticeId: string }>(TEXT_JOB, async ({ payload }) => {
    const notice = await notices.one(store.read, payload.noticeId)
    if (!notice || clock.now() - notice.at > TEXT_LIVES_MS) return
    const text = textOf(notice.kind as News['kind'], notice.about, moment)
    if (text) await textTo(notice.memberId, text)
  })

  return {
    /** Part of the caller's unit of work: nothing happens without being told, nothing is told that did not happen. */
    async tellIn(tx: Tx, { memberId, kind, about, href }: News): Promise<void> {
      const at = clock.now()
      const id = newId(at)
      await notices.add(tx, { id, memberId, kind, about: trimmed(about), href, at, readAt: 0 })
      if (textOf(kind, about, moment)) await jobs.add(tx, TEXT_JOB, { noticeId: id }, { id: `text-${id}` })
    },

    async mine(me: Member, after?: string): Promise<{ items: Notice[]; unread: number }> {
      const [rows, unread] = await Promise.all([notices.newest(me.id, after, PAGE), notices.unread(me.id)])
      const items = rows.map(({ id, kind, about, href, at, readAt }) => ({
        id,
        kind: kind as Notice['kind'],
        about,
        href,
        at,
        readAt
      }))
      return { items, unread }
    },

    unread: (memberId: string): Promise<number> => notices.unread(memberId),

    /** She has seen everything up to this one. */
    async read(me: Member, upTo: string): Promise<void> {
      await store.tx((tx) => notices.markRead(tx, me.id, upTo, clock.now()))
    }
  }
}

const said = new Intl.DateTimeFormat('zh-CN', {
  timeZone: ZONE,
  month: 'long',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hour12: false
})

/** 11月29日 14:00, as the village says it. */
const moment = (at: number) => said.format(at)
