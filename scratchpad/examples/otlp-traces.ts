import { NodeHttpClient } from "@effect/platform-node"
import { Layer } from "effect"
import { OtlpSerialization, OtlpTracer } from "effect/observability"
import { Logging } from "../../src/index.ts"
import * as OtlpSink from "../../src/sinks/OtlpSink.ts"

const LoggingLive = Logging.layer({ sinks: [OtlpSink.fromEnvironment()] })
const TracesLive = OtlpTracer.layerFromConfig().pipe(Layer.provide(OtlpSerialization.layerProtobuf))

export const TelemetryLive = Layer.provideMerge(TracesLive, LoggingLive).pipe(Layer.provide(NodeHttpClient.layerUndici))
