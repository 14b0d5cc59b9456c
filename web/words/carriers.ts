import type { Carrier } from '../../shared/parcel.ts'
import { speak } from './speak.svelte.ts'

/** Who carries parcels, as people call them. */
export const carriers = speak<Record<Carrier, string>>({
  zh: {
    sf: '顺丰',
    jd: '京东',
    ems: '邮政 EMS',
    zto: '中通',
    yto: '圆通',
    sto: '申通',
    yunda: '韵达',
    jt: '极兔',
    deppon: '德邦',
    other: '别家快递',
    self: '店家自己送'
  },
  en: {
    sf: 'SF Express',
    jd: 'JD',
    ems: 'China Post EMS',
    zto: 'ZTO',
    yto: 'YTO',
    sto: 'STO',
    yunda: 'Yunda',
    jt: 'J&T',
    deppon: 'Deppon',
    other: 'another carrier',
    self: 'the shop itself'
  }
})

/** Whom to ring about a number. */
export const hotlines: Partial<Record<Carrier, string>> = {
  sf: '95338',
  jd: '950616',
  ems: '11183',
  zto: '95311',
  yto: '95554',
  sto: '95543',
  yunda: '95546',
  jt: '956025',
  deppon: '95353'
}
