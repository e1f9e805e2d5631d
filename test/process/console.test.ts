import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { recordsIn, recordsOf, reportIn, temporary } from "./files.ts"
import { fixture, run, start, startCommand } from "./program.ts"

describe.concurrent("a pipe", () => {
  it.live("F38: a reader that goes away closes its lane; the program and the file go on", () =>
    Effect.gen(function*() {
      const path = yield* temporary("piping.ndjson")
      const script = `"$0" "$1" "$2" | head -n 1`
      const program = yield* startCommand("sh", ["-c", script, process.execPath, fixture("piping"), path])
      const ended = yield* program.end
      const report = yield* reportIn(ended.stderr)
      const records = yield* recordsOf(path)

      assert.strictEqual(ended.stdout.split("\n").length - 1, 1)
      assert.strictEqual(report.reason, "completed")
      assert.isTrue(report.balanced)
      assert.isAtLeast(report.lanes["console"]?.dropped["sink_closed"] ?? 0, 100)
      assert.strictEqual(report.lanes["file"]?.delivered, report.lanes["file"]?.accepted)
      assert.strictEqual(records.filter((record) => typeof record.message === "number").length, numbersIn(records))
    }))

  it.live(
    "F39: a reader that does not read holds up neither the event loop nor the file",
    () =>
      Effect.gen(function*() {
        const path = yield* temporary("stuffing.ndjson")
        const program = yield* start(fixture("stuffing"), [path], { paused: true })
        const waiting = Number(yield* program.until(/^turned with (\d+) waiting$/m))
        assert.isAbove(waiting, 0)
        program.read()
        const ended = yield* program.end
        const report = yield* reportIn(ended.stderr)

        assert.strictEqual(ended.code, 0)
        assert.isTrue(report.balanced)
        assert.strictEqual(report.lanes["console"]?.delivered, 3000)
        assert.strictEqual((yield* recordsIn(ended.stdout)).length, 3000)
        assert.strictEqual((yield* recordsOf(path)).length, 3000)
      })
  )
})

describe.skipIf(process.platform !== "linux").concurrent("an exit in the middle of a line", () => {
  it.live("what is rescued begins on a line of its own", () =>
    Effect.gen(function*() {
      const path = yield* temporary("leaving")
      const script = `mkfifo "$2" && exec "$0" "$1" "$2" 1<>"$2"`
      const shell = yield* startCommand("sh", ["-c", script, process.execPath, fixture("leaving"), path])
      const [before, rescued] = (yield* shell.end).stderr.trimEnd().split("\n")
        .map((told): ReadonlyArray<string> => JSON.parse(told).lines)
      const broken = before!.at(-1)!
      assert.isTrue(broken.startsWith("{") && !broken.endsWith("}"), broken.slice(0, 100))

      const [end, ...lines] = rescued!
      assert.strictEqual(end, "")
      assert.deepStrictEqual(
        (yield* recordsIn(lines.join("\n"))).map(({ message }) => Number(String(message).split(" ")[0])),
        [0, 1]
      )
    }))
})

describe.concurrent("one sink with two lanes", () => {
  it.live("writes that come at once take turns", () =>
    Effect.gen(function*() {
      const program = yield* start(fixture("sharing"), [], { paused: true })
      yield* program.until(/^writing$/m)
      program.read()
      const ended = yield* program.end
      const numbers = (yield* recordsIn(ended.stdout)).map(({ message }) => Number(String(message).split(" ")[0]))
      assert.deepStrictEqual(numbers, Array.from({ length: 2000 }, (_, i) => i))
    }))
})

describe.concurrent("the format of the console", () => {
  const escape = "\u001b["
  const cases: ReadonlyArray<{
    readonly name: string
    readonly args: ReadonlyArray<string>
    readonly env: Readonly<Record<string, string>>
    readonly holds: ReadonlyArray<string>
    readonly lacks: ReadonlyArray<string>
  }> = [
    { name: "JSON when piped", args: [], env: {}, holds: [`"message":"hello"`, `"level":"WARN"`], lacks: [escape] },
    { name: "no colours when piped", args: ["pretty"], env: {}, holds: ["WARN", "to=you"], lacks: [escape, "{"] },
    { name: "FORCE_COLOR colours", args: ["pretty"], env: { FORCE_COLOR: "1" }, holds: [`${escape}33m`], lacks: [] },
    { name: "FORCE_COLOR=0 does not", args: ["pretty"], env: { FORCE_COLOR: "0" }, holds: ["WARN"], lacks: [escape] },
    { name: "NO_COLOR does not", args: ["pretty"], env: { NO_COLOR: "1" }, holds: ["WARN"], lacks: [escape] }
  ]
  it.live(
    "follows what stdout is and what the environment says",
    () =>
      Effect.forEach(cases, ({ args, env, holds, lacks, name }) =>
        Effect.gen(function*() {
          const ended = yield* run(fixture("greeting"), args, { env })
          assert.strictEqual(ended.code, 0, name)
          for (const text of holds) assert.include(ended.stdout, text, name)
          for (const text of lacks) assert.notInclude(ended.stdout, text, name)
        }), { concurrency: 2, discard: true })
  )

  const onTerminal = (env: Readonly<Record<string, string>>) =>
    Effect.scoped(Effect.flatMap(
      // `script` runs a command on a terminal of its own.
      startCommand("script", ["-qec", `"${process.execPath}" ${fixture("greeting")}`, "/dev/null"], { env }),
      (program) => program.end
    ))

  it.live.skipIf(process.platform !== "linux")(
    "F93: pretty with colours on a terminal, without on one that is dumb",
    () =>
      Effect.gen(function*() {
        const terminals = [onTerminal({ TERM: "xterm" }), onTerminal({ TERM: "dumb" })] as const
        const [colored, plain] = yield* Effect.all(terminals, { concurrency: 2 })
        assert.include(colored.stdout, `${escape}33m`)
        assert.include(plain.stdout, "WARN")
        assert.include(plain.stdout, "to=you")
        assert.notInclude(plain.stdout, escape)
      })
  )
})

/** One more than the highest number logged: nothing may be missing below it. */
const numbersIn = (records: ReadonlyArray<{ readonly message: unknown }>): number =>
  records.reduce((most, { message }) => typeof message === "number" ? Math.max(most, message + 1) : most, 0)
