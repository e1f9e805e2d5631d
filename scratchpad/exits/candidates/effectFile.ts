/** Effect's own file logger. */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import { underRunMain } from "./underRunMain.ts"

export default underRunMain((path) =>
  Layer.provide(Logger.layer([Logger.toFile(Logger.formatJson, path)]), NodeFileSystem.layer)
)
