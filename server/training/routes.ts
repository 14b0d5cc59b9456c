import { listClasses } from '../../shared/contracts/classes.ts'
import type { Http } from '../http/http.ts'

export function trainingRoutes(http: Http) {
  http.route({ ...listClasses, handler: async () => ({ items: [] }) })
}
