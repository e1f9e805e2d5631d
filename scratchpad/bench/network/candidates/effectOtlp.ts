/** Effect's own `OtlpLogger`, with the same client as ours. */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as OtlpLogger from "effect/observability/OtlpLogger"
import * as OtlpSerialization from "effect/observability/OtlpSerialization"
import { openLayer } from "../../candidates/effect.ts"
import type { Job } from "../../job.ts"
import { networkJob } from "../networkJob.ts"

/** For what is left when it is closed; after its default of 3 s the rest is gone. */
const shutdownTimeout = "60 seconds"

export const effectOtlp = (format: "protobuf" | "json"): Job =>
  networkJob({
    closes: "delivered",
    open: (setup) =>
      openLayer(
        OtlpLogger.layer({
          url: `${setup.url}/v1/logs`,
          resource: { serviceName: "bench" },
          mergeWithExisting: false,
          shutdownTimeout
        }).pipe(
          Layer.provide([
            NodeHttpClient.layerUndici,
            format === "json" ? OtlpSerialization.layerJson : OtlpSerialization.layerProtobuf
          ])
        ),
        setup,
        Effect.succeed(0)
      )
  })
