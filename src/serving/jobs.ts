import * as Clock from "effect/Clock"
import * as Cron from "effect/Cron"
import type * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import { eventChecks, type Options } from "../events/eventOptions.ts"
import * as Check from "../options/check.ts"
import type { Checked } from "../options/checkOptions.ts"
import type { SaidFields } from "../record/EventMessage.ts"

/**
 * Options of the records of jobs, besides those of every wide event.
 *
 * @category options
 * @since 0.1.0
 */
export interface JobOptions extends Options {
  /**
   * The system of the messages, as `messaging.system`: `"kafka"`, `"rabbitmq"`, `"nats"` or `"aws_sqs"`, say.
   *
   * @default none
   */
  readonly system?: string | undefined
  /**
   * The queue or the topic, as `messaging.destination.name`.
   *
   * @default none
   */
  readonly destination?: string | undefined
  /**
   * The id of the message, as `messaging.message.id`.
   *
   * @default none
   */
  readonly messageId?: string | undefined
  /**
   * Which attempt at the message it is, from 1 on, as `job.attempt`.
   *
   * @default none
   */
  readonly attempt?: number | undefined
  /**
   * What is done with the message, as `messaging.operation.type`.
   *
   * @default "process" where a system, a destination or a message is named
   */
  readonly operation?: "process" | "receive" | "send" | "create" | "settle" | undefined
  /**
   * The schedule that runs it: its runs are counted, as `job.run`, and the next one is said, as `job.next`.
   *
   * @default none
   */
  readonly cron?: Cron.Cron | undefined
}

export const jobChecks: Check.Checks<JobOptions> = {
  ...eventChecks,
  system: Check.text,
  destination: Check.text,
  messageId: Check.text,
  attempt: Check.wholeNumber(1),
  operation: Check.words("process", "receive", "send", "create", "settle"),
  cron: Check.satisfies("a Cron, like Cron.parseUnsafe gives one", Cron.isCron)
}

type AnyFiber = Fiber.Fiber<unknown, unknown>

/** What is said of each run of an effect. */
export const runOf = (options: Checked<JobOptions>): (fiber: AnyFiber) => (said: SaidFields) => void => {
  const { cron } = options
  let runs = 0
  return (fiber) => {
    runs++
    const run = cron === undefined ? repeated(fiber) : runs
    const clock = fiber.getRef(Clock.Clock)
    return (said) => {
      sayMessage(said, options)
      said.say("job.run", run)
      if (cron !== undefined) said.say("job.next", nextOf(cron, clock.currentTimeMillisUnsafe()))
    }
  }
}

/** Which run it is of what repeats or retries it, which is told from its second on. */
const repeated = (fiber: AnyFiber): number | undefined => {
  const { attempt } = fiber.getRef(Schedule.CurrentMetadata)
  return attempt > 0 ? attempt + 1 : undefined
}

/** None where a schedule has an end. */
const nextOf = (cron: Cron.Cron, now: number): string | undefined => {
  try {
    return Cron.next(cron, new Date(now)).toISOString()
  } catch {
    return undefined
  }
}

const sayMessage = (
  said: SaidFields,
  { attempt, destination, messageId, operation, system }: Checked<JobOptions>
): void => {
  const isMessage = system !== undefined || destination !== undefined || messageId !== undefined
  said.say("messaging.system", system)
  said.say("messaging.destination.name", destination)
  said.say("messaging.operation.type", operation ?? (isMessage ? "process" : undefined))
  said.say("messaging.message.id", messageId)
  said.say("job.attempt", attempt)
}
