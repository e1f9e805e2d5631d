/** Programs that judge in tests what the library sends, and that no `npm ci` brings. All that is said of them is here. */
import { accessSync, constants } from "node:fs"
import { delimiter, join } from "node:path"

export interface Engine {
  readonly command: string
  /** The package of Debian that has it. */
  readonly from: string
  /** What it judges. */
  readonly judges: string
}

export const engines = {
  protoc: { command: "protoc", from: "protobuf-compiler", judges: "what is sent as protobuf" },
  clickHouse: { command: "clickhouse-server", from: "clickhouse-server", judges: "what is inserted into ClickHouse" }
} satisfies Readonly<Record<string, Engine>>

/** Where an engine is. */
export const placeOf = ({ command }: Engine): string | undefined =>
  (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, command)).find((path) => {
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  })

/** What its tests are without it. */
export const without = ({ command, judges }: Engine): string =>
  `${command} is missing: without it no test judges ${judges}`
