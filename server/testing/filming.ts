import path from 'node:path'
import { FRAME } from '../../shared/video.ts'
import { systemClock } from '../clock.ts'
import { diskObjects } from '../objects/disk.ts'
import { readFilm } from '../seed/film.ts'
import { openStore } from '../store/open.ts'
import { openFilms } from '../video/films.ts'
import { filmJournal } from '../video/journal.ts'

/** A server that is killed in the middle of a show: `node filming.ts DATA_DIR` tells what its viewers have seen. */
const dataDir = process.argv[2]!
const journal = filmJournal(path.join(dataDir, 'filming'))
let shownS = 0
const films = openFilms({
  store: await openStore({ databaseUrl: '', redisUrl: '', dataDir }),
  objects: await diskObjects(path.join(dataDir, 'media'), '/media'),
  journal: {
    ...journal,
    part(sessionId, head, part) {
      journal.part(sessionId, head, part)
      shownS += part.durationS
    }
  },
  clock: systemClock,
  mediaUrl: '',
  report: (error) => console.error(error)
})
const id = await films.open('morning', 'haiying')
const publisher = await films.publisher(id)
const film = readFilm()
publisher.configure(film.video, film.audio)
// Not one segment is awaited: the last ones are on their way to the disk when the end comes.
for (const { kind, timestampUs, durationUs, data } of film.frames) {
  if (kind === FRAME.audio) publisher.audio({ timestampUs, durationUs, data })
  else if (kind !== FRAME.thumbnail) publisher.video({ key: kind === FRAME.key, timestampUs, data })
  if (timestampUs > 9_500_000) break
}
process.send!({ id, shownS })
