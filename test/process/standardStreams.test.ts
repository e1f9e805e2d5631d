import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { once } from "node:events"
import { createReadStream } from "node:fs"
import { createServer } from "node:net"
import { text } from "node:stream/consumers"
import { recordsIn, recordsOf, reportIn, temporary } from "./files.ts"
import { fixture, start, startCommand } from "./program.ts"

const linux = process.platform === "linux"
const root = linux && process.getuid?.() === 0

const read = (path: string) =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    return (yield* fs.exists(path)) ? yield* fs.readFileString(path) : undefined
  }).pipe(Effect.provide(NodeServices.layer))

/** Runs a script of bash in a folder of its own, with a command `program` that runs a fixture; gives how it ended. */
const inShell = (name: string, script: string, before = "exec") =>
  Effect.gen(function*() {
    const folder = (yield* temporary("x")).slice(0, -2)
    const body = `node=$0 fixture=$1; shift 2; program() { "$node" "$fixture" "$@"; }; ${script}`
    const shell = yield* startCommand("bash", [
      "-c",
      `${before} bash -c "$@"`,
      "bash",
      `cd "$2"; ${body}`,
      process.execPath,
      fixture(name),
      folder
    ])
    return { ended: yield* shell.end, folder }
  })

/** Both streams as FIFOs that are read to their end. */
const fifos = (command: string): string =>
  `mkfifo p q; cat p > out & cat q > err & ${command} > p 2> q; code=$?; wait; exit $code`
const sharing = `"$node" -e '
  process.stdout.writable && process.stderr.writable
  process.exitCode = require("child_process").spawnSync(process.execPath, process.argv.slice(1), { stdio: "inherit" }).status
' "$fixture" told`

interface Way {
  readonly name: string
  readonly script: string
  /** What becomes of the records of each stream. */
  readonly fate: "arrive" | "vanish" | "sink_closed" | "given up"
  /** Where both streams arrive together. */
  readonly together?: boolean
}

const ways: ReadonlyArray<Way> = [
  { name: "a pipe", script: fifos("program told"), fate: "arrive" },
  { name: "a pipe that a parent has made non-blocking", script: fifos(sharing), fate: "arrive" },
  {
    name: "a pipe that nobody reads any more",
    script: `mkfifo p; exec 8<> p 9> p 8<&-; program told >&9 2>&9`,
    fate: "sink_closed"
  },
  { name: "a socket", script: "program told", fate: "arrive" },
  { name: "a file", script: `program told > out 2> err`, fate: "arrive" },
  { name: "a file that grows", script: `program told >> out 2>> err`, fate: "arrive" },
  { name: "/dev/null", script: `program told > /dev/null 2> /dev/null`, fate: "vanish" },
  { name: "a full device", script: `program told > /dev/full 2> /dev/full`, fate: "given up" },
  { name: "closed", script: `program told >&- 2>&-`, fate: "vanish" },
  { name: "open to read only", script: `program told 1< "$fixture" 2< "$fixture"`, fate: "sink_closed" },
  {
    name: "a terminal",
    script: `script -qec "'$node' '$fixture' told" /dev/null > out`,
    fate: "arrive",
    together: true
  }
]

/** How many records were given up, whether the retries ended first or the deadline came. */
const lost = (
  { retries_exhausted: first = 0, shutdown_deadline: last = 0 }: Readonly<Record<string, number>>
): number => first + last

/** The records in a text that a terminal may have changed the line ends of. */
const arrived = (text: string) => Effect.map(recordsIn(text.replaceAll("\r\n", "\n")), (records) => records.length)

