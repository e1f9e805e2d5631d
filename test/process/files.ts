import { NodeServices } from "@effect/platform-node"
import { Effect, FileSystem, Schema } from "effect"

const LaneBooks = Schema.Struct({
  accepted: Schema.Int,
  delivered: Schema.Int,
  dropped: Schema.Record(Schema.String, Schema.Int)
})

const Report = Schema.Struct({
  reason: Schema.String,
  drained: Schema.Int,
  balanced: Schema.Boolean,
  lanes: Schema.Record(Schema.String, LaneBooks),
  failures: Schema.Array(Schema.Struct({ step: Schema.String, message: Schema.String }))
})
export type Report = typeof Report.Type

/** A report as a fixture writes it: one line of stderr that begins with "report ". */
export const reportIn = (text: string): Effect.Effect<Report, Schema.SchemaError> => {
  const line = /^report (.*)$/m.exec(text)?.[1] ?? "null"
  return Schema.decodeEffect(Schema.fromJsonString(Report))(line)
}

const Line = Schema.Struct({
  message: Schema.Unknown,
  level: Schema.String,
  timestamp: Schema.String,
  annotations: Schema.Record(Schema.String, Schema.Unknown),
  cause: Schema.optionalKey(Schema.String)
})
export type Line = typeof Line.Type
const decodeLine = Schema.decodeEffect(Schema.fromJsonString(Line))

/** The records of a text of JSON lines; fails when a line is not one, or the last one is not ended. */
export const recordsIn = (text: string): Effect.Effect<ReadonlyArray<Line>, Schema.SchemaError> => {
  const lines = text.split("\n")
  const tail = lines.pop()
  return Effect.forEach(tail === "" ? lines : [...lines, `unfinished: ${tail}`], (line) => decodeLine(line))
}

/** The records of a file of JSON lines. */
export const recordsOf = (path: string) =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    return yield* recordsIn(yield* fs.readFileString(path))
  }).pipe(Effect.provide(NodeServices.layer))

/** The path of a file in a folder of its own, removed with the scope. */
export const temporary = (name: string) =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const folder = yield* fs.makeTempDirectoryScoped({ prefix: "spillway-" })
    return `${folder}/${name}`
  }).pipe(Effect.provide(NodeServices.layer))
