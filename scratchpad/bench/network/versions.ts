/** Which versions of what is measured are installed. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { isObject } from "./plain.ts"

const packages = [
  "effect",
  "@effect/platform-node",
  "@opentelemetry/sdk-logs",
  "@opentelemetry/exporter-logs-otlp-proto",
  "winston",
  "pino",
  "pino-loki",
  "pino-elasticsearch",
  "@elastic/elasticsearch"
]

const folder = join(import.meta.dirname, "../../../node_modules")

export const versions = (): Readonly<Record<string, string>> =>
  Object.fromEntries(packages.map((name) => {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, name, "package.json"), "utf8"))
    return [name, isObject(manifest) ? String(manifest["version"]) : "unknown"]
  }))
