/**
 * What a function of the program has given that nobody waits for. Where that is a Promise, though none was asked for, its
 * failure must not end the program.
 */
export const unawaited = <A>(given: A): A => {
  if (given instanceof Promise) given.catch(() => {})
  return given
}
