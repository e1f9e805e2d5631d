/** Packs the library as it would be published, and installs it into a project that has nothing else. */
import { Effect, FileSystem, Path, Schema, Stream } from "effect"
import { ChildProcess, ChildProcessSpawner } from "effect/process"

export class CheckFailed extends Schema.TaggedError<CheckFailed>()("CheckFailed", {
  check: Schema.String,
  output: Schema.String
}) {
  override get message(): string {
    return `${this.check}\n${this.output}`
  }
}

const Manifest = Schema.fromJsonString(Schema.Struct({ devDependencies: Schema.Record(Schema.String, Schema.String) }))
const Packed = Schema.fromJsonString(Schema.Tuple([
  Schema.Struct({
    filename: Schema.String,
    size: Schema.Finite,
    files: Schema.Array(Schema.Struct({ path: Schema.String }))
  })
]))

export const repository = Effect.map(Path.Path, (path) => path.resolve(import.meta.dirname, "..", ".."))

/** Runs a command and gives what it printed on stdout; fails with everything it printed. */
export const run = Effect.fnUntraced(function*(
  check: string,
  folder: string,
  command: string,
  ...args: Array<string>
) {
  const spawner = yield* ChildProcessSpawner.ChildProcessSpawner
  const handle = yield* spawner.spawn(ChildProcess.make(command, args, { cwd: folder, stdin: "ignore" }))
  const [stdout, stderr, exitCode] = yield* Effect.all([
    Stream.mkString(Stream.decodeText(handle.stdout)),
    Stream.mkString(Stream.decodeText(handle.stderr)),
    handle.exitCode
  ], { concurrency: "unbounded" })
  if (exitCode !== 0) return yield* new CheckFailed({ check, output: `${stdout}${stderr}`.trim() })
  return stdout
}, Effect.scoped)

/** Packs the library into a folder. */
export const pack = Effect.fnUntraced(function*(folder: string) {
  const printed = yield* run("npm pack", yield* repository, "npm", "pack", "--json", "--pack-destination", folder)
  const [packed] = yield* Schema.decodeEffect(Packed)(printed)
  return packed
})

/** Makes a folder a project that has the packed library, its peers at our versions, and what else it is given. */
export const install = Effect.fnUntraced(function*(
  folder: string,
  packed: { readonly filename: string },
  others: Readonly<Record<string, string>>,
  ...options: Array<string>
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const manifest = yield* fs.readFileString(path.join(yield* repository, "package.json"))
  const { devDependencies } = yield* Schema.decodeEffect(Manifest)(manifest)
  const ours = (name: string) => ({ [name]: devDependencies[name] })
  yield* fs.writeFileString(
    path.join(folder, "package.json"),
    JSON.stringify({
      private: true,
      type: "module",
      dependencies: {
        "effect-spillway": `file:${packed.filename}`,
        ...ours("effect"),
        ...ours("@effect/platform-node"),
        ...ours("@types/node"),
        ...others
      }
    })
  )
  yield* run("npm install", folder, "npm", "install", "--no-audit", "--no-fund", "--prefer-offline", ...options)
})

/** A program of this repository with the imports of one that has installed the library. */
export const asConsumer = (text: string): string =>
  text.replaceAll(/(?:\.\.\/)+src\/index\.ts/g, "effect-spillway")
    .replaceAll(/(?:\.\.\/)+src\/([\w/]+)\.ts/g, "effect-spillway/$1")
