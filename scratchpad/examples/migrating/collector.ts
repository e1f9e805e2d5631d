import { Effect, Schema } from "effect"

export class CollectorError extends Schema.TaggedError<CollectorError>()("CollectorError", {
  message: Schema.String,
  cause: Schema.optionalKey(Schema.Defect())
}) {}

/** Posts lines to a collector; fails when it does not take them. */
export const post = Effect.fnUntraced(function*(lines: ReadonlyArray<string>) {
  const url = process.env["COLLECTOR_URL"] ?? ""
  const { status } = yield* Effect.tryPromise({
    try: () => fetch(url, { method: "POST", body: lines.join("\n") }),
    catch: (cause) => new CollectorError({ message: "no answer", cause })
  })
  if (status >= 300) return yield* new CollectorError({ message: `answered ${status}` })
})
