import { listCourses } from '../../shared/contracts/catalogue.ts'
import type { Http } from '../http/http.ts'
import type { Courses } from './courses.ts'

export function trainingRoutes(http: Http, courses: Courses) {
  http.route({ ...listCourses, handler: async () => ({ items: await courses.coming() }) })
}
