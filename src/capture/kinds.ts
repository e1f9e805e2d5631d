/** What an object calls itself. */
export const tagOf = (u: object): string => Object.prototype.toString.call(u).slice(8, -1)

/** The name of an object's class. */
export const classOf = (u: object): string => {
  const { constructor } = u
  return typeof constructor === "function" && typeof constructor.name === "string" && constructor.name !== ""
    ? constructor.name
    : tagOf(u)
}

/** What an object is, when it is not shown by what is in it. */
export const kindOf = (u: object): string => {
  const tag = tagOf(u)
  return tag === "Object" ? classOf(u) : tag
}
