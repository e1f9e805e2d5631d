/** The bound of what is not urgent. */
export const withoutReserve = (bound: number): number => bound - Math.floor(bound / 10)
