import { NodeServices } from "@effect/platform-node"
import { assert, describe, layer } from "@effect/vitest"
import { Effect, FileSystem, Path } from "effect"
import { Ledger, LogSink } from "../../src/index.ts"
import { type Ended, root, run } from "./programs.ts"

const readme = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  return yield* fs.readFileString(path.join(yield* root, "README.md"))
})

const examplesFolder = Effect.gen(function*() {
  return (yield* Path.Path).join(yield* root, "scratchpad", "examples")
})

/** An example as a program that has installed the library: it imports the package, in the formatter's order. */
const asConsumer = (text: string): string => {
  const lines = text.split("\n")
  const rest = lines.findIndex((line) => !line.startsWith("import "))
  const imports = lines.slice(0, rest).map((line) => {
    const from = line.slice(line.lastIndexOf(" from ")).replace("../../src/index.ts", "effect-spillway")
    return { from: from.replace("\"./", "\"~./"), line: line.slice(0, line.lastIndexOf(" from ")) + from }
  })
  const sorted = imports.toSorted((a, b) => a.from < b.from ? -1 : 1).map(({ line }) => line)
  return [...sorted, ...lines.slice(rest)].join("\n")
}

/** The examples by name, as the README shows them. */
const examples = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = yield* examplesFolder
  const names = yield* fs.readDirectory(folder)
  const texts = yield* Effect.forEach(names, (name) => fs.readFileString(path.join(folder, name)))
  return new Map(names.map((name, index) => [name, asConsumer(texts[index] ?? "")]))
})

const runExample = (
  name: string,
  options?: {
    readonly env?: Record<string, string>
    readonly onStdout?: (line: string, pid: number) => void
  }
) =>
  Effect.gen(function*() {
    const path = yield* Path.Path
    return yield* run({ arguments: [path.join(yield* examplesFolder, name)], ...options })
  })

const linesOf = (text: string): ReadonlyArray<string> => text.split("\n").filter((line) => line !== "")

const recordsOf = (text: string): ReadonlyArray<Readonly<Record<string, unknown>>> =>
  linesOf(text).map((line): Readonly<Record<string, unknown>> => JSON.parse(line))

const messagesOf = (text: string): ReadonlyArray<unknown> => recordsOf(text).map((record) => record["message"])

const endedWell = ({ exitCode, stderr }: Ended): void => {
  assert.strictEqual(stderr, "")
  assert.strictEqual(exitCode, 0)
}

