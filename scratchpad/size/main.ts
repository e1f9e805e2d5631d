/** Prints what programs load of the library, file by file: `npm run size`. */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Console, Effect } from "effect"
import { totalOf } from "./bundled.ts"
import { sizes } from "./sizes.ts"

const line = (bytes: number, what: string): string => `${bytes.toLocaleString("en").padStart(9)}  ${what}`

const program = Effect.gen(function*() {
  for (const { files, what } of Object.values(yield* sizes)) {
    yield* Console.log(line(totalOf(files), what))
    const largest = Array.from(files).toSorted(([, a], [, b]) => b - a)
    for (const [path, bytes] of largest) yield* Console.log(line(bytes, `  ${path}`))
  }
})

program.pipe(Effect.provide(NodeServices.layer), NodeRuntime.runMain)
