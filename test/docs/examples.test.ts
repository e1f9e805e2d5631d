import { NodeServices } from "@effect/platform-node"
import { assert, describe, layer } from "@effect/vitest"
import { Effect, FileSystem, Path } from "effect"
import { request } from "node:http"
// Importing a test file registers its tests here.
// oxlint-disable-next-line import/no-unassigned-import
import "../../scratchpad/examples/conformance.test.ts"
// oxlint-disable-next-line import/no-unassigned-import
import "../../scratchpad/examples/console.test.ts"
// oxlint-disable-next-line import/no-unassigned-import
import "../../scratchpad/examples/greeting.test.ts"
// oxlint-disable-next-line import/no-unassigned-import
import "../../scratchpad/examples/orders.test.ts"
// oxlint-disable-next-line import/no-unassigned-import
import "../../scratchpad/examples/outage.test.ts"
import { blocksOf, examplesFolder, page } from "./pages.ts"
import { type Ended, run } from "./programs.ts"

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

const oneLine = (json: string): string => json.replaceAll("\n", " ")

/** Records without what differs from run to run: how many fibers there were before depends on what is loaded. */
const timeless = (records: ReadonlyArray<Readonly<Record<string, unknown>>>) =>
  records.map(({ fiberId, ...record }) => ({ ...record, timestamp: "", fiberId: String(fiberId).replace(/\d+/, "1") }))

