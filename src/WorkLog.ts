/**
 * One record for each message that a worker takes from a queue, and for each run of a job that a
 * schedule starts.
 *
 * **Example** (A worker, and a job at night)
 *
 * ```ts
 * import { Cron, Effect } from "effect"
 * import { Logging, TestLogging, WideEvent } from "effect-spillway"
 * import * as WorkLog from "effect-spillway/WorkLog"
 *
 * const handle = (message: { readonly id: string; readonly attempt: number }) =>
 *   WideEvent.add({ order: 1042 }).pipe(
 *     WorkLog.job("send mail", {
 *       system: "rabbitmq",
 *       destination: "mails",
 *       messageId: message.id,
 *       attempt: message.attempt
 *     })
 *   )
 *
 * const report = Effect.logInfo("counted").pipe(
 *   WorkLog.job("report", { cron: Cron.parseUnsafe("0 4 * * *", "UTC") })
 * )
 *
 * const program = Effect.gen(function*() {
 *   yield* handle({ id: "m-1", attempt: 2 })
 *   yield* report
 *   const { records } = yield* TestLogging.TestLogging
 *   return (yield* records).filter(({ message }) => message !== "counted")
 * })
 *
 * const [mail, nightly] = await Effect.runPromise(Effect.provide(program, Logging.layerTest()))
 * mail?.annotations["messaging.destination.name"] // => "mails"
 * mail?.annotations["messaging.message.id"] // => "m-1"
 * mail?.annotations["job.attempt"] // => 2
 * mail?.annotations["order"] // => 1042
 * nightly?.annotations["job.run"] // => 1
 * nightly?.annotations["event.lines.info"] // => 1
 * ```
 *
 * @since 0.1.0
 */
import type * as Effect from "effect/Effect"
import { settledOptions } from "./events/eventOptions.ts"
import { text } from "./options/check.ts"
import { checkArgument, checkOptions } from "./options/checkOptions.ts"
import { jobChecks, type JobOptions, runOf } from "./serving/jobs.ts"
import { recordWork } from "./serving/recordWork.ts"

export type { JobOptions } from "./serving/jobs.ts"

/**
 * Makes one record of each run of an effect that handles a message, or that a schedule runs. It is a
 * wide event ({@link module:WideEvent}): by its name, with what is added inside, how it ended and how long it took.
 *
 * **Details**
 *
 * - `messaging.system`, `messaging.destination.name`, `messaging.message.id` and `messaging.operation.type`, by OpenTelemetry's
 *   conventions for messaging, as the options say.
 * - `job.attempt`: which attempt at the message it is.
 * - `job.run`: which run it is. With `cron` they are counted from 1 on, for each effect that is recorded; otherwise it is said in
 *   `Effect.repeat` and `Effect.retry` from their second run on.
 * - `job.next`: when the next run is due, with `cron`.
 *
 * Record the effect inside of its schedule: `work.pipe(WorkLog.job("report", { cron }), Effect.schedule(Schedule.cron(cron)))`.
 * What is retried within one record is one attempt to it.
 *
 * What was ordered by a request is done when that is over, in a fiber that knows nothing of it: put its id, and its span, beside
 * what you put into the queue, and do the work with them.
 *
 * Throws a `RangeError` for a name that is blank and for an option that is not what it must be.
 *
 * **Example** (Naming the request that has ordered the work)
 *
 * ```ts
 * import { Effect, Queue, References } from "effect"
 * import { Logging, TestLogging } from "effect-spillway"
 * import * as WorkLog from "effect-spillway/WorkLog"
 *
 * const program = Effect.gen(function*() {
 *   const queue = yield* Queue.unbounded<{ readonly mail: string; readonly by: Effect.Success<typeof orderedBy> }>()
 *
 *   // What a handler does.
 *   yield* Effect.logInfo("ordered").pipe(
 *     Effect.andThen(orderedBy),
 *     Effect.flatMap((by) => Queue.offer(queue, { mail: "welcome", by })),
 *     Effect.annotateLogs("requestId", "r-1"),
 *     Effect.withSpan("request")
 *   )
 *
 *   // What a worker does.
 *   const { by, mail } = yield* Queue.take(queue)
 *   yield* Effect.logInfo(`sent ${mail}`).pipe(
 *     WorkLog.job("send mail", { destination: "mails" }),
 *     Effect.annotateLogs("requestId", by.requestId),
 *     Effect.withParentSpan(by.span)
 *   )
 *   const { records } = yield* TestLogging.TestLogging
 *   return yield* records
 * })
 *
 * const orderedBy = Effect.all({
 *   requestId: Effect.map(References.CurrentLogAnnotations, ({ requestId }) => requestId),
 *   span: Effect.currentParentSpan
 * })
 *
 * const [ordered, sent, job] = await Effect.runPromise(Effect.provide(program, Logging.layerTest()))
 * sent?.annotations["requestId"] // => "r-1"
 * job?.message // => "send mail"
 * job?.annotations["requestId"] // => "r-1"
 * job?.traceId === ordered?.traceId // => true
 * ```
 *
 * @category recording
 * @since 0.1.0
 */
export const job = (name: string, options: JobOptions = {}) => {
  checkArgument("WorkLog.job", "name", text, name)
  const checked = checkOptions("WorkLog.job", jobChecks, options)
  const settled = settledOptions(checked)
  return <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => {
    const run = runOf(checked)
    return recordWork({ name, text: name }, (fiber) => ({ ...settled, own: run(fiber) }))(effect)
  }
}
