/**
 * Packs the library as it would be published, installs it into an empty
 * project, and checks that a program there compiles and runs.
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Console, Effect, FileSystem, Path } from "effect"
import { asConsumer, CheckFailed, install, pack, repository, run } from "./install.ts"

/** Most bytes of the package as it is fetched. */
const mostBytes = 410_000

const passed = (check: string) => Console.log(`ok  ${check}`)

const compilerOptions = {
  target: "ES2024",
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  allowImportingTsExtensions: true,
  skipLibCheck: false,
  noEmit: true,
  types: ["node"]
}

const resolutions = [
  { module: "NodeNext", moduleResolution: "NodeNext" },
  { module: "ESNext", moduleResolution: "bundler" }
]

const program = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const root = yield* repository
  const folder = yield* fs.makeTempDirectoryScoped({ prefix: "consumer-" })
  const node = process.execPath
  const tsc = path.join(root, "node_modules", "typescript", "bin", "tsc")
  const write = (name: string, content: unknown) =>
    fs.writeFileString(path.join(folder, name), typeof content === "string" ? content : JSON.stringify(content))

  const packed = yield* pack(folder)
  const small = `${packed.filename} has at most ${mostBytes} bytes: ${packed.size}`
  if (packed.size > mostBytes) return yield* new CheckFailed({ check: small, output: "" })
  yield* passed(small)
  const once = `${packed.filename} has the code once, as modules that run`
  const others = packed.files.map(({ path }) => path).filter((path) => /^src\/|\.map$/.test(path))
  if (others.length > 0) return yield* new CheckFailed({ check: once, output: others.join("\n") })
  yield* passed(once)
  yield* install(folder, packed, {})
  yield* passed(`${packed.filename} installs into an empty project`)

  const examples = path.join(root, "scratchpad", "examples")
  const programs = [
    path.join(import.meta.dirname, "program.ts"),
    // Tests need a test runner, which this project does without.
    ...(yield* fs.readDirectory(examples)).filter((name) => /(?<!\.test)\.ts$/.test(name))
      .map((name) => path.join(examples, name))
  ]
  for (const file of programs) yield* write(path.basename(file), asConsumer(yield* fs.readFileString(file)))
  for (const resolution of resolutions) {
    yield* write("tsconfig.json", { include: ["*.ts"], compilerOptions: { ...compilerOptions, ...resolution } })
    const check =
      `the program and the examples of the documentation compile with moduleResolution ${resolution.moduleResolution}`
    yield* run(check, folder, node, tsc, "-p", ".")
    yield* passed(check)
  }

  const check = `the program runs on Node ${process.version}`
  yield* Console.log((yield* run(check, folder, node, "program.ts")).trimEnd().replaceAll(/^/gm, "    "))
  yield* passed(check)

  const every = "every path that the package exports can be imported, and its package.json read"
  const importAll = `
    const { default: manifest } = await import("effect-spillway/package.json", { with: { type: "json" } })
    const paths = Object.keys(manifest.exports).filter((path) => path.includes("/") && !path.endsWith(".json"))
    if (paths.length < 10) throw new Error("there are only " + paths.join())
    const door = await import("effect-spillway")
    for (const path of paths) {
      const module = await import("effect-spillway/" + path.slice(2))
      const named = door[path.slice(path.lastIndexOf("/") + 1)]
      // One that stands apart is behind no door.
      if (named === undefined) continue
      for (const key of Object.keys(module)) if (module[key] !== named[key]) throw new Error(path + " is another " + key)
    }`
  yield* run(every, folder, node, "--input-type=module", "--eval", importAll)
  yield* passed(every)

  const command = "the command of the package says its version"
  const bin = path.join(folder, "node_modules", "effect-spillway", "dist", "cli", "bin.js")
  const version = yield* run(command, folder, node, bin, "--version")
  if (!/ v\d/.test(version)) return yield* new CheckFailed({ check: command, output: version })
  yield* passed(command)

  for (const name of ["capture/Capture", "capture/Capture.js", "lane/Lane", "spool/SpoolStore", "cli/bin", "index"]) {
    const check = `"effect-spillway/${name}" is refused`
    const code = `await import("effect-spillway/${name}").then(
      () => { throw new Error("it was found") },
      (error) => { if (error.code !== "ERR_PACKAGE_PATH_NOT_EXPORTED") throw error })`
    yield* run(check, folder, node, "--input-type=module", "--eval", code)
    yield* passed(check)
  }
})

program.pipe(
  Effect.scoped,
  Effect.catchTag("CheckFailed", (error) =>
    Effect.andThen(
      Console.error(`FAILED  ${error.message}`),
      Effect.sync(() => {
        process.exitCode = 1
      })
    )),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain
)