/** An access record without its times, its ids, the address of who asked, and where in which file its error was made. */
const sameEachTime = (record: Readonly<Record<string, unknown>>) => {
  const own = new Set(["event.duration_ms", "requestId", "client.address"])
  const said = Object.entries(Object(record["annotations"])).map(([name, value]) => [
    name,
    own.has(name) ? typeof value : value
  ])
  const cause = String(record["cause"]).replace(/(?<=\n +at ).*(?= \{\n)/, "main.ts")
  return { ...record, timestamp: "", fiberId: "", cause, annotations: said }
}

const messagesOf = (text: string): ReadonlyArray<unknown> => recordsOf(text).map((record) => record["message"])

const endedWell = ({ exitCode, stderr }: Ended): void => {
  assert.strictEqual(stderr, "")
  assert.strictEqual(exitCode, 0)
}

// Each runs in a process and a folder of its own, and mostly waits.
describe.concurrent("the examples", () => {
  layer(NodeServices.layer, { excludeTestServices: true })((it) => {
    it.effect("spool.ts delivers through the spool and leaves nothing on it", () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const ended = yield* runExample("spool.ts")
        endedWell(ended)
        const path = yield* Path.Path
        const text = yield* fs.readFileString(path.join(ended.folder, "logs", "audit.ndjson"))
        assert.deepStrictEqual(messagesOf(text), ["account closed"])
      }))

    it.effect("batch.ts waits for room and loses none of 200,000 records, in a lane for 1,000", () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const path = yield* Path.Path
        const ended = yield* runExample("batch.ts")
        endedWell(ended)
        assert.include(yield* page("docs/lanes.md"), `“${ended.stdout.trim()}”`)
        const lines = linesOf(yield* fs.readFileString(path.join(ended.folder, "logs", "import.ndjson")))
        assert.strictEqual(lines.length, 200_000)
        assert.include(lines.at(-1), `"row":199999`)
      }))

    it.effect("dead-letters.ts keeps what is refused and sends it again", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("dead-letters.ts")
        assert.strictEqual(ended.exitCode, 0)
        assert.include(yield* page("docs/spool-and-dead-letters.md"), `\`\`\`text\n${ended.stdout}\n\`\`\`\n`)
      }))

    it.effect("quick-start.ts writes to the console and to the file, without the secret", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("quick-start.ts")
        endedWell(ended)
        const [record] = recordsOf(ended.stdout)
        assert.strictEqual(record?.["message"], "order placed")
        assert.deepStrictEqual(record?.["annotations"], { order: 1042, cardToken: "<redacted>" })
        const [shown = "{}"] = blocksOf("json5", yield* page("README.md"))
        assert.deepStrictEqual(timeless(recordsOf(ended.stdout)), timeless(recordsOf(oneLine(shown))))
        const fs = yield* FileSystem.FileSystem
        const path = yield* Path.Path
        const file = yield* fs.readFileString(path.join(ended.folder, "logs", "app.ndjson"))
        assert.deepStrictEqual(recordsOf(file), recordsOf(ended.stdout))
      }))

    it.effect("service.ts makes one record of a request, as the README shows it, and drains on SIGTERM", () =>
      Effect.gen(function*() {
        const [, shown = "{}"] = blocksOf("json5", yield* page("README.md"))
        const expected = recordsOf(oneLine(shown))
        const agent = String(Object(expected[0]?.["annotations"])["user_agent.original"])
        const ended = yield* runExample("service.ts", {
          env: { PORT: "0" },
          onStdout: (line, pid) => {
            const port = /Listening on .*:(\d+)"/.exec(line)?.[1]
            if (port === undefined) return
            const asking = request({
              port,
              path: "/orders/lamp",
              method: "POST",
              headers: { "host": "localhost:3000", "user-agent": agent }
            })
            asking.on("response", (response) => response.resume().on("end", () => process.kill(pid, "SIGTERM")))
            asking.end()
          }
        })
        assert.strictEqual(ended.exitCode, 130)
        const records = recordsOf(ended.stdout)
        const requests = records.filter(({ message }) => message === "http.request")
        assert.deepStrictEqual(requests.map(sameEachTime), expected.map(sameEachTime))
        assert.match(ended.stderr, /^shutdown: SIGTERM after \d+ ms, \d+ drained, books balanced\n/)
        assert.include(ended.stderr, `console: ${records.length} accepted, ${records.length} delivered, 0 dropped`)
        const fs = yield* FileSystem.FileSystem
        const path = yield* Path.Path
        const file = yield* fs.readFileString(path.join(ended.folder, "logs", "app.ndjson"))
        assert.deepStrictEqual(recordsOf(file), records)
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
        assert.deepStrictEqual(messagesOf(ended.stderr), ["import started", "the program failed"])
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

    it.effect("destinations.ts writes lines as each destination wants them, and as the page shows them", () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const path = yield* Path.Path
        const ended = yield* runExample("destinations.ts")
        endedWell(ended)
        const shown = blocksOf("json", yield* page("docs/formats.md"))
        for (
          const [i, [name, time]] of ([["google-cloud", "time"], ["pino", "time"], ["ecs", "@timestamp"]] as const)
            .entries()
        ) {
          const text = yield* fs.readFileString(path.join(ended.folder, "logs", `${name}.ndjson`))
          const [expected] = recordsOf(oneLine(shown[i] ?? ""))
          const [record, ...rest] = recordsOf(text)
          assert.strictEqual(typeof record?.[time], typeof expected?.[time])
          const timed = JSON.stringify({ ...record, [time]: expected?.[time] })
          assert.deepStrictEqual([timed, rest], [JSON.stringify(expected), []], name)
        }
      }))

    it.effect("own-encoder.ts prints its line", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("own-encoder.ts")
        endedWell(ended)
        assert.include(yield* page("docs/formats.md"), `\`\`\`text\n${ended.stdout}\n\`\`\`\n`)
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
        const [shown = ""] = blocksOf("jsonl", yield* page("docs/guarantees.md"))
        assert.deepStrictEqual(timeless(recordsOf(ended.stdout)), timeless(recordsOf(shown)))
      }))

    it.effect("redaction.ts hides what its options say, and shows it as the page does", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("redaction.ts")
        endedWell(ended)
        const [shown = "{}"] = blocksOf("json", yield* page("docs/redaction.md"))
        assert.deepStrictEqual(recordsOf(ended.stdout)[0]?.["annotations"], recordsOf(oneLine(shown))[0])
      }))

    it.effect("wide-events.ts makes one record of each checkout, as the page shows", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("wide-events.ts")
        endedWell(ended)
        const untimed = (records: ReturnType<typeof recordsOf>) =>
          timeless(records).map((record: Readonly<Record<string, unknown>>) =>
            Object.assign(record, {
              annotations: Object.entries(Object(record["annotations"])).filter(([name]) =>
                !name.endsWith("duration_ms")
              )
            })
          )
        const [shown = "{}"] = blocksOf("json", yield* page("docs/wide-events.md"))
        const [first, second] = untimed(recordsOf(ended.stdout))
        assert.deepStrictEqual([first], untimed(recordsOf(oneLine(shown))))
        assert.include(JSON.stringify(second), `["error.type","OutOfStock"]`)
      }))

    it.effect("events.ts prints what the page shows", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("events.ts")
        endedWell(ended)
        const [shown = "{}"] = blocksOf("json", yield* page("docs/events.md"))
        assert.deepStrictEqual(recordsOf(ended.stdout)[0]?.["annotations"], recordsOf(oneLine(shown))[0])
      }))

    it.effect("error-events.ts prints what the page shows", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("error-events.ts")
        endedWell(ended)
        const [, shown = "{}"] = blocksOf("json", yield* page("docs/events.md"))
        assert.deepStrictEqual(recordsOf(ended.stdout)[0]?.["annotations"], recordsOf(oneLine(shown))[0])
      }))

    it.effect("recent-warnings.ts prints the last two warnings", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("recent-warnings.ts")
        endedWell(ended)
        const lines = linesOf(ended.stdout)
        assert.deepStrictEqual(lines.map((line) => line.slice(line.indexOf("level="))), [
          `level=WARN fiber=#1 message="no answer" attempt=2`,
          `level=WARN fiber=#1 message="no answer" attempt=3`
        ])
      }))

    it.effect("live-records.ts prints what is logged in one scope, and how much it has missed", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("live-records.ts")
        endedWell(ended)
        const [shown] = blocksOf("text", yield* page("docs/live.md"))
        assert.strictEqual(`${ended.stdout}\n`, shown)
      }))

    it.effect("incident.ts has what is logged during an incident in a second destination too", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("incident.ts")
        endedWell(ended)
        assert.include(yield* page("docs/live.md"), `“${ended.stdout.trim()}”`)
        const fs = yield* FileSystem.FileSystem
        const path = yield* Path.Path
        const text = yield* fs.readFileString(path.join(ended.folder, "logs", "incident.ndjson"))
        assert.deepStrictEqual(messagesOf(text), [["checkout", { order: 2 }], ["checkout", { order: 3 }]])
      }))

    it.effect("live-rules.ts goes by other rules for a while, and by those before again", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("live-rules.ts")
        endedWell(ended)
        const lines = linesOf(ended.stdout)
        assert.deepStrictEqual(
          lines.filter((line) => line.includes("message=")).map((line) => line.replace(/^.*message=/, "")),
          [
            "reading",
            "slow scope=audit",
            "reading"
          ]
        )
        assert.include(lines, "as before: true")
        assert.include(yield* page("docs/live.md"), "“as before: true”")
      }))

    it.effect("constant-fields.ts says on its record which service it is, and where it runs", () =>
      Effect.gen(function*() {
        const version = "service.version=2.0,container.id=c0ffee"
        const ended = yield* runExample("constant-fields.ts", { env: { OTEL_RESOURCE_ATTRIBUTES: version } })
        endedWell(ended)
        const { host, pid, ...rest } = Object(recordsOf(ended.stdout)[0]?.["annotations"])
        assert.isString(host)
        assert.isNumber(pid)
        assert.deepStrictEqual(rest, { service: "shop", version: "1.4.0", container: "c0ffee", order: 1042 })
      }))

    it.effect("two-files.ts writes everything to one file, and errors to the other", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("two-files.ts")
        endedWell(ended)
        const fs = yield* FileSystem.FileSystem
        const path = yield* Path.Path
        const logged = (name: string) => fs.readFileString(path.join(ended.folder, "logs", name))
        assert.deepStrictEqual(messagesOf(yield* logged("app.ndjson")), ["started", "no answer"])
        assert.match(yield* logged("errors.log"), /^[\d:.]+ ERROR \(#1\) no answer\n$/)
      }))

    it.effect("lane-map.ts gives each sink what its map makes", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("lane-map.ts")
        assert.strictEqual(ended.exitCode, 0)
        assert.match(ended.stderr, / message="signed in" user=7\n$/)
        assert.match(ended.stdout, / message="signed in" tenant=acme usr\.id=7 region=eu-1 apiKey=<redacted>$/)
      }))

    it.effect("routes.ts has each record where its route leads", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("routes.ts")
        assert.strictEqual(ended.exitCode, 0)
        assert.deepStrictEqual(linesOf(ended.stdout).map((line) => line.replace(/^.* message=/, "")), [
          "started",
          "\"no answer\""
        ])
        assert.match(ended.stderr, /^\S+ level=ERROR fiber=#\d+ message="no answer"\n$/)
      }))

    it.effect("enrich.ts has the tenant on the records of its fiber", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("enrich.ts")
        endedWell(ended)
        assert.deepStrictEqual(linesOf(ended.stdout).map((line) => line.replace(/^.* message=/, "")), [
          "started",
          "\"order placed\" tenant=acme"
        ])
      }))

    it.effect("describe.ts prints what is not the default", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("describe.ts", { env: { LOGGING_LEVEL: "Debug" } })
        endedWell(ended)
        const shown = blocksOf("text", yield* page("docs/configuration.md"))
        assert.include(shown, `${ended.stdout}\n`)
      }))

    it.effect("two-streams.ts prints errors on stderr and the rest on stdout", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("two-streams.ts")
        assert.strictEqual(ended.exitCode, 0)
        assert.match(ended.stdout, /^\S+ level=INFO fiber=#1 message=started$/)
        assert.match(ended.stderr, /^\S+ level=ERROR fiber=#1 message="no answer"\n$/)
      }))

    it.effect("live-levels.ts raises Debug for one scope, and for no other", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("live-levels.ts")
        endedWell(ended)
        const lines = linesOf(ended.stdout)
        assert.deepStrictEqual(lines.map((line) => line.replace(/^.*(level=DEBUG) fiber=\S+ /, "$1 ")), [
          "level=DEBUG message=charging scope=billing"
        ])
      }))

    it.effect("direct-logger.ts logs from a callback", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("direct-logger.ts")
        endedWell(ended)
        const [record] = recordsOf(ended.stdout)
        assert.strictEqual(record?.["message"], "slow query")
        assert.deepStrictEqual(record?.["annotations"], { component: "pool", millis: 812 })
        const [shown = "{}"] = blocksOf("json", yield* page("docs/programs.md"))
        assert.deepStrictEqual(timeless(recordsOf(ended.stdout)), timeless(recordsOf(oneLine(shown))))
      }))

    it.effect("server.ts logs requests, and ends its log after its server", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("server.ts", {
          env: { PORT: "0" },
          onStdout: (line, pid) => {
            const port = /"port":(\d+)/.exec(line)?.[1]
            if (port === undefined) return
            const asked = fetch(`http://localhost:${port}/x?token=s3cr3t`, { headers: { connection: "close" } })
            void asked.then((response) => response.text()).finally(() => process.kill(pid, "SIGTERM"))
          }
        })
        assert.strictEqual(ended.exitCode, 0)
        const programs = yield* page("docs/programs.md")
        const [, request = {}] = recordsOf(blocksOf("jsonl", programs)[0] ?? "")
        assert.deepStrictEqual(timeless(recordsOf(ended.stdout).slice(1)), timeless([request]))
        const [report = ""] = blocksOf("text", programs)
        const untimed = (text: string) => text.replace(/after \d+ ms, \d+ drained/, "")
        assert.strictEqual(untimed(ended.stderr), untimed(report))
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
        const [expected = ""] = blocksOf("text", yield* page("docs/configuration.md"))
        assert.include(expected, "LOGGING_LEVEL")
        assert.include(expected, "LOGGING_QUEUE_SIZE")
        for (const line of linesOf(expected)) assert.include(`${stdout}${stderr}`, line)
      }))

    it.effect("health.ts prints the state of the lane and its metrics", () =>
      Effect.gen(function*() {
        const ended = yield* runExample("health.ts")
        assert.strictEqual(ended.exitCode, 0)
        const lines = linesOf(ended.stdout)
        assert.deepStrictEqual(lines.slice(0, 2), ["console: ok, 1 delivered, 0 dropped", "healthy"])
        assert.include(lines, `spillway_delivered_total{lane="console"} 1`)
        const lanes = yield* page("docs/lanes.md")
        const [state = "", beginning = ""] = blocksOf("text", lanes)
        assert.isTrue(ended.stdout.startsWith(`${state}${beginning}`))
        for (const [, name, value] of ended.stdout.matchAll(/^# HELP (\w+) (.*)$/gm)) {
          const type = new RegExp(`^# TYPE ${name} (.*)$`, "m").exec(ended.stdout)?.[1]
          assert.match(lanes, new RegExp(`^\\| \`${name}\` +\\| ${type} +\\| ${value}`, "m"))
        }
      }))
  })
})