describe.skipIf(!linux).concurrent("stdout and stderr", () => {
  for (const { fate, name, script, together = false } of ways) {
    it.live(`F76: ${name}: the program ends as without logging, and the books say what arrived`, () =>
      Effect.gen(function*() {
        const { ended, folder } = yield* inShell("edges", script)
        const told = (yield* read(`${folder}/told`)) ?? ""
        const { balanced, lanes } = yield* reportIn(told)
        const out = yield* arrived((yield* read(`${folder}/out`)) ?? ended.stdout)
        const err = yield* arrived((yield* read(`${folder}/err`)) ?? ended.stderr)

        assert.strictEqual(ended.code, 5)
        assert.match(told, /^went on with 0 listeners$/m)
        assert.isTrue(balanced)
        for (const lane of ["out", "err"]) {
          const { delivered = 0, dropped = {} } = lanes[lane] ?? {}
          const settled = fate === "sink_closed" ? dropped[fate] : fate === "given up" ? lost(dropped) : delivered
          assert.strictEqual(settled, 60, lane)
        }
        const lines = fate === "arrive" ? 60 : 0
        assert.deepStrictEqual([out, err], together ? [2 * lines, 0] : [lines, lines])
      }))
  }

  it.live("F76: a connection: the program ends as without logging, and the books say what arrived", () =>
    Effect.gen(function*() {
      const server = createServer()
      server.listen(0, "127.0.0.1")
      yield* Effect.addFinalizer(() => Effect.sync(() => server.close()))
      yield* Effect.promise(() => once(server, "listening"))
      const sent = Effect.promise(async () => {
        const [socket] = await once(server, "connection")
        return await text(socket)
      })
      const address = server.address()
      const port = typeof address === "object" ? address?.port : 0
      const script = `exec 8<> /dev/tcp/127.0.0.1/${port}; program told >&8 2>&8`
      const [{ ended, folder }, lines] = yield* Effect.all([inShell("edges", script), sent], { concurrency: 2 })
      const { balanced, lanes } = yield* reportIn((yield* read(`${folder}/told`)) ?? "")

      assert.strictEqual(ended.code, 5)
      assert.isTrue(balanced)
      assert.deepStrictEqual([lanes["out"]?.delivered, lanes["err"]?.delivered], [60, 60])
      assert.strictEqual(yield* arrived(lines), 120)
    }))

  for (const how of ["ended", "destroyed", "corked"]) {
    it.live(`F78: a stdout that the program has ${how} holds nothing up, and the books say what arrived`, () =>
      Effect.gen(function*() {
        const { ended, folder } = yield* inShell("edges", fifos(`program told ${how}`))
        const { balanced, lanes } = yield* reportIn((yield* read(`${folder}/told`)) ?? "")
        const out = yield* recordsOf(`${folder}/out`)

        assert.strictEqual(ended.code, 5)
        assert.isTrue(balanced)
        assert.strictEqual(out.length, lanes["out"]?.delivered)
        assert.strictEqual(lanes["err"]?.delivered, 60)
      }))
  }
})

describe.skipIf(!linux).concurrent("what the system does not take", () => {
  it.live("F77: is counted, when a file may not grow", () =>
    Effect.gen(function*() {
      const { ended, folder } = yield* inShell("edges", "ulimit -f 8; program told > out 2> /dev/null")
      const { balanced, lanes } = yield* reportIn((yield* read(`${folder}/told`)) ?? "")
      const lines = ((yield* read(`${folder}/out`)) ?? "").split("\n")
      const half = lines.pop()

      assert.strictEqual(ended.code, 5)
      assert.isTrue(balanced)
      assert.notStrictEqual(half, "")
      assert.strictEqual(yield* arrived(lines.map((line) => `${line}\n`).join("")), lanes["out"]?.delivered)
      assert.strictEqual(lost(lanes["out"]?.dropped ?? {}), 60 - lines.length)
    }))

  it.live.skipIf(!root)(
    "F77: is written when the disk has room again, and the line that was cut goes on (needs root)",
    () =>
      Effect.gen(function*() {
        const mounted = `mkdir m; mount -t tmpfs -o size=128k tmpfs m; trap 'cp m/out out' EXIT`
        const script = `${mounted}; head -c 90000 /dev/zero > m/filler; program m/filler > m/out`
        // What is mounted there goes with its last process.
        const { ended, folder } = yield* inShell("relieved", script, "exec unshare --mount")
        const { balanced, lanes } = yield* reportIn(ended.stderr)

        assert.isTrue(balanced)
        assert.strictEqual(lanes["console"]?.delivered, 400)
        assert.match(ended.stderr, /stdout cannot be written \(ENOSPC\)/)
        assert.deepStrictEqual(
          (yield* recordsOf(`${folder}/out`)).map(({ message }) => Number(String(message).split(" ")[0])),
          Array.from({ length: 400 }, (_, i) => i)
        )
      })
  )
})

describe.skipIf(!linux).concurrent("a pipe that processes share", () => {
  it.live("F77: gets whole lines from each, also when it is full", () =>
    Effect.gen(function*() {
      const path = yield* temporary("shared")
      const script = `mkfifo "$2"; echo made; for i in 1 2 3; do "$0" "$1" > "$2" & done; wait`
      const shell = yield* startCommand("bash", ["-c", script, process.execPath, fixture("stuck"), path])
      yield* shell.until(/^made$/m)
      const reader = createReadStream(path)
      yield* shell.until(/(?:full\n[^]*){3}/)
      const records = yield* recordsIn(yield* Effect.promise(() => text(reader)))
      const ended = yield* shell.end

      assert.strictEqual(ended.code, 0)
      assert.strictEqual(records.length, 1800)
    }))
})

describe.concurrent("a reader that takes nothing", () => {
  for (const how of ["alone", "runMain"]) {
    it.live(`F80: does not keep a program whose shutdown has ended (${how})`, () =>
      Effect.gen(function*() {
        const program = yield* start(fixture("finished"), [how], { paused: true })
        assert.strictEqual(yield* program.exited, 3)
        program.read()
        const ended = yield* program.end
        const { balanced, lanes } = yield* reportIn(ended.stderr)
        assert.isTrue(balanced)
        assert.isAbove(lanes["console"]?.dropped["unconfirmed"] ?? 0, 0)
        // Its last line may be longer than what a pipe takes whole.
        const lines = ended.stdout.split("\n")
        yield* arrived(lines.slice(0, -1).map((line) => `${line}\n`).join(""))
        assert.isAbove(lines.length, 1)
      }))
  }
})
