import { PROVINCES, type Province } from '../../shared/provinces.ts'

const KEPT = 'province'

/** Where she asked for last on this phone; at first where the village is. */
export function keptProvince(): Province {
  const kept = localStorage.getItem(KEPT)
  return PROVINCES.find((province) => province === kept) ?? '山东'
}

export function keepProvince(province: Province) {
  try {
    localStorage.setItem(KEPT, province)
  } catch {
    // A full phone asks for it again.
  }
}
