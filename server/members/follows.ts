import { Problem } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Reader, Store, Tx } from '../store/store.ts'
import type { Member } from './member.ts'
import { followStore, memberStore } from './store.ts'

/** 关注: who follows which host. */
export function openFollows({ store, clock }: { store: Store; clock: Clock }) {
  const follows = followStore(store)
  const members = memberStore(store)

  return {
    /** Twice is once. Throws `no_such_member` for somebody who is no host. */
    async follow(member: Member, hostId: string): Promise<void> {
      await store.tx(async (tx) => {
        const [host] = await members.byIds(tx, [hostId])
        if (!host?.roles.includes('host')) throw new Problem('no_such_member')
        await follows.add(tx, { memberId: member.id, hostId, followedAt: clock.now() })
      })
    },
    async unfollow(member: Member, hostId: string): Promise<void> {
      await store.tx((tx) => follows.remove(tx, member.id, hostId))
    },
    followsIn: (on: Tx | Reader, memberId: string, hostId: string): Promise<boolean> =>
      follows.has(on, memberId, hostId),
    followerCount: (hostId: string): Promise<number> => follows.count(store.read, hostId)
  }
}
