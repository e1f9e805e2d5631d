/** Starts programs on a runtime. */
import { Effect, type Scope } from "effect"
import { constants, openSync } from "node:fs"
import { Socket } from "node:net"
import { text } from "node:stream/consumers"
import { type Options, type Program, startCommand } from "../../test/process/program.ts"
import { run } from "../package/install.ts"
import type { Runtime } from "./runtimes.ts"

/** No network for anything but the program itself, and no colours. */
const env = { DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" }

export const fixture = (name: string): string => `test/process/fixtures/${name}.ts`
export const own = (name: string): string => `scratchpad/runtimes/programs/${name}.ts`

const commandOf = (
  { command: [command, ...rest], programOf }: Runtime,
  program: string,
  args: ReadonlyArray<string>
): readonly [string, ReadonlyArray<string>] => [command, [...rest, programOf(program), ...args]]

/** Starts a program whose stdout and stderr are sockets, as Node makes them. */
export const start = (
  runtime: Runtime,
  program: string,
  args: ReadonlyArray<string> = [],
  options: Options = {}
): Effect.Effect<Program, never, Scope.Scope> => startCommand(...commandOf(runtime, program, args), { ...options, env })

/** A program whose stdout is a pipe that nobody reads yet. */
export interface Piped {
  readonly program: Program
  /** Reads the pipe to its end. */
  readonly read: Effect.Effect<string>
  /** Closes the reading end. */
  readonly hangUp: Effect.Effect<void>
}

/** Starts a program whose stdout is a pipe, one with a name so that it can be made here. */
export const startPiped = Effect.fnUntraced(function*(
  runtime: Runtime,
  program: string,
  args: ReadonlyArray<string>,
  folder: string
) {
  const fifo = `${folder}/stdout`
  yield* run("mkfifo", folder, "mkfifo", fifo)
  const [command, rest] = commandOf(runtime, program, args)
  const fd = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK)
  const script = `exec > "$0"; echo opened >&2; exec "$@"`
  const started = yield* startCommand("sh", ["-c", script, fifo, command, ...rest], { env })
  yield* started.until(/^opened$/m)
  let reader: Socket | undefined
  const open = (): Socket => reader ??= new Socket({ fd, readable: true, writable: false })
  yield* Effect.addFinalizer(() => Effect.sync(() => open().destroy()))
  const piped: Piped = {
    program: started,
    read: Effect.promise(() => text(open())),
    hangUp: Effect.sync(() => open().destroy())
  }
  return piped
})
