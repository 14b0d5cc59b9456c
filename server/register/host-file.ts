import type { Answer } from '../../shared/contract.ts'
import type { hostFile, RegisterRow } from '../../shared/contracts/register.ts'
import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'

type File = Answer<typeof hostFile>

const DOCUMENTS = 100
const CERTIFICATES = 50
const MENTORSHIPS = 50
const CLASSES = 200
const SHOWS = 200
const INCIDENTS = 200

/** What an inspector asks about; the rest of the book is the union's own business. */
const INCIDENTS_CALLED: Record<string, string> = {
  sale_stopped: '停售',
  sale_resumed: '恢复售卖',
  goods_taken_off: '商品下架',
  show_paused: '直播暂停',
  show_resumed: '直播恢复',
  certificate_revoked: '撤销证书',
  member_banned: '封号',
  ban_lifted: '解封'
}

/** Whom the file asks: every domain that knows something of a host. */
export interface Sources {
  rowOf: (memberId: string) => Promise<RegisterRow | undefined>
  namesOf: (ids: string[]) => Promise<ReadonlyMap<string, { name: string }>>
  shopNameOf: (memberId: string) => Promise<string>
  documentsOf: (memberId: string) => Promise<File['documents']>
  certificatesOf: (memberId: string) => Promise<File['certificates']>
  mentorshipsOf: (memberId: string) => Promise<File['mentorships']>
  classesOf: (memberId: string, limit: number) => Promise<{ title: string; at: number }[]>
  showsOf: (
    memberId: string,
    limit: number
  ) => Promise<
    {
      id: string
      title: string
      kind: File['shows'][number]['kind']
      openedAt: number | null
      endedAt: number | null
      peakViewers: number
    }[]
  >
  auditOf: (
    subjects: readonly string[],
    actions: readonly string[],
    limit: number
  ) => PromiseLike<{ action: string; at: number; actorId: string; details: Record<string, unknown> }[]>
}

export type HostFile = ReturnType<typeof openHostFile>

/** 主播档案: what the village knows of a host, put together for one sheet of paper. */
export function openHostFile({ clock, ...ask }: { clock: Clock } & Sources) {
  return {
    async of(memberId: string): Promise<File> {
      const known = (await ask.namesOf([memberId])).get(memberId)
      if (!known) throw new Problem('no_such_member')
      const [row, shopName, documents, certificates, mentorships, classes, shows] = await Promise.all([
        ask.rowOf(memberId),
        ask.shopNameOf(memberId),
        ask.documentsOf(memberId),
        ask.certificatesOf(memberId),
        ask.mentorshipsOf(memberId),
        ask.classesOf(memberId, CLASSES),
        ask.showsOf(memberId, SHOWS)
      ])
      return {
        printedAt: clock.now(),
        ...(row && { row }),
        name: known.name,
        shopName,
        documents: documents.slice(0, DOCUMENTS),
        certificates: certificates.slice(0, CERTIFICATES),
        mentorships: mentorships.slice(0, MENTORSHIPS),
        classes,
        shows: shows.map(({ id, title, kind, openedAt, endedAt, peakViewers }) => ({
          id,
          title,
          kind,
          openedAt: openedAt ?? 0,
          endedAt: endedAt ?? 0,
          peakViewers
        })),
        incidents: await incidentsOf([memberId, ...certificates.map(({ code }) => code)])
      }
    }
  }

  async function incidentsOf(subjects: string[]): Promise<File['incidents']> {
    const lines = await ask.auditOf(subjects, Object.keys(INCIDENTS_CALLED), INCIDENTS)
    const names = await ask.namesOf(lines.map(({ actorId }) => actorId).filter(Boolean))
    return lines.map(({ action, at, actorId, details }) => ({
      what: INCIDENTS_CALLED[action] ?? action,
      words: wordsOf(details),
      at,
      byName: names.get(actorId)?.name ?? ''
    }))
  }
}

/** Which show, which goods, and why. */
const wordsOf = (details: Record<string, unknown>) =>
  ['title', 'goods', 'reason']
    .map((name) => details[name])
    .filter((word) => typeof word === 'string' && word)
    .join('：')
    .slice(0, 200)
