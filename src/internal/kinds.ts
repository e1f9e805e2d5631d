/** What an object calls itself. */
export const tagOf = (u: object): string => Object.prototype.toString.call(u).slice(8, -1)
