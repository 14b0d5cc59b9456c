import type { Product, Spec } from '../../shared/contracts/catalogue.ts'

/** What a tile shows: the cheapest spec that is still there, or simply the cheapest. */
export function cheapest(product: Product): Spec | undefined {
  const byPrice = product.specs.toSorted((one, other) => one.priceFen - other.priceFen)
  return byPrice.find((spec) => spec.stock > 0) ?? byPrice[0]
}

export const leftOf = (product: Product) => product.specs.reduce((sum, spec) => sum + spec.stock, 0)
