import type { RefusedGoods } from '../../shared/contracts/licences.ts'
import type { ShelfItem } from '../../shared/contracts/live.ts'
import type { Reader, Tx } from '../store/store.ts'
import type { Show } from './show.ts'

/** What a card says of the shop behind a show. */
export interface HostsShop {
  id: string
  name: string
  village: string
  portrait: string
}

/** What shows ask of the rest of the village; live itself knows nobody but members. */
export interface Neighbours {
  /** What shelves show of these products; one that is not for sale is missing. */
  shelfItems: (productIds: string[]) => Promise<ReadonlyMap<string, Omit<ShelfItem, 'number'>>>
  shopsOf: (hostIds: string[]) => Promise<ReadonlyMap<string, HostsShop>>
  namesOf: (memberIds: string[]) => Promise<ReadonlyMap<string, { name: string }>>
  /** Whether an address is a picture that this village keeps. */
  isOurPicture: (url: string) => boolean
  /** Whether she has a seat in a class. */
  inClass: (classId: string, memberId: string) => Promise<boolean>
  /** 持证开播: what a host may sell and whether she may go live. */
  permit: {
    /** Refuses what she has no licence for: goods_not_licensed. */
    beforeShelf: (hostId: string, productIds: string[]) => Promise<void>
    /**
     * Refuses with not_licensed, goods_not_licensed or mentor_away; otherwise answers who stands beside her (empty:
     * she needs nobody), and what of this shelf she may not sell any more.
     */
    beforeGoLive: (show: Show, productIds: string[]) => Promise<{ mentorId: string; refused: RefusedGoods[] }>
    /** Her mentor, while the two are a pair. */
    mentorOf: (on: Tx | Reader, hostId: string) => Promise<{ id: string } | undefined>
    apprenticesOf: (mentorId: string) => Promise<string[]>
  }
  film: {
    /** Opens the picture of a show for its host's camera, or takes up the open one again. */
    open: (showId: string, hostId: string, closed: boolean) => Promise<string>
    /** Finishes it; the replay is complete when this resolves. */
    end: (sessionId: string) => Promise<unknown>
    isOpen: (sessionId: string) => Promise<boolean>
    /** Where it plays: while it is filmed, or afterwards. */
    playlist: (sessionId: string, ended: boolean) => Promise<string>
  }
}