layer(NodeServices.layer, { excludeTestServices: true })("README", (it) => {
  describe("text", () => {
    it.effect("shows every example, and nothing else, as TypeScript", () =>
      Effect.gen(function*() {
        const blocks = [...(yield* readme).matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => match[1])
        const known = yield* examples
        for (const block of blocks) {
          assert.include([...known.values()], block)
        }
        for (const [name, text] of known) {
          assert.include(blocks, text, `${name} is not in the README`)
        }
      }))

    it.effect("explains every reason for a drop", () =>
      Effect.gen(function*() {
        const text = yield* readme
        for (const reason of Ledger.dropReasons) {
          assert.match(text, new RegExp(`^\\| .*\`${reason}\``, "m"))
        }
      }))

    it.effect("explains every option of a lane", () =>
      Effect.gen(function*() {
        const text = yield* readme
        for (const option of Object.keys(LogSink.defaults)) {
          assert.match(text, new RegExp(`^\\| \`${option}\` +\\|`, "m"))
        }
      }))

    it.effect("links to files that exist", () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const path = yield* Path.Path
        for (const [, target] of (yield* readme).matchAll(/\]\(([^)#:]+)\)/g)) {
          assert.isTrue(yield* fs.exists(path.join(yield* root, target ?? "")), target)
        }
      }))
  })

  describe("examples", () => {
    it.effect("spool.ts delivers through the spool and leaves nothing on it", () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const ended = yield* runExample("spool.ts")
        endedWell(ended)
        const path = yield* Path.Path
        const text = yield* fs.readFileString(path.join(ended.folder, "logs", "audit.ndjson"))
        assert.deepStrictEqual(messagesOf(text), ["account closed"])
      }))

    it.effect("dead-letters.ts keeps what is refused and sends it again", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("dead-letters.ts")
        assert.strictEqual(ended.exitCode, 0)
        assert.include(yield* readme, `\`\`\`text\n${ended.stdout}\n\`\`\`\n`)
      }))

    it.effect("quick-start.ts writes to the console and to the file, without the secret", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("quick-start.ts")
        endedWell(ended)
        const [record] = recordsOf(ended.stdout)
        assert.strictEqual(record?.["message"], "order placed")
        assert.deepStrictEqual(record?.["annotations"], { order: 1042, cardToken: "<redacted>" })
        const fs = yield* FileSystem.FileSystem
        const path = yield* Path.Path
        const file = yield* fs.readFileString(path.join(ended.folder, "logs", "app.ndjson"))
        assert.deepStrictEqual(recordsOf(file), recordsOf(ended.stdout))
      }))

    it.effect("service.ts drains on SIGTERM, logs until its last finalizer, and reports", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("service.ts", {
          onStdout: (line, pid) => {
            if (line.includes(`"tick"`)) process.kill(pid, "SIGTERM")
          }
        })
        assert.strictEqual(ended.exitCode, 130)
        const messages = messagesOf(ended.stdout)
        assert.strictEqual(messages[0], "worker started")
        assert.strictEqual(messages.at(-1), "worker stopped")
        assert.match(ended.stderr, /^shutdown: SIGTERM after \d+ ms, \d+ drained, books balanced\n/)
        assert.include(ended.stderr, `console: ${messages.length} accepted, ${messages.length} delivered, 0 dropped`)
      }))

    it.effect("F79: other-signals.ts ends with SIGQUIT and with SIGUSR2 as with SIGTERM", () =>
      Effect.forEach(["SIGQUIT", "SIGUSR2"], (signal) =>
        Effect.gen(function*() {
          const ended = yield* runExample("other-signals.ts", {
            onStdout: (line, pid) => {
              if (line.includes(`"ready"`)) process.kill(pid, signal)
            }
          })
          assert.strictEqual(ended.exitCode, 130)
          assert.match(ended.stderr, /^shutdown: SIGTERM after \d+ ms, \d+ drained, books balanced\n/)
        }), { concurrency: 2, discard: true }))

    it.effect("command-line.ts puts its own failure into the log, once", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("command-line.ts")
        assert.strictEqual(ended.exitCode, 1)
        assert.strictEqual(ended.stdout, "")
        assert.deepStrictEqual(messagesOf(ended.stderr), ["import started", "import failed"])
        assert.match(String(recordsOf(ended.stderr)[1]?.["cause"]), /ImportError/)
      }))

    it.effect("flush.ts has written the record when the call returns", () =>
      Effect.gen(function*() {
        const path = yield* Path.Path
        const module = yield* path.toFileUrl(path.join(yield* examplesFolder, "flush.ts"))
        const ended = yield* run({
          arguments: [
            "--input-type=module",
            "--eval",
            `import { close, handler } from ${JSON.stringify(module.href)}
             console.log(await handler({ id: "e1" }))
             await close()`
          ]
        })
        endedWell(ended)
        const [record, answer] = linesOf(ended.stdout)
        assert.include(record, `"annotations":{"event":"e1"}`)
        assert.strictEqual(answer, "done")
      }))

    it.effect("lane-options.ts keeps in memory what the lane's options say", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("lane-options.ts")
        endedWell(ended)
        const lines = linesOf(ended.stdout)
        assert.strictEqual(lines.length, 4)
        assert.include(lines[3], `{\\"console\\":3,\\"memory\\":1}`)
      }))

    it.effect("capture.ts shows what was true at the call, without secrets, within bounds", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("capture.ts")
        endedWell(ended)
        assert.notInclude(ended.stdout, "hunter2")
        assert.notInclude(ended.stdout, "s3cr3t")
        const [checkout, connect, upload] = recordsOf(ended.stdout)
        assert.deepStrictEqual(checkout?.["message"], [
          "checkout",
          { items: ["book"], customer: { email: "a@example.org", password: "<redacted>" } }
        ])
        assert.deepStrictEqual(connect?.["annotations"], { key: "<redacted>", iban: "<redacted>" })
        assert.deepStrictEqual(upload?.["message"], [
          "upload",
          { body: `${"x".repeat(32)}…[truncated: 100 characters]` }
        ])
      }))

    it.effect("direct-logger.ts logs from a callback", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("direct-logger.ts")
        endedWell(ended)
        const [record] = recordsOf(ended.stdout)
        assert.strictEqual(record?.["message"], "slow query")
        assert.deepStrictEqual(record?.["annotations"], { component: "pool", millis: 812 })
      }))

    it.effect("from-config.ts does what the environment says", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("from-config.ts", {
          env: { LOGGING_LEVEL: "debug", LOGGING_FORMAT: "logfmt", LOGGING_FILE: "app.ndjson" }
        })
        endedWell(ended)
        assert.include(ended.stdout, "level=DEBUG")
        const fs = yield* FileSystem.FileSystem
        const path = yield* Path.Path
        assert.deepStrictEqual(messagesOf(yield* fs.readFileString(path.join(ended.folder, "app.ndjson"))), [
          "configured"
        ])
      }))

    it.effect("from-config.ts does not start with bad values, and names them all", () =>
      Effect.gen(function*() {
        const { exitCode, stdout, stderr } = yield* runExample("from-config.ts", {
          env: { LOGGING_LEVEL: "loud", LOGGING_QUEUE_SIZE: "0" }
        })
        assert.strictEqual(exitCode, 1)
        assert.include(
          `${stdout}${stderr}`,
          `LOGGING_LEVEL: expected one of All, Trace, Debug, Info, Warn, Error, Fatal, None, got "loud"`
        )
        assert.include(
          `${stdout}${stderr}`,
          `LOGGING_QUEUE_SIZE: expected a whole number of at least 1 (records), got "0"`
        )
      }))

    it.effect("health.ts prints the state of the lane and its metrics", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("health.ts")
        assert.strictEqual(ended.exitCode, 0)
        const lines = linesOf(ended.stdout)
        assert.deepStrictEqual(lines.slice(0, 2), ["console: ok, 1 delivered, 0 dropped", "healthy"])
        assert.include(lines, `spillway_delivered_total{lane="console"} 1`)
      }))
  })
})
