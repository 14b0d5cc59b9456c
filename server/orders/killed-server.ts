// A server of its own for the suite that kills it; answers the port that it listens on.
import { systemClock } from '../clock.ts'
import { villageAt, type Place } from '../testing/market.ts'
import { errandOf } from '../testing/mortal.ts'

const village = await villageAt(await errandOf<Place>(), systemClock)
village.start()
await village.http.listen({ port: 0, host: '127.0.0.1' })
process.send!((village.http.server.address() as { port: number }).port)
