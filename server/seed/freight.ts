import type { ProductDraft } from '../../shared/contracts/catalogue.ts'
import { DAY_MS } from '../../shared/day.ts'
import { FREIGHT_EXAMPLES } from '../../shared/freight-examples.ts'
import type { Village } from '../app.ts'
import type { Member } from '../members/member.ts'
import type { ArtName } from './art.ts'

type Example = keyof typeof FREIGHT_EXAMPLES
/** The ids of a shop's templates. */
export type Freights = Record<Example, string>

/** How one of the demo's goods travels; `grams` of each spec in its order, where it is no 斤. */
interface Travel {
  tempClass: NonNullable<ProductDraft['tempClass']>
  by: Example
  grams: readonly number[]
  maxHours: number
  maxCelsius: number
}

/** Made up, like the prices: what a fishmonger would say of her goods, measured by nobody. */
const TRAVELS: Partial<Record<ArtName, Travel>> = {
  clams: { tempClass: 'chilled', by: 'chilled', grams: [1500, 2500], maxHours: 48, maxCelsius: 32 },
  reefOysters: { tempClass: 'chilled', by: 'chilled', grams: [1500], maxHours: 48, maxCelsius: 32 },
  prawns: { tempClass: 'frozen', by: 'chilled', grams: [500], maxHours: 72, maxCelsius: 0 },
  oysters: { tempClass: 'chilled', by: 'chilled', grams: [2500, 500], maxHours: 48, maxCelsius: 32 },
  mussels: { tempClass: 'chilled', by: 'chilled', grams: [2500], maxHours: 48, maxCelsius: 30 },
  crab: { tempClass: 'chilled', by: 'chilled', grams: [200, 800], maxHours: 36, maxCelsius: 30 },
  fishBalls: { tempClass: 'frozen', by: 'chilled', grams: [500], maxHours: 72, maxCelsius: 0 },
  kelp: { tempClass: 'ambient', by: 'ambient', grams: [250], maxHours: 0, maxCelsius: 0 },
  shrimpPaste: { tempClass: 'ambient', by: 'ambient', grams: [800], maxHours: 0, maxCelsius: 0 },
  driedFish: { tempClass: 'ambient', by: 'ambient', grams: [500], maxHours: 0, maxCelsius: 35 }
}

/** How long the demo's vouchers are good. */
const VALID_DAYS: Partial<Record<ArtName, number>> = { tideTrip: 90, feast: 180 }

/** Both templates for a shop, by the same door as any host's; those that are there already are left as they are. */
export async function writeFreight({ shop }: Village, host: Member): Promise<Freights> {
  const mine = new Map((await shop.freight.templates.mine(host)).map(({ name, id }) => [name, id]))
  const written = async (example: Example) => {
    const draft = FREIGHT_EXAMPLES[example]
    return mine.get(draft.name) ?? (await shop.freight.templates.add(host, draft)).id
  }
  return { chilled: await written('chilled'), ambient: await written('ambient') }
}

/** A draft of the demo's with how it travels. */
export function sent(draft: ProductDraft, art: ArtName, freights: Freights): ProductDraft {
  if (draft.kind === 'voucher') return { ...draft, validDays: VALID_DAYS[art] ?? 90 }
  const travel = TRAVELS[art]
  if (!travel) return draft
  const { by, grams, ...rules } = travel
  const specs = draft.specs.map((spec, i) => ({ ...spec, grams: grams[i] ?? 0 }))
  return { ...draft, ...rules, freightId: freights[by], specs }
}

/** Something to see on the road, that says what it is. */
export async function sayTheWeather({ shop, clock }: Village, officer: Member) {
  const now = clock.now()
  await shop.freight.weather.say(officer, {
    kind: 'heat',
    provinces: ['广东', '海南'],
    celsius: 33,
    words: '（演示）南边还热，活的先别发',
    fromAt: now,
    untilAt: now + 7 * DAY_MS
  })
}
