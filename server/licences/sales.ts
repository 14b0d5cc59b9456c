import { Problem } from '../../shared/problems.ts'
import type { Rooms, Tell } from '../live/rooms.ts'
import type { Show } from '../live/show.ts'
import type { Shows } from '../live/shows.ts'
import { has, type Member } from '../members/member.ts'
import type { Notices } from '../notices/notices.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import { publicReason } from './licence.ts'
import type { Mentors } from './mentors.ts'
import type { Permits } from './permits.ts'
import type { Audit } from './rules.ts'

/** Who stopped what nobody stopped: a certificate that was revoked, a paper that ran out. */
const NOBODY = ''

export type Sales = ReturnType<typeof openSales>

/** 停售: a show whose host has lost her licence sells nothing; the picture stays until somebody who may decides. */
export function openSales({
  store,
  permits,
  mentors,
  shows,
  act,
  tellIn,
  audit
}: {
  store: Store
  permits: Permits
  mentors: Pick<Mentors, 'connected'>
  shows: Pick<
    Shows,
    | 'get'
    | 'onAir'
    | 'onAirOf'
    | 'mayRun'
    | 'stopSaleIn'
    | 'resumeSaleIn'
    | 'superviseIn'
    | 'takeOffShelf'
    | 'shelfIds'
  >
  act: Rooms['act']
  tellIn: Notices['tellIn']
  audit: Audit
}) {
  /** Why a show that is on air may not go on selling, in the words of its viewers; empty: it may. */
  async function lapseIn(on: Tx | Reader, { hostId, mentorId }: Show): Promise<string> {
    const { show, mentor } = await permits.standingIn(on, hostId)
    if (!show.length) return ''
    // 带播: it began beside this mentor, who still stands in for what is missing.
    return mentorId !== '' && mentor?.id === mentorId ? '' : publicReason(show)
  }

  async function stopIn(tx: Tx, tell: Tell, showId: string, reason: string, actorId: string) {
    const show = await shows.stopSaleIn(tx, tell, showId, reason, actorId)
    if (show) await noteIn(tx, show, 'sale_stopped', reason, actorId)
  }

  /** The host and whoever stands beside her hear of it, but for the one who did it. */
  async function noteIn(
    tx: Tx,
    { id, title, hostId, mentorId }: Show,
    action: 'sale_stopped' | 'sale_resumed',
    reason: string,
    actorId: string
  ) {
    const details = { showId: id, title, ...(reason && { reason }) }
    await audit(tx, { actorId, action, subject: hostId, details })
    if (action === 'sale_resumed') return
    const about = { title, reason }
    if (hostId !== actorId) await tellIn(tx, { memberId: hostId, kind: action, about, href: `/studio/${id}` })
    if (mentorId && mentorId !== actorId) {
      await tellIn(tx, { memberId: mentorId, kind: action, about, href: `/desk/${id}` })
    }
  }

  async function resume(me: Member, show: Show, reason: string) {
    const { show: missing, mentor } = await permits.standing(show.hostId, [])
    const beside = mentor && (await mentors.connected(show.id, mentor)) ? mentor : undefined
    if (missing.length && !beside) {
      throw new Problem('not_licensed', { missing: await permits.explain(missing) })
    }
    await act(async (tx, tell) => {
      await shows.superviseIn(tx, show.id, missing.length ? beside!.id : '')
      if (await shows.resumeSaleIn(tx, tell, show.id, me.id))
        await noteIn(tx, show, 'sale_resumed', reason, me.id)
    })
  }

  /** A show on air is looked at again: its host's papers, then what is on its shelf. */
  async function reviewShow(show: Show) {
    const { show: missing, goods } = await permits.standing(show.hostId, await shows.shelfIds(show.id))
    // She has got what she was missing: nobody need stand beside her any more.
    if (!missing.length && show.mentorId !== '') await store.tx((tx) => shows.superviseIn(tx, show.id, ''))
    if (missing.length && show.saleStopped === '') {
      await act(async (tx, tell) => {
        const reason = await lapseIn(tx, await shows.get(show.id, tx))
        if (reason) await stopIn(tx, tell, show.id, reason, NOBODY)
      })
    }
    const lapsed = goods.filter(({ missing }) => missing.length)
    if (!lapsed.length) return
    const titles = lapsed.map(({ title }) => title).join('、')
    await shows.takeOffShelf(
      show.id,
      lapsed.map(({ productId }) => productId),
      NOBODY,
      async (tx) => {
        const details = { showId: show.id, title: show.title, goods: titles }
        await audit(tx, { actorId: NOBODY, action: 'goods_taken_off', subject: show.hostId, details })
        const about = { title: show.title, goods: titles }
        await tellIn(tx, {
          memberId: show.hostId,
          kind: 'goods_taken_off',
          about,
          href: `/studio/${show.id}`
        })
      }
    )
  }

  return {
    /** A host has lost something, in the unit of work in which she lost it. */
    async reviewIn(tx: Tx, tell: Tell, hostId: string): Promise<void> {
      for (const show of await shows.onAirOf(tx, hostId)) {
        if (show.kind !== 'public') continue
        const reason = await lapseIn(tx, show)
        if (reason) await stopIn(tx, tell, show.id, reason, NOBODY)
      }
    },

    /** What ran out by itself, and what changed elsewhere: every show on air is looked at. */
    async review(): Promise<void> {
      for (const show of await shows.onAir()) if (show.kind === 'public') await reviewShow(show)
    },

    /**
     * Its mentor, an operator or an officer stops the sale, or resumes it once the permit allows. Nobody decides about
     * her own show. Problems: no_such_show, show_not_yours, show_not_live, not_licensed.
     */
    async set(me: Member, showId: string, { stopped, reason }: { stopped: boolean; reason: string }) {
      const show = await shows.get(showId)
      const mayDecide = show.hostId !== me.id && (await shows.mayRun(show, me))
      if (!mayDecide || show.kind !== 'public') throw new Problem('show_not_yours')
      if (show.state !== 'live' && show.state !== 'away') throw new Problem('show_not_live')
      if (!stopped) return resume(me, show, reason.trim())
      const words = reason.trim() || (has(me, 'officer') ? '工会暂停了销售' : '场控暂停了销售')
      await act((tx, tell) => stopIn(tx, tell, showId, words, me.id))
    }
  }
}
