/** A program that logs over HTTP while its destination is away, and is started anew in the middle of that. */
import { NodeServices } from "@effect/platform-node"
import { Deferred, Duration, Effect, Exit, FileSystem, type PlatformError, type Schema } from "effect"
import { refused, type Reply, silent } from "../servers/Collector.ts"
import { destinations } from "./destinations.ts"
import { type Report, reportIn } from "./files.ts"
import * as Program from "./program.ts"

export interface Outage {
  readonly destination: string
  readonly mode: "overflow" | "always"
  readonly lasts: Duration.Duration
  /** Records a second. */
  readonly rate: number
}

/** What an outage came to. */
export interface Outcome {
  readonly logged: number
  readonly delivered: number
  /** Records that are there more than once. */
  readonly twice: number
  /** Numbers that were logged and are not there. */
  readonly missing: ReadonlyArray<number>
  /** What no contract allows, in words. */
  readonly wrong: ReadonlyArray<string>
}

/** In this order it is away, a quarter of the time each: nobody listens, nobody answers, busy, and cut off when all is stored. */
export const outage: (outage: Outage) => Effect.Effect<Outcome, PlatformError.PlatformError | Schema.SchemaError> = (
  { destination, lasts, mode, rate }: Outage
) =>
  Effect.gen(function*() {
    const { arrived, far, stored, storedAndReset, url } = yield* destinations[destination] ??
      Effect.die(`there is no ${destination}`)
    const fs = yield* FileSystem.FileSystem
    const folder = yield* fs.makeTempDirectoryScoped({ prefix: "spillway-" })
    const quarter = Effect.sleep(Duration.divideUnsafe(lasts, 4))
    const long = Duration.toSeconds(lasts) >= 60
    const start = (first: number, recordsPerSecond = rate) =>
      Program.start(Program.fixture("outage"), [
        destination,
        url,
        folder,
        mode,
        String(first),
        String(recordsPerSecond),
        String(long ? 0 : Math.ceil(Duration.toMillis(lasts) / 20))
      ])
    /** The number that a program had got to. */
    const loggedFrom = (first: number) =>
      Effect.map(
        fs.readFileString(`${folder}/logged-${first}`),
        (text) => Number(/(\d+)\n\d*$/.exec(text)?.[1] ?? 0)
      )
    /** Has the far end answer so, until a request of a program has come and been answered. */
    const answers = ({ end }: Program.Program, reply: Reply) =>
      Effect.suspend(() => {
        const came = Deferred.makeUnsafe<void>()
        far.always = (exchange) => {
          reply(exchange)
          Deferred.doneUnsafe(came, Exit.void)
        }
        const ended = Effect.flatMap(end, ({ code, stderr }) =>
          Effect.die(`it ended with ${code}: ${stderr.slice(-500)}`))
        return Effect.raceFirst(Deferred.await(came), ended)
      })

    const before = yield* start(0)
    yield* answers(before, stored)
    yield* far.close
    yield* quarter
    yield* far.open
    yield* answers(before, silent().reply)
    yield* quarter
    before.send(mode === "always" ? "SIGKILL" : "SIGTERM")
    const first = yield* before.end
    const next = (yield* loggedFrom(0)) + 1_000_000
    const after = yield* start(next)
    yield* answers(after, refused(503, long ? { "retry-after": "1" } : {}))
    yield* quarter
    yield* answers(after, storedAndReset)
    yield* quarter
    yield* answers(after, stored)
    after.send("SIGTERM")
    const last = yield* after.end
    // What a drain had no time for is the next one's.
    const heir = yield* Effect.flatMap(start(2 * next, 0), ({ end }) =>
      end)

    const noted = (file: string) =>
      Effect.map(
        Effect.orElseSucceed(fs.readFileString(`${folder}/${file}`), () => ""),
        (text) => new Set(text.split("\n").filter((uid) => uid !== ""))
      )
    const delivered = yield* noted("delivered")
    const ambiguous = yield* noted("ambiguous")
    const times = new Map<string, number>()
    const numbers = new Set<number>()
    for (const { number, uid } of arrived()) {
      times.set(uid, (times.get(uid) ?? 0) + 1)
      numbers.add(number)
    }
    const logged = [...range(0, yield* loggedFrom(0)), ...range(next, yield* loggedFrom(next))]
    const twice = [...times].filter(([, count]) => count > 1).map(([uid]) => uid)
    const wrong: Array<string> = []
    const say = (uids: ReadonlyArray<string>, what: string): void => {
      if (uids.length > 0) wrong.push(`${uids.length} ${what}`)
    }
    say([...delivered].filter((uid) => !times.has(uid)), "are said to be delivered and are not there")
    say(twice.filter((uid) => !ambiguous.has(uid)), "are there more than once, and nobody said that they may be")
    // What `runMain` gives to a program that a signal has interrupted.
    const interrupted = 130
    const orderly = [
      ...(mode === "always" ? [] : [{ ...first, expected: interrupted }]),
      { ...last, expected: interrupted },
      { ...heir, expected: 0 }
    ]
    for (const { code, expected, stderr } of orderly) {
      wrong.push(...faultsOf(yield* reportIn(stderr), destination))
      if (code !== expected) wrong.push(`a program ended with ${code}: ${stderr.slice(-500)}`)
    }
    const missing = logged.filter((number) => !numbers.has(number))
    return { logged: logged.length, delivered: delivered.size, twice: twice.length, missing, wrong }
  }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))

const range = (from: number, to: number): ReadonlyArray<number> =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)

const faultsOf = ({ balanced, lanes }: Report, destination: string): ReadonlyArray<string> => {
  const dropped = lanes[destination]?.dropped ?? { "no such lane": 1 }
  return [
    ...(balanced ? [] : ["the books do not balance"]),
    ...Object.entries(dropped).filter(([, count]) => count > 0).map(([reason, count]) => `${count} dropped: ${reason}`)
  ]
}

/** An outcome for people to read. */
export const show = ({ delivered, logged, missing, twice, wrong }: Outcome): string =>
  [
    `${logged} logged, ${missing.length} missing, ${delivered} said to be delivered, ${twice} there more than once`,
    ...wrong
  ].join("; ")
