import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { setStock } from '../../shared/contracts/catalogue.ts'
import { waitForSpec, myWaits } from '../../shared/contracts/lots.ts'
import { engines } from '../testing/engines.ts'
import { market, type Market } from '../testing/market.ts'

describe.each(engines)('waiting on $name', (engine) => {
  let m: Market
  beforeEach(async () => {
    m = await market(engine)
  })
  afterEach(() => m.close())

  it('a restock of five is offered to the first five who wait', async () => {
    const { specId } = await m.goods(m.host, { title: '海胆', stock: 0 })
    const line = []
    for (const name of ['一', '二', '三', '四', '五', '六']) line.push(await m.signIn(name))
    for (const each of line) {
      const { status, text } = await each.call(waitForSpec, { params: { specId }, body: { qty: 1 } })
      expect(status, text).toBe(200)
      m.clock.pass(10)
    }
    await m.host.call(setStock, { params: { specId }, body: { stock: 5 } })
    const states = []
    for (const each of line) states.push((await each.call(myWaits)).json.items[0]!.state)
    expect(states).toEqual(['offered', 'offered', 'offered', 'offered', 'offered', 'waiting'])
  })
})
