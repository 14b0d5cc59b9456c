import type { Clock } from '../clock.ts'
import type { Http } from '../http/http.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Members } from '../members/members.ts'
import { openBookings } from '../bookings/bookings.ts'
import { openFeeds } from '../bookings/feeds.ts'
import type { News } from '../notices/notice.ts'
import type { Settings } from '../settings.ts'
import { newId } from '../store/id.ts'
import type { Store, Tx } from '../store/store.ts'
import { classNews } from './class-news.ts'
import { classRoutes } from './class-routes.ts'
import { classStore } from './class-store.ts'
import { openClasses } from './classes.ts'
import { openDoor, type Neighbours as DoorNeighbours } from './door.ts'
import { openRosters, type Neighbours as RosterNeighbours } from './rosters.ts'
import { openTimetable, type Neighbours as TimetableNeighbours } from './timetable.ts'

/** Everything around a class, joined: the bookings under it, its calendar, its door, its roster. */
export function openClassroom({
  settings,
  store,
  clock,
  jobs,
  http,
  members,
  tellIn,
  ...neighbours
}: {
  settings: Pick<Settings, 'secret' | 'publicUrl'>
  store: Store
  clock: Clock
  jobs: Jobs
  http: Http
  members: Pick<Members, 'peopleIn' | 'enrolIn' | 'namesOf' | 'withRole' | 'audit'>
  tellIn: (tx: Tx, news: News) => Promise<void>
  ownedBy: TimetableNeighbours['ownedBy'] & DoorNeighbours['ownedBy']
} & Pick<TimetableNeighbours, 'openClassRoom'> &
  Pick<RosterNeighbours, 'previews'>) {
  const { peopleIn, enrolIn, namesOf, withRole, audit } = members
  const { secret, publicUrl } = settings
  const bookings = openBookings({
    store,
    clock,
    secret,
    audit,
    trainers: (limit) => withRole('trainer', limit),
    peopleIn
  })
  const rows = classStore(store)
  bookings.on(classNews(tellIn, rows))
  jobs.every('bookings', bookings.NEWS_EVERY_MS, bookings.tellNews)

  const classes = openClasses({ store, clock, bookings, namesOf })
  const ground = { store, clock, bookings, classes, tellIn, ...neighbours }
  const timetable = openTimetable(ground)
  const door = openDoor(ground)
  const rosters = openRosters({
    ...ground,
    peopleIn,
    audit,
    enrolNewcomer: async (tx, { name, phone }) => {
      const [known] = phone ? await peopleIn(tx, { phones: [phone] }) : []
      const id = known?.id ?? newId(clock.now())
      if (known || (await enrolIn(tx, [{ id, name, phone, roles: [] }])).has(id)) return id
      throw new Error(`${id} could not be written into the book`)
    }
  })
  const feeds = openFeeds({
    store,
    clock,
    publicUrl,
    runBy: async (memberId) => (await rows.taughtQuery(memberId)).map(({ id }) => id),
    addressOf: (classId) => `${publicUrl}/school/class/${classId}`
  })
  classRoutes(http, { classes, timetable, door, rosters, feeds, resources: bookings.resources })
  return { bookings, classes, timetable, rosters }
}
