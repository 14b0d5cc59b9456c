import { randomInt } from 'node:crypto'
import type { Answer, Body } from '../../shared/contract.ts'
import {
  AFTERSALE_PAGE,
  type Compensation,
  type decideCompensation,
  type deskCompensations,
  type DeskCompensation,
  type photoCode,
  type reportBad
} from '../../shared/contracts/aftersale.ts'
import type { CaseView } from '../../shared/contracts/cases.ts'
import { DAY_MS } from '../../shared/day.ts'
import { yuan } from '../../shared/money.ts'
import { Problem } from '../../shared/problems.ts'
import type { Cases } from '../cases/cases.ts'
import type { Files } from '../files/files.ts'
import type { Tell } from '../live/rooms.ts'
import type { Member } from '../members/member.ts'
import { newId } from '../store/id.ts'
import type { Reader, Tx } from '../store/store.ts'
import type { Ground } from './alerts.ts'
import {
  askedFenOf,
  CODE_GOOD_MS,
  CODE_SHOWN_MS,
  isAutomatic,
  isFresh,
  isGood,
  monthBegan,
  whyNotCompensated,
  windowMsOf,
  type Bad
} from './compensation.ts'
import { leftFenOf, leftQtyOf } from './refund.ts'
import type { RefundNeighbours, Refunds } from './refunds.ts'
import type { Rules } from './rules.ts'
import { aftersaleStore, type CompensationRow, type LineRow, type OrderRow } from './store.ts'

const CODES = 10_000
/** What the desk says of how often somebody reports. */
const LATELY_MS = 30 * DAY_MS
/** Who granted what a rule granted. */
const NOBODY = ''
const OPEN_SHOWN = 50

export interface CompensationNeighbours extends Pick<RefundNeighbours, 'act' | 'orders' | 'tellIn'> {
  shopsByIds: RefundNeighbours['shopsByIds']
  /** Who sells there; through the unit. */
  hostIn: (on: Tx | Reader, shopId: string) => Promise<string>
  files: Pick<Files, 'ownedBy'>
  cases: Pick<Cases, 'openIn' | 'answerIn' | 'onDecided' | 'list' | 'views' | 'countsOf'>
}

export type Compensations = ReturnType<typeof openCompensations>

