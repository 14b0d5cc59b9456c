import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { whoAmI } from '../../shared/contracts/members.ts'
import { engines } from '../testing/engines.ts'
import { testVillage, type TestVillage } from '../testing/village.ts'

describe.each(engines)('members on $name', (engine) => {
  let village: TestVillage
  beforeAll(async () => {
    village = await testVillage({ engine })
  })
  afterAll(() => village.close())

  it('signs a person in with the code that her phone was sent', async () => {
    const host = await village.signIn('海燕', 'host')
    const { json } = await host.call(whoAmI)
    expect(json.me).toEqual({ id: host.me.id, name: '海燕', phone: host.phone, roles: ['buyer', 'host'] })
  })
})
