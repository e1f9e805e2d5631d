import { Arbitrary, Cause, Schema } from "effect"
import { fieldsOf } from "../../src/capture/attributes.ts"
import { spansOf } from "../../src/capture/logSpans.ts"
import { LogRecord } from "../../src/index.ts"
import { makeSnapshot } from "./capture.ts"
import * as Hostile from "./hostile.ts"

/** A record with hostile text in every place that text can stand. */
export const hostileRecord = Arbitrary.all({
  message: Arbitrary.array(Hostile.value, { maxLength: 3 }),
  annotations: Arbitrary.array(Arbitrary.all([Hostile.text, Hostile.value]), { maxLength: 3 }),
  label: Hostile.text,
  ids: Arbitrary.array(Hostile.text, { maxLength: 2 }),
  time: Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 4_000_000_000_000 })))
}).pipe(
  Arbitrary.map(({ annotations, ids, label, message, time }) => {
    const snapshot = makeSnapshot({ recordBytes: 20_000 })
    return LogRecord.make({
      time,
      message: message.length === 1 ? snapshot.value(message[0]) : snapshot.value(message, -1),
      annotations: fieldsOf(snapshot.value(Object.fromEntries(annotations))),
      cause: snapshot.cause(Cause.fromReasons(message.map((each) => Cause.makeFailReason(each)))),
      spans: spansOf([[label, 0]], 5, snapshot).durations(5),
      traceId: ids[0],
      spanId: ids[1]
    })
  })
)