/** 坏单包赔: what came dead, short, broken or wrong. Small sums at once, the rest as a case with an owner and a day. */
export function openCompensations({
  store,
  clock,
  refunds,
  rules,
  act,
  orders,
  shopsByIds,
  hostIn,
  tellIn,
  files,
  cases
}: Ground & { refunds: Refunds; rules: Rules } & CompensationNeighbours) {
  const rows = aftersaleStore(store)

  cases.onDecided(
    'compensation',
    async (tx, { subjectId }, approved, officer, words, tell) => {
      const row = await open(tx, subjectId)
      await decidedIn(tx, tell, officer, row, { grantFen: approved ? row.askedFen : 0, words })
    },
    {
      href: ({ form }) => `/me/orders/${form['_order_id'] ?? ''}`,
      handledBy: 'operator',
      files: 'bad_goods',
      quiet: true,
      withdrawn: async (tx, { subjectId }) => {
        await rows.closeCompensation(tx, subjectId, closing('withdrawn', 0))
      }
    }
  )

  return {
    /** Four digits to write beside what came bad. Problem no_such_order. */
    async codeFor(me: Member, orderId: string): Promise<Answer<typeof photoCode>> {
      const now = clock.now()
      const made = await store.tx(async (tx) => {
        await own(tx, me, orderId)
        const [newest, ...older] = await rows.codesOf(tx, orderId)
        if (newest && isFresh(newest, now)) return newest
        const taken = new Set([newest, ...older].map((each) => each?.code))
        const row = { orderId, code: digitsBut(taken), madeAt: now }
        await rows.addCode(tx, row, now - CODE_GOOD_MS)
        return row
      })
      return { code: made.code, until: made.madeAt + CODE_SHOWN_MS }
    },

    /**
     * Reports it. The same photos of the same line are one report. Problems: no_such_order, not_compensable {why},
     * compensation_open, photo_code_old, photo_old, photo_used, no_such_file, refund_too_much {leftQty}, refund_nothing.
     */
    async report(me: Member, orderId: string, draft: Body<typeof reportBad>): Promise<Compensation> {
      const row = await act(async (tx, tell) => {
        const order = await own(tx, me, orderId)
        const lines = await orders.linesIn(tx, [orderId])
        const line = lines.find(({ specId }) => specId === draft.specId)
        if (!line) throw new Problem('bad_input', { field: '/specId' })
        const before = (await rows.compensationsOf(tx, orderId)).find((each) => isSame(each, draft))
        if (before) return before
        const law = await rules.now(tx)
        const now = clock.now()
        const why = whyNotCompensated(line, order, law, now)
        if (why) throw new Problem('not_compensable', { why })
        await checkPhotos(tx, me, orderId, draft)
        if (draft.qty > leftQtyOf(line)) throw new Problem('refund_too_much', { leftQty: leftQtyOf(line) })
        const askedFen = askedFenOf(line, draft)
        if (askedFen === 0) throw new Problem('refund_nothing')
        const granted = await rows.automatic(tx, { orderId, memberId: me.id, since: monthBegan(now) })
        return addedIn(tx, tell, me, order, line, draft, askedFen, isAutomatic(askedFen, granted, law))
      })
      await refunds.sayChanged({ orderId, lines: [{ ...draft, fen: 0 }] })
      return (await views([row]))[0]!
    },

    /** Grants so much of it, as the case was seen. Problems: no_such_compensation, case_own, case_closed, case_changed. */
    async decide(
      me: Member,
      compensationId: string,
      { version, grantFen, words }: Body<typeof decideCompensation>
    ): Promise<DeskCompensation> {
      const row = await act(async (tx, tell) => {
        const before = await open(tx, compensationId)
        const after = await decidedIn(tx, tell, me, before, { grantFen, words })
        await cases.answerIn(tx, me, before.caseId, { approve: grantFen > 0, words, version })
        return after
      })
      return (await deskViews([row]))[0]!
    },

    /** Those that wait, by their deadline; or all others, newest first. */
    async list(
      me: Member,
      list: 'open' | 'closed',
      after?: string
    ): Promise<Answer<typeof deskCompensations>['items']> {
      const last = after === undefined ? undefined : await rows.compensation(store.read, after)
      if (after !== undefined && !last) throw new Problem('no_such_compensation')
      if (list === 'closed')
        return deskViews(await rows.closedCompensations(store.read, last, AFTERSALE_PAGE))
      const { items } = await cases.list(me, {
        list: 'open',
        kind: 'compensation',
        ...(last && { after: last.caseId })
      })
      const found = new Map(
        (await rows.ofCases(store.read, items.slice(0, OPEN_SHOWN).map(idOf))).map((row) => [row.caseId, row])
      )
      return deskViews(
        items.flatMap(({ id }) => found.get(id) ?? []),
        items
      )
    },

    ofOrder: async (orderId: string): Promise<Compensation[]> =>
      views(await rows.compensationsOf(store.read, orderId)),

    /** For whoever sold it: without the case, in which the buyer and the desk talk under their names. */
    ofShop: async (shopId: string): Promise<DeskCompensation[]> =>
      deskViews(await rows.ofShop(store.read, shopId, AFTERSALE_PAGE), []),

    windowMsOf: async (line: Pick<LineRow, 'goodsClass'>) =>
      windowMsOf(await rules.now(store.read), line.goodsClass)
  }

  async function addedIn(
    tx: Tx,
    tell: Tell,
    me: Member,
    order: OrderRow,
    line: LineRow,
    { what, qty, percent, code, fileIds, words }: Body<typeof reportBad>,
    askedFen: number,
    automatic: boolean
  ): Promise<CompensationRow> {
    const now = clock.now()
    const id = newId(now)
    // To have it in her hands is to have received it.
    if (order.state === 'shipped') {
      const note = '买家报了坏单，从这时起算收到'
      await orders.moveIn(tx, tell, order.id, 'received', { actorId: me.id, note })
    }
    const bad: CompensationRow = {
      id,
      orderId: order.id,
      specId: line.specId,
      shopId: order.shopId,
      memberId: me.id,
      what,
      qty,
      percent,
      askedFen,
      grantedFen: 0,
      state: 'open',
      openKey: `${order.id}:${line.specId}`,
      caseId: '',
      code,
      fileIds,
      words: words.trim(),
      createdAt: now,
      closedAt: 0
    }
    if (!automatic) {
      bad.caseId = await cases.openIn(tx, {
        kind: 'compensation',
        subjectId: id,
        openedBy: me.id,
        form: { ...formOf(order, line, bad), _order_id: order.id },
        words: bad.words,
        fileIds
      })
    }
    if (!(await rows.addCompensation(tx, bad))) throw new Problem('compensation_open')
    const row = automatic ? await grantedIn(tx, tell, bad, line, askedFen, NOBODY, '按规矩当场赔付') : bad
    await tellIn(tx, {
      memberId: await hostIn(tx, order.shopId),
      kind: 'bad_goods',
      about: { title: line.title, yuan: yuan(askedFen), state: row.state },
      href: '/studio/aftersale'
    })
    return row
  }

  async function decidedIn(
    tx: Tx,
    tell: Tell,
    me: Member,
    row: CompensationRow,
    { grantFen, words }: { grantFen: number; words: string }
  ): Promise<CompensationRow> {
    const { shopId, memberId, orderId, specId, askedFen } = row
    // She who sold it, and she who bought it, are no judges of it.
    if (memberId === me.id || (await hostIn(tx, shopId)) === me.id) throw new Problem('case_own')
    if (grantFen > askedFen) throw new Problem('refund_too_much', { leftFen: askedFen })
    const line = (await orders.linesIn(tx, [orderId])).find((each) => each.specId === specId)!
    if (grantFen > leftFenOf(line)) throw new Problem('refund_too_much', { leftFen: leftFenOf(line) })
    const after =
      grantFen > 0
        ? await grantedIn(tx, tell, row, line, grantFen, me.id, words)
        : await rows.closeCompensation(tx, row.id, closing('refused', 0))
    if (!after) throw new Problem('case_closed')
    await tellIn(tx, {
      memberId,
      kind: 'compensation_decided',
      about: {
        title: line.title,
        yuan: yuan(grantFen),
        decision: grantFen > 0 ? 'approved' : 'refused',
        words
      },
      href: `/me/orders/${orderId}`
    })
    return after
  }

  /** The money goes back in the same unit. Pieces count as given back only where they were wholly bad and wholly paid. */
  async function grantedIn(
    tx: Tx,
    tell: Tell,
    row: CompensationRow,
    line: LineRow,
    grantFen: number,
    actorId: string,
    words: string
  ): Promise<CompensationRow> {
    const { id, orderId, specId, percent, askedFen } = row
    const whole = percent === 100 && grantFen === askedFen
    const qty = whole ? Math.min(row.qty, leftQtyOf(line)) : 0
    const lines = [{ specId, qty, fen: grantFen }]
    const told = words || '坏单包赔'
    const key = `compensation:${id}`
    await refunds.refundIn(tx, tell, { orderId, key, cause: 'compensation', lines, words: told, actorId })
    const after = await rows.closeCompensation(tx, id, closing('granted', grantFen))
    if (!after) throw new Problem('case_closed')
    return after
  }

  /** Taken since the digits were shown, hers, and never used before. */
  async function checkPhotos(
    tx: Tx,
    me: Member,
    orderId: string,
    { code, fileIds }: Pick<Body<typeof reportBad>, 'code' | 'fileIds'>
  ) {
    const shown = (await rows.codesOf(tx, orderId)).find((each) => each.code === code)
    if (!shown || !isGood(shown, clock.now())) throw new Problem('photo_code_old')
    const photos = await files.ownedBy(tx, fileIds, me.id, 'bad_goods')
    if (photos.some(({ createdAt }) => createdAt < shown.madeAt)) throw new Problem('photo_old')
    const used = (await rows.ofMemberSince(tx, me.id, shown.madeAt)).flatMap((each) => each.fileIds)
    if (fileIds.some((fileId) => used.includes(fileId))) throw new Problem('photo_used')
  }

  async function own(on: Tx, me: Member, orderId: string): Promise<OrderRow> {
    const order = await orders.rowIn(on, orderId)
    if (order?.memberId !== me.id) throw new Problem('no_such_order')
    return order
  }

  async function open(on: Tx, id: string): Promise<CompensationRow> {
    const row = await rows.compensation(on, id)
    if (!row) throw new Problem('no_such_compensation')
    if (row.state !== 'open') throw new Problem('case_closed')
    return row
  }

  function closing(state: 'granted' | 'refused' | 'withdrawn', grantedFen: number) {
    return { state, grantedFen, closedAt: clock.now() }
  }

  async function titlesOf(found: CompensationRow[]): Promise<Map<string, string>> {
    const orderIds = [...new Set(found.map(({ orderId }) => orderId))]
    const lines = await orders.linesIn(store.read, orderIds)
    return new Map(lines.map(({ orderId, specId, title }) => [`${orderId}:${specId}`, title]))
  }

  async function views(found: CompensationRow[]): Promise<Compensation[]> {
    const titles = await titlesOf(found)
    return found.map((row) => ({ ...row, title: titles.get(`${row.orderId}:${row.specId}`) ?? '' }))
  }

  async function deskViews(found: CompensationRow[], known?: CaseView[]): Promise<DeskCompensation[]> {
    const caseIds = found.map(({ caseId }) => caseId).filter(Boolean)
    const [shown, caseViews, times, shops, ordersOf] = await Promise.all([
      views(found),
      known ?? cases.views(caseIds),
      rows.timesOf(store.read, [...new Set(found.map(({ memberId }) => memberId))], clock.now() - LATELY_MS),
      shopsByIds(found.map(({ shopId }) => shopId)),
      Promise.all(found.map(({ orderId }) => orders.rowIn(store.read, orderId)))
    ])
    const caseOf = new Map(caseViews.map((each) => [each.id, each]))
    return found.map(({ caseId, memberId, shopId }, i) => {
      const theCase = caseOf.get(caseId)
      return {
        compensation: shown[i]!,
        ...(theCase && { case: theCase }),
        buyer: ordersOf[i]?.buyer ?? '',
        shopName: shops.get(shopId)?.name ?? '',
        test: ordersOf[i]?.test ?? false,
        lately: times.get(memberId) ?? 0
      }
    })
  }
}

const idOf = ({ id }: { id: string }) => id

const isSame = (row: CompensationRow, { specId, fileIds }: Pick<CompensationRow, 'specId' | 'fileIds'>) =>
  row.specId === specId && [...row.fileIds].sort().join() === [...fileIds].sort().join()

function digitsBut(taken: ReadonlySet<string | undefined>): string {
  for (;;) {
    const code = String(randomInt(CODES)).padStart(4, '0')
    if (!taken.has(code)) return code
  }
}

const WHATS = { dead: '死了、臭了', short: '少了', broken: '破了、化了', wrong: '发错了' }

/** What whoever decides reads in the case. */
const formOf = (order: OrderRow, line: LineRow, bad: CompensationRow & Bad) => ({
  商品: `${line.title} ${line.specName}`,
  怎么了: WHATS[bad.what],
  多少: `${bad.qty} 份${bad.percent < 100 ? `，坏了约 ${bad.percent}%` : ''}（买了 ${line.qty} 份）`,
  要赔: `¥${yuan(bad.askedFen)}`,
  照片上的数: bad.code,
  订单: order.id
})
