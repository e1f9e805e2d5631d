/**
 * Records that are not like those of the workloads: text that is not ASCII or needs
 * escapes, text and objects at and above the limits, keys never seen before. They are
 * logged to a file, in bursts that the lane has room for. What is logged is made before
 * the clock starts: the engine takes over a microsecond for each key that it never saw.
 */
import * as Effect from "effect/Effect"
import { statSync } from "node:fs"
import * as Logging from "../../../src/Logging.ts"
import { build } from "../candidates/effect.ts"
import { loggingToFile, shutdownAndCount } from "../candidates/spillway.ts"
import { collectGarbage, type Job, nanosSince } from "../job.ts"

/** A message of the `i`th record. */
type Message = (i: number) => unknown

const burstBytes = 4 * 1024 * 1024
const mostInBurst = 2000

const repeated = (text: string, length: number): string => {
  const long = text.repeat(Math.ceil(length / text.length)).slice(0, length)
  // What a program reads is one text, and not the parts it could be put together from.
  return Buffer.from(long, "utf16le").toString("utf16le")
}

const sentence = "the order was taken, paid, packed and sent to the customer; "
const umlauts = "Die Größe der Übung fällt für Jörg ärgerlich jäh zurück; "
const cjk = "請求已處理完成並返回結果給用戶，訂單已經付款且包裝好了。"
const length = 300

const always = (text: string): Message => () => text

const middle = (odd: string): Message =>
  always(repeated(sentence, length / 2) + odd + repeated(sentence, length / 2 - odd.length))

/** An object with keys of its own in every record, or the same in all. */
const keys = (count: number, suffix: (i: number) => string): Message => (i) => {
  const own = suffix(i)
  const out: Record<string, unknown> = {}
  for (let key = 0; key < count; key++) out[`customerField${key}${own}`] = i + key
  return out
}

const same = (): string => "zzzzzz"
const letters = "abcdefghij"

/** Six letters that no other record has. */
const fresh = (i: number): string =>
  i.toString().padStart(6, "0").replaceAll(/\d/g, (digit) => letters[Number(digit)] ?? "")

const nested = (depth: number): Message => (i) => {
  let out: unknown = i
  for (let level = 0; level < depth; level++) out = { inner: out }
  return out
}

const messages = {
  ascii: always(repeated(sentence, length)),
  umlauts: always(repeated(umlauts, length)),
  cjk: always(repeated(cjk, length)),
  quotes: middle("\""),
  lineBreaks: middle("\n"),
  json: always(
    JSON.stringify({ order: 4217, items: [{ id: "a1", count: 3 }, { id: "b2", count: 4 }], to: "Ada" }).repeat(4)
      .slice(0, length)
  ),
  text31k: always(repeated(sentence, 31 * 1024)),
  text33k: always(repeated(sentence, 33 * 1024)),
  text1m: always(repeated(sentence, 1024 * 1024)),
  cjk31k: always(repeated(cjk, 10_500)),
  knownKeys: keys(6, same),
  newKeys: keys(6, fresh),
  keys64: keys(64, same),
  keys65: keys(65, same),
  keys100: keys(100, same),
  keys101: keys(101, same),
  keys1000: keys(1000, same),
  items100: (i: number) => Array.from({ length: 100 }, (_, item) => i + item),
  items101: (i: number) => Array.from({ length: 101 }, (_, item) => i + item),
  depth8: nested(8),
  depth9: nested(9)
} satisfies Record<string, Message>

export type OddRecord = keyof typeof messages

export const oddRecord = (name: OddRecord): Job => ({
  async measure({ events, path }) {
    const message: Message = messages[name]
    const { close, context } = await build(loggingToFile(path))
    let next = 0
    const logged = (count: number, burst: number) =>
      Effect.gen(function*() {
        const logging = yield* Logging.Logging
        let nanos = 0
        for (let left = count; left > 0; left -= burst) {
          const burstMessages = Array.from({ length: Math.min(burst, left) }, () => message(next++))
          const start = process.hrtime.bigint()
          for (let i = 0; i < burstMessages.length; i++) yield* Effect.logInfo(burstMessages[i])
          yield* logging.flush
          nanos += nanosSince(start)
        }
        return nanos
      })
    const run = <A>(effect: Effect.Effect<A, never, Logging.Logging>): Promise<A> =>
      Effect.runPromise(Effect.provideContext(effect, context))
    await run(logged(1, 1))
    const burst = Math.max(1, Math.min(mostInBurst, Math.floor(burstBytes / statSync(path).size)))
    await run(logged(events, burst))
    collectGarbage()
    const before = statSync(path).size
    const nanos = (await run(logged(events, burst))) / events
    const bytes = (statSync(path).size - before) / events
    const dropped = await run(shutdownAndCount)
    await Effect.runPromise(close)
    return { nanos, dropped, more: { bytes, perByte: nanos / bytes } }
  }
})
