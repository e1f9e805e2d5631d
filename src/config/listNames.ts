import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"

export const prefix = "LOGGING_"

const mostLoads = 2000

/**
 * The names of the variables that are set and begin with `LOGGING_`, as far as the
 * program's `ConfigProvider` can list them: as keys of its root (objects, folders), or
 * word by word below `LOGGING` (environment variables). Total.
 */
export const listNames: Effect.Effect<ReadonlyArray<string>> = Effect.gen(function*() {
  const provider = yield* ConfigProvider.ConfigProvider
  let loads = 0
  const load = (path: ConfigProvider.Path) =>
    loads++ < mostLoads
      ? Effect.catchCause(Effect.suspend(() => provider.load(path)), () => Effect.undefined)
      : Effect.undefined
  const isSet = (name: string) => Effect.map(load([name]), (node) => node?.value !== undefined)

  const names = new Set<string>()
  const note = Effect.fnUntraced(function*(name: string) {
    // A provider may write its keys in another way than they are asked for.
    const asked = name.toUpperCase()
    if (yield* isSet(asked)) names.add(asked)
    else if (yield* isSet(name)) names.add(name)
  })

  for (const key of keysOf(yield* load([]))) {
    if (key.startsWith(prefix)) yield* note(key)
  }
  const paths: Array<ReadonlyArray<string>> = [["LOGGING"]]
  for (const path of paths) {
    const node = yield* load(path)
    if (path.length > 1 && node?.value !== undefined) yield* note(path.join("_"))
    for (const key of keysOf(node)) paths.push([...path, key])
  }
  return [...names]
})

const mostItems = 100

const keysOf = (node: ConfigProvider.Node | undefined): ReadonlyArray<string> => {
  if (node?._tag === "Record") return [...node.keys]
  return node?._tag === "Array" ? Array.from({ length: Math.min(node.length, mostItems) }, (_, i) => String(i)) : []
}
