import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { plural } from "../../record/text.ts"
import { ToolError } from "../ToolError.ts"
import { probe } from "./probe.ts"
import { reportOf } from "./report.ts"
import { sinksOf } from "./sinksOf.ts"
import { configured, layerIn } from "./sources.ts"

/** Sends a probe through every sink of a module, or of the environment, and prints what became of it. */
export const examine = (module: string | undefined): Effect.Effect<void, ToolError> =>
  Effect.gen(function*() {
    const sinks = yield* sinksOf(module === undefined ? configured : yield* layerIn(module), module)
    const findings = yield* Effect.forEach(sinks, probe, { concurrency: "unbounded" })
    for (const finding of findings) yield* Console.log(reportOf(finding))
    const failed = findings.flatMap(({ sink, state }) => state === "failed" ? [sink.name] : [])
    if (failed.length > 0) {
      return yield* new ToolError({
        exitCode: 1,
        message: `${failed.length} of ${sinks.length} ${plural(sinks.length, "sink")} failed: ${
          failed.join(", ")
        }; see what is said of each`
      })
    }
  }).pipe(Effect.scoped, Effect.provide(NodeHttpClient.layerUndici))
