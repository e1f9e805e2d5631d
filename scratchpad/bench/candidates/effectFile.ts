/** Effect's own file logger: `Logger.toFile` with `Logger.formatJson`. */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import { fileJob } from "./candidate.ts"
import { openLayer } from "./effect.ts"

export default fileJob({
  open: (setup) =>
    openLayer(
      Layer.provide(Logger.layer([Logger.toFile(Logger.formatJson, setup.path)]), NodeFileSystem.layer),
      setup,
      Effect.succeed(0)
    )
})
