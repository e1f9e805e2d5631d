import { Deferred, Effect, Exit, type Scope } from "effect"
import { type ChildProcess, spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { programOf } from "../support/programs.ts"

/** How a program ended and all it wrote. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Options {
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  readonly input?: Uint8Array | undefined
  /** Whether stdout is left unread until `read`. */
  readonly paused?: boolean | undefined
  /** Whether stderr is left unread until `readErrors`. */
  readonly pausedErrors?: boolean | undefined
}

/**
 * A real program, spawned. Effect's own `ChildProcess` awaits the end of what it
 * sends a signal to; these tests send several, so they use Node's.
 */
export class Program {
  private stdoutText = ""
  private stderrText = ""
  private readonly child: ChildProcess
  private readonly waiting = new Set<() => void>()
  private readonly ended = Deferred.makeUnsafe<Ended>()
  private readonly gone = Deferred.makeUnsafe<number | null>()

  constructor(child: ChildProcess, options: Options) {
    this.child = child
    if (options.pausedErrors !== true) this.readErrors()
    if (options.paused !== true) this.read()
    child.stdin?.on("error", () => {})
    child.stdin?.end(options.input)
    child.on("exit", (code) => {
      Deferred.doneUnsafe(this.gone, Exit.succeed(code))
    })
    child.on("close", (code, signal) => {
      const all = { code, signal, stdout: this.stdoutText, stderr: this.stderrText }
      Deferred.doneUnsafe(this.ended, Exit.succeed(all))
      this.look()
    })
  }

  read(): void {
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.stdoutText += text
      this.look()
    })
  }

  /** Closes the reading end of stdout. */
  hangUp(): void {
    this.child.stdout?.destroy()
  }

  readErrors(): void {
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.stderrText += text
      this.look()
    })
  }

  send(signal: NodeJS.Signals): void {
    this.child.kill(signal)
  }

  /** Its exit code, as soon as it has one: it may have written what nobody has read. */
  get exited(): Effect.Effect<number | null> {
    return Deferred.await(this.gone)
  }

  get end(): Effect.Effect<Ended> {
    return Deferred.await(this.ended)
  }

  /** Waits until stdout or stderr holds a text; dies when the program ends without it. */
  until(pattern: RegExp): Effect.Effect<string> {
    return Effect.callback<string>((resume) => {
      const look = (): void => {
        const found = pattern.exec(this.stdoutText) ?? pattern.exec(this.stderrText)
        if (found !== null) resume(Effect.succeed(found[1] ?? found[0]))
        else if (Deferred.isDoneUnsafe(this.ended)) {
          resume(Effect.die(new Error(`it ended without ${pattern}:\n${this.stdoutText}\n${this.stderrText}`)))
        } else return
        this.waiting.delete(look)
      }
      this.waiting.add(look)
      look()
    })
  }

  private look(): void {
    for (const look of this.waiting) look()
  }
}

/** Starts a command; it is killed when the scope closes. */
export const startCommand = (
  command: string,
  args: ReadonlyArray<string>,
  options: Options = {}
): Effect.Effect<Program, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const { FORCE_COLOR: _, NODE_DISABLE_COLORS: __, NO_COLOR: ___, TERM: ____, ...env } = process.env
      const child = spawn(command, args, { cwd: repository, env: { ...env, ...options.env }, detached: true })
      return { child, program: new Program(child, options) }
    }),
    ({ child }) => Effect.sync(() => killGroup(child))
  ).pipe(Effect.map(({ program }) => program))

/** Starts a TypeScript file of the repository under the Node that runs the tests. */
export const start = (
  script: string,
  args: ReadonlyArray<string> = [],
  options: Options = {}
): Effect.Effect<Program, never, Scope.Scope> => startCommand(process.execPath, [programOf(script), ...args], options)

/** Runs a TypeScript file of the repository to its end. */
export const run = (
  script: string,
  args: ReadonlyArray<string> = [],
  options: Options = {}
): Effect.Effect<Ended> => Effect.scoped(Effect.flatMap(start(script, args, options), (program) => program.end))

export const repository = fileURLToPath(new URL("../..", import.meta.url))

export const fixture = (name: string): string => programOf(`test/process/fixtures/${name}.ts`)

// A shell leaves its children behind when it is killed alone.
const killGroup = (child: ChildProcess): void => {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, "SIGKILL")
  } catch {
    // It has ended already.
  }
}
