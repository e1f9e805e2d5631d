import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as fs from "node:fs"
import { join } from "node:path"
import { LogEncoder } from "../../src/index.ts"
import * as LogRecord from "../../src/LogRecord.ts"
import * as DeadLetters from "../../src/spool/DeadLetters.ts"
import { recordsIn } from "../process/files.ts"
import { repository, run, startCommand } from "../process/program.ts"
import { kill, owner, tool } from "../spool/processes.ts"
import {
  append,
  drain,
  lane,
  laneOf,
  makeProcess,
  nextBatch,
  openStore,
  records,
  segmentsOf,
  temporaryDirectory
} from "../spool/support.ts"
import { onSmallDisk } from "../support/disks.ts"

/** A spool a crashed process left: five records in three frames, the first of them settled. */
const left = (directory: string): void => {
  const process = makeProcess()
  const { identity } = process.world
  const store = openStore(directory, {}, {
    ...process,
    // Nobody has this process id.
    world: { ...process.world, identity: { ...identity, owner: () => ({ ...identity.owner(), pid: 0x3fff_ffff }) } }
  })
  append(store, records(0, 1))
  append(store, records(1, 2))
  append(store, records(3, 2))
  store.ack(nextBatch(store)!)
  store.checkpoint()
  process.crash()
}

const flip = (path: string, fromEnd: number): void => {
  const bytes = fs.readFileSync(path)
  bytes[bytes.length - fromEnd] = bytes[bytes.length - fromEnd]! ^ 1
  fs.writeFileSync(path, bytes)
}

const seqsIn = (text: string) =>
  Effect.map(recordsIn(text), (lines) => lines.map((line) => Number(String(line.message).split(" ")[1])))

