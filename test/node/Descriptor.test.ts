import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { execFileSync } from "node:child_process"
import * as fs from "node:fs"
import { Writable } from "node:stream"
import { Descriptor } from "../../src/node/Descriptor.ts"
import { temporary } from "../process/files.ts"

const { O_NONBLOCK, O_RDONLY, O_WRONLY } = fs.constants

/** A pipe, its reader, and two descriptors of it, as stdout and stderr are with `2>&1`. */
const pipe = Effect.gen(function*() {
  const path = yield* temporary("pipe")
  execFileSync("mkfifo", [path])
  const open = (flags: number) =>
    Effect.acquireRelease(
      Effect.sync(() => fs.openSync(path, flags | O_NONBLOCK)),
      (fd) => Effect.sync(() => fs.closeSync(fd))
    )
  const reader = yield* open(O_RDONLY)
  const stdout = new Descriptor(yield* open(O_WRONLY), new Writable(), true)
  const stderr = new Descriptor(yield* open(O_WRONLY), new Writable(), true)
  return { reader, stdout, stderr }
})

const read = (fd: number, most: number): string => {
  const bytes = Buffer.alloc(most)
  try {
    return bytes.toString("latin1", 0, fs.readSync(fd, bytes))
  } catch {
    return ""
  }
}

describe.skipIf(process.platform === "win32")("two descriptors of one pipe", () => {
  it.live("F77: keep out of each other's long lines, and one that writes at once ends the other's first", () =>
    Effect.gen(function*() {
      const { reader, stderr, stdout } = yield* pipe
      const long = `${"x".repeat(200_000)}\n`
      const ended: Array<number> = []
      const done = (written: number): void => {
        ended.push(written)
      }
      stdout.write(Buffer.from(long), 0, done)
      assert.throws(() => stderr.writeSync(Buffer.from("no room\n"), 0))
      let text = read(reader, 16_384)
      stderr.write(Buffer.from("short\n"), 0, done)
      text += read(reader, 16_384)
      stderr.writeSync(Buffer.from("at once\n"), 0)
      while (ended.length < 2) {
        text += read(reader, 65_536)
        yield* Effect.yieldNow
      }
      text += read(reader, 65_536)
      const [half = "", atOnce, ...rest] = text.split("\n")
      assert.match(half, /^x+$/)
      assert.strictEqual(atOnce, "at once")
      assert.sameMembers(rest, [long.slice(0, -1), "short", ""])
    }))
})
