/** Options of which any can be left out or be `undefined`, which is the same. */
export type Given<A> = { readonly [K in keyof A]?: A[K] | undefined }

/** The options that are set. */
export const given = <A extends object>(options: A): { readonly [K in keyof A]?: Exclude<A[K], undefined> } => {
  const out: { [K in keyof A]?: Exclude<A[K], undefined> } = {}
  for (const key in options) {
    const value = options[key]
    if (isGiven(value)) out[key] = value
  }
  return out
}

const isGiven = <A>(value: A): value is Exclude<A, undefined> => value !== undefined