describe("effect-spillway spool", () => {
  it.live("shows what a crashed process left and changes nothing", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      left(directory)
      const before = fs.readdirSync(laneOf(directory)).map((name) => fs.readFileSync(join(laneOf(directory), name)))
      const [listed, verified, dumped, all] = yield* Effect.all([
        tool("ls", directory),
        tool("verify", directory),
        tool("dump", laneOf(directory)),
        tool("dump", directory, "--all")
      ], { concurrency: 2 })
      assert.match(listed.stdout, /main: 4 records to deliver, 1 segment, \d+ bytes, left by dead process 1073741823/)
      assert.match(verified.stdout, /main: 3 frames, 5 records, 0 damaged places/)
      assert.deepStrictEqual([listed.code, verified.code, dumped.code, all.code], [0, 0, 0, 0])
      const encoder = LogEncoder.json()
      assert.strictEqual(dumped.stdout, Buffer.from(encoder.encodeBatch(records(1, 4))).toString())
      assert.deepStrictEqual(yield* seqsIn(all.stdout), [0, 1, 2, 3, 4])
      assert.deepStrictEqual(
        fs.readdirSync(laneOf(directory)).map((name) => fs.readFileSync(join(laneOf(directory), name))),
        before
      )
    }))

  it.live("replays to a file and acknowledges what is written", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      left(directory)
      const file = join(directory, "out.ndjson")
      fs.writeFileSync(file, "")
      const replayed = yield* tool("replay", directory, "--to", file)
      assert.strictEqual(replayed.stdout, `4 records written to ${JSON.stringify(file)}, 0 records lost to damage\n`)
      assert.strictEqual(replayed.code, 0)
      assert.deepStrictEqual(yield* seqsIn(fs.readFileSync(file, "utf8")), [1, 2, 3, 4])
      const again = yield* tool("replay", directory, "--to", file)
      assert.match(again.stdout, /^0 records/)
      assert.deepStrictEqual(segmentsOf(laneOf(directory)), [])
      const failed = yield* tool("replay", directory, "--to", join(directory, "missing", "out"))
      assert.deepStrictEqual([failed.code, /ENOENT/.test(failed.stderr)], [2, true])
    }))

  it.live("F72: a replay that found the disk full goes on where it stopped, with no record glued to another or there twice", () =>
    onSmallDisk((disk) =>
      Effect.gen(function*() {
        const directory = yield* temporaryDirectory
        const store = openStore(directory)
        const large = Array.from({ length: 20 }, (_, seq) =>
          LogRecord.make({ seq, message: `record ${seq} ${"x".repeat(10_000)}` }))
        for (let i = 0; i < 20; i += 5) {
          append(store, large.slice(i, i + 5))
        }
        store.close()
        const file = join(disk, "out.ndjson")
        fs.writeFileSync(join(disk, "ballast"), new Uint8Array(900 * 1024))
        const full = yield* tool("replay", directory, "--to", file)
        assert.deepStrictEqual([full.code, /ENOSPC/.test(full.stderr)], [2, true])
        const kept = yield* seqsIn(fs.readFileSync(file, "utf8"))
        assert.isAbove(kept.length % 5, 0, "a part of a frame")
        assert.match(full.stdout, new RegExp(`^${kept.length} records written`))
        fs.unlinkSync(join(disk, "ballast"))
        const rest = yield* tool("replay", directory, "--to", file)
        assert.match(rest.stdout, new RegExp(`^${20 - kept.length} records written`))
        assert.deepStrictEqual(
          yield* seqsIn(fs.readFileSync(file, "utf8")),
          large.map(({ seq }) =>
            seq
          )
        )
      })
    ))

  it.live("F75: ends quietly when nobody reads what it says, and does its work", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const store = openStore(directory)
      for (let i = 0; i < 2000; i += 500) append(store, records(i, 500))
      store.close()
      const out = join(directory, "out.ndjson")
      const script = [
        `dump "${directory}" | head -n 1`,
        `verify "${directory}" 2>&1 | true`,
        `replay "${directory}" --to "${out}" 2>&1 | true`
      ].map((line) => `"${process.execPath}" src/cli/bin.ts spool ${line}; echo "code $PIPESTATUS" >&2`).join("\n")
      const ended = yield* Effect.scoped(Effect.flatMap(startCommand("bash", ["-c", script]), (program) => program.end))
      assert.strictEqual(ended.stderr.trim(), [0, 0, 0].map((code) => `code ${code}`).join("\n"))
      assert.deepStrictEqual(yield* seqsIn(ended.stdout), [0])
      assert.strictEqual((yield* seqsIn(fs.readFileSync(out, "utf8"))).length, 2000)
    }))

  it.live("F75: says its version, and in a sentence what package it misses", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      for (const name of ["src", "package.json"]) {
        fs.cpSync(join(repository, name), join(directory, name), { recursive: true })
      }
      fs.mkdirSync(join(directory, "node_modules"))
      fs.symlinkSync(join(repository, "node_modules", "effect"), join(directory, "node_modules", "effect"))
      const [missing, version] = yield* Effect.all([
        run(join(directory, "src", "cli", "bin.ts"), ["spool", "ls", directory]),
        run("src/cli/bin.ts", ["--version"])
      ], { concurrency: 2 })
      assert.deepStrictEqual([missing.code, missing.stdout, missing.stderr], [
        2,
        "",
        "effect-spillway: the command line needs the package @effect/platform-node, which is not there: " +
        "npm install @effect/platform-node\n"
      ])
      assert.include(version.stdout, JSON.parse(fs.readFileSync(join(repository, "package.json"), "utf8")).version)
    }))

  it.live("finds damage and repairs it", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      left(directory)
      const segment = segmentsOf(laneOf(directory))[0]!
      // In the payload of the second frame.
      flip(segment, 300)
      fs.appendFileSync(segment, "torn")
      fs.writeFileSync(join(laneOf(directory), "cursor"), Buffer.alloc(128, 1))
      const damaged = yield* tool("verify", directory)
      assert.strictEqual(damaged.code, 1)
      assert.match(damaged.stdout, /3 damaged places/)
      assert.match(damaged.stdout, /the cursor is lost/)
      const repaired = yield* tool("repair", directory)
      assert.match(repaired.stdout, /2 damaged places \(\d+ bytes\) set aside, 0 files moved.*cursor rebuilt/)
      assert.strictEqual(fs.readdirSync(join(laneOf(directory), "quarantine")).length, 2)
      const verified = yield* tool("verify", directory)
      assert.deepStrictEqual([verified.code, /0 damaged places/.test(verified.stdout)], [0, true])
      const store = openStore(directory)
      assert.deepStrictEqual(drain(store), { seqs: [0, 3, 4], lost: 2, batches: 2 })
      store.close()
    }))

  it.live("only looks at the spool of a living process", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const program = yield* owner(directory, "0", "3")
      yield* program.until(/ready/)
      const [listed, dumped, replayed, repaired] = yield* Effect.all([
        tool("ls", directory),
        tool("dump", directory),
        tool("replay", directory, "--to", join(directory, "out")),
        tool("repair", directory, "--force")
      ], { concurrency: 2 })
      assert.match(listed.stdout, /owned by process/)
      assert.deepStrictEqual(yield* seqsIn(dumped.stdout), [0, 1, 2])
      for (const refused of [replayed, repaired]) {
        assert.strictEqual(refused.code, 2)
        assert.match(refused.stderr, /is in use by process \d+/)
      }
      yield* kill(program)
    }))

  it.live("says so when there is nothing", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const [nothing, missing] = yield* Effect.all([
        tool("verify", directory),
        tool("ls", join(directory, "missing"))
      ], { concurrency: 2 })
      assert.strictEqual(nothing.code, 2)
      assert.match(nothing.stderr, /there is no spool at or below/)
      assert.strictEqual(missing.code, 2)
      assert.include(missing.stderr, "does not exist")
    }))

  for (
    const [how, words] of [
      ["a command that is not there", ["spool", "lst", "."]],
      ["an option that is not there", ["spool", "ls", ".", "--al"]],
      ["no directory", ["spool", "ls"]],
      ["no file to replay to", ["spool", "replay", "."]]
    ] as const
  ) {
    it.live(`ends with 2 for ${how}, and says so once`, () =>
      Effect.gen(function*() {
        const ended = yield* run("src/cli/bin.ts", words)
        assert.strictEqual(ended.code, 2)
        assert.strictEqual(ended.stderr.match(/ERROR/g)?.length, 1, ended.stderr)
      }))
  }

  it.live("ends with 0 when it is asked for help", () =>
    Effect.gen(function*() {
      for (const words of [["--help"], ["spool"]]) {
        assert.strictEqual((yield* run("src/cli/bin.ts", words)).code, 0)
      }
    }))
})

