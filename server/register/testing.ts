const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** An ID number that begins like this: its last sign, worked out a second time on purpose. */
export function numberOf(seventeen: string): string {
  const sum = WEIGHTS.reduce((all, weight, at) => all + weight * Number(seventeen[at]), 0)
  return seventeen + [1, 0, 'X', 9, 8, 7, 6, 5, 4, 3, 2][sum % 11]
}

/** The ID number of a woman who never lived: the nth who was born in the village on a day. */
export const womanBorn = (day: string, nth: number) =>
  numberOf(`370283${day.replaceAll('-', '')}${String(nth * 2).padStart(3, '0')}`)
