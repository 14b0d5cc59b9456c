import { SvelteSet } from 'svelte/reactivity'
import type { Answer } from '../../shared/contract.ts'
import { packingStation, packParcels, type OrderToPack, type Parcel } from '../../shared/contracts/packing.ts'
import { boxesOf, pickList, type PickRow } from '../../shared/parcel.ts'
import { call } from '../call.ts'

type Refused = Answer<typeof packParcels>['refused']

/** What waits to be packed in one shop, and what she makes of it: which orders go into one box, and which boxes now. */
export class Station {
  readonly shopId: string | undefined
  orders = $state.raw<OrderToPack[]>()
  shop = $state.raw<{ id: string; name: string; hostName: string }>()
  more = $state(false)
  toShip = $state(0)
  error = $state<unknown>()
  busy = $state(false)
  /** Orders that she wants in a box of their own. */
  #apart = new SvelteSet<string>()
  /** Orders that she leaves for later, and those that she packs though the weather says to wait. */
  #later = new SvelteSet<string>()
  #anyway = new SvelteSet<string>()

  /** What can be packed, and what waits for its boat. */
  ready = $derived(this.orders?.filter(({ landsAt }) => landsAt === 0) ?? [])
  ahead = $derived(this.orders?.filter(({ landsAt }) => landsAt > 0) ?? [])
  boxes = $derived(this.#boxed())
  chosen = $derived(this.boxes.filter((box) => this.isChosen(box)))
  chosenOrders = $derived(this.chosen.reduce((sum, box) => sum + box.length, 0))
  picks: PickRow[] = $derived(
    pickList(this.chosen.flat().flatMap(({ id, lines }) => lines.map((line) => ({ ...line, orderId: id }))))
  )

  /** Left out: her own shop. */
  constructor(shopId?: string) {
    this.shopId = shopId
  }

  async load() {
    this.error = undefined
    try {
      const { orders, shop, more, toShip } = await call(packingStation, { query: { shopId: this.shopId } })
      this.orders = orders
      this.shop = shop
      this.more = more
      this.toShip = toShip
    } catch (error) {
      this.error = error
    }
  }

  isChosen(box: OrderToPack[]) {
    return box.every(({ id, heldUp }) => !this.#later.has(id) && (!heldUp || this.#anyway.has(id)))
  }

  choose(box: OrderToPack[], wanted: boolean) {
    for (const { id } of box) {
      if (wanted) {
        this.#later.delete(id)
        this.#anyway.add(id)
      } else this.#later.add(id)
    }
  }

  chooseAll(wanted: boolean) {
    for (const box of this.boxes) this.choose(box, wanted && !box.some(({ heldUp }) => heldUp))
  }

  /** 分开装: each order of the box in one of its own. */
  split(box: OrderToPack[]) {
    for (const { id } of box) this.#apart.add(id)
  }

  /** Puts together again what she had taken apart. */
  merge({ sameAs }: OrderToPack) {
    for (const order of this.ready) if (order.sameAs === sameAs) this.#apart.delete(order.id)
  }

  isApart({ id }: OrderToPack) {
    return this.#apart.has(id)
  }

  /** Packs what she has chosen; answers the boxes, and which of them were refused. */
  async pack(): Promise<{ parcels: Parcel[]; refused: Refused }> {
    this.busy = true
    try {
      const boxes = this.chosen.map((box) => ({ orderIds: box.map(({ id }) => id) }))
      const done: { parcels: Parcel[]; refused: Refused } = { parcels: [], refused: [] }
      for (let from = 0; from < boxes.length; from += AT_ONCE) {
        const some = boxes.slice(from, from + AT_ONCE)
        const { parcels, refused } = await call(packParcels, { body: { shopId: this.shopId, boxes: some } })
        done.parcels.push(...parcels)
        done.refused.push(...refused)
      }
      return done
    } finally {
      this.busy = false
      await this.load()
    }
  }

  #boxed(): OrderToPack[][] {
    const alone = this.ready.filter((order) => this.#apart.has(order.id)).map((order) => [order])
    const together = boxesOf(this.ready.filter((order) => !this.#apart.has(order.id)))
    const place = new Map(this.ready.map(({ id }, at) => [id, at]))
    return [...alone, ...together].sort((a, b) => place.get(a[0]!.id)! - place.get(b[0]!.id)!)
  }
}

/** Boxes that one request packs: each is a unit of work of its own, and a phone waits only so long. */
const AT_ONCE = 40