describe("dead letters", () => {
  const header = { reason: "Rejected", attempts: 3, message: "x".repeat(2000), time: 7 }

  it.live("are dumped with the reason, and replayed only when they are meant", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const letters = yield* DeadLetters.open({ directory, lane })
      letters.append(records(0, 2), { ...header, message: "no" })
      letters.close()
      const store = openStore(directory)
      append(store, records(5, 1))
      store.close()
      const file = join(directory, "out")
      const dumped = yield* tool("dump", letters.directory)
      const lines = yield* recordsIn(dumped.stdout)
      assert.deepStrictEqual(lines.map((line) => line.annotations["deadLetter"]), [
        { ...header, message: "no" },
        { ...header, message: "no" }
      ])
      assert.match((yield* tool("replay", directory, "--to", file)).stdout, /^1 record written/)
      assert.match((yield* tool("replay", letters.directory, "--to", file)).stdout, /^2 records/)
      assert.deepStrictEqual(yield* seqsIn(fs.readFileSync(file, "utf8")), [5, 0, 1])
    }))

  it.live("keep their identity in what is dumped and replayed, when it is asked for", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const letters = yield* DeadLetters.open({ directory, lane })
      letters.append(records(0, 2), header)
      letters.close()
      const file = join(directory, "out")
      const dumped = yield* tool("dump", letters.directory, "--uid")
      yield* tool("replay", letters.directory, "--to", file, "--uid")
      const uidsIn = (text: string) => text.trimEnd().split("\n").map((line) => JSON.parse(line).uid)
      const uids = records(0, 2).map(({ uid }) => uid)
      assert.deepStrictEqual([uidsIn(dumped.stdout), uidsIn(fs.readFileSync(file, "utf8"))], [uids, uids])
    }))
})
