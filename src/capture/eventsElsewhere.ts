import { OpenEvents } from "../events/OpenEvents.ts"
import * as LogRedactor from "../LogRedactor.ts"
import { eventCopier } from "./eventCopier.ts"
import { defaultLimits } from "./limits.ts"

let elsewhere: OpenEvents | undefined

const ignored = (): void => {}

/** Takes the events of programs without a runtime, which log with loggers of their own. */
export const eventsElsewhere = (): OpenEvents =>
  elsewhere ??= new OpenEvents(eventCopier(LogRedactor.make(), defaultLimits), {
    late: ignored,
    failed: ignored,
    skipped: ignored,
    rejected: { encode_failed: 0 },
    log: undefined
  })
