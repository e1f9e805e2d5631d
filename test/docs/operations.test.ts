import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { ConfigProvider, Duration, Effect, FileSystem, Path } from "effect"
import { spawnSync } from "node:child_process"
import { LoggingConfig, LogSink } from "../../src/index.ts"
import { blocksOf, examplesFolder, page } from "./pages.ts"
import { run } from "./programs.ts"

const file = Effect.fnUntraced(function*(name: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  return yield* fs.readFileString(path.join(yield* examplesFolder, "operations", name))
})

/** What stands behind a key in a file, once. */
const the = (text: string, pattern: RegExp): string => {
  const found = [...text.matchAll(new RegExp(pattern, "gm"))]
  assert.strictEqual(found.length, 1, `${pattern} stands there once`)
  return found[0]?.[1] ?? ""
}

/** What the library makes of an environment: it refuses bad values. */
const settingsOf = (env: Record<string, string>) =>
  LoggingConfig.load.pipe(Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env }))))

const millisOf = (duration: Duration.Duration | undefined): number => Duration.toMillis(duration ?? Duration.zero)

const known = new Set([...LoggingConfig.variables.map(({ name }) => name), "COLLECTOR_URL", "PORT", "SPOOL_DIRECTORY"])

const margin = 1000

layer(NodeServices.layer, { excludeTestServices: true })("docs/operations.md", (it) => {
  it.effect("shows the files as they are", () =>
    Effect.gen(function*() {
      const text = yield* page("docs/operations.md")
      for (
        const [language, names] of [
          ["yaml", ["kubernetes.yaml", "alerts.yaml"]],
          ["dockerfile", ["Dockerfile"]],
          ["ini", ["orders.service"]],
          ["text", ["orders.logrotate"]]
        ] as const
      ) {
        assert.deepStrictEqual(blocksOf(language, text), yield* Effect.forEach(names, file))
      }
    }))

  it.effect("gives a pod the time that its shutdown takes, and the program a folder it accepts", () =>
    Effect.gen(function*() {
      const text = yield* file("kubernetes.yaml")
      const env = Object.fromEntries(
        [...text.matchAll(/\{ name: ([A-Z_]+), value: "([^"]*)" \}/g)].map(([, name = "", value = ""]) => [name, value])
      )
      for (const name of Object.keys(env)) assert.include([...known], name)
      const { gracePeriod, shutdownTimeout } = yield* settingsOf(env)
      const granted = 1000 * Number(the(text, /terminationGracePeriodSeconds: (\d+)$/))
      const preStop = 1000 * Number(the(text, /sleep: \{ seconds: (\d+) \}/))
      const server = 1000 * Number(the(yield* file("service.ts"), /gracefulShutdownTimeout: .*"(\d+) seconds"/))
      assert.strictEqual(millisOf(gracePeriod), granted - preStop)
      assert.isAtLeast(granted, preStop + server + millisOf(shutdownTimeout) + margin)

      const volume = the(text, /mountPath: (\S+) \}/)
      assert.isTrue(env["SPOOL_DIRECTORY"]?.startsWith(`${volume}/`))
      assert.strictEqual(the(text, /containerPort: (\d+)/), env["PORT"])
      assert.strictEqual(the(text, /httpGet: \{ path: \/ready, port: (\d+) \}/), env["PORT"])
      assert.strictEqual(the(text, /prometheus.io\/port: "(\d+)"/), env["PORT"])
    }))

  it.effect("gives a unit the time that its shutdown takes", () =>
    Effect.gen(function*() {
      const text = yield* file("orders.service")
      const env = Object.fromEntries(
        [...text.matchAll(/^Environment=(\w+)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value])
      )
      for (const name of Object.keys(env)) assert.include([...known], name)
      const settings = yield* settingsOf(env)
      const granted = 1000 * Number(the(text, /^TimeoutStopSec=(\d+)$/))
      assert.strictEqual(millisOf(settings.gracePeriod), granted)
      assert.isAtLeast(granted, millisOf(settings.shutdownTimeout) + margin)
      const path = yield* Path.Path
      const rotated = the(yield* file("orders.logrotate"), /^(\S+) \{$/)
      assert.strictEqual(rotated, path.join(path.dirname(settings.file ?? ""), "*.ndjson"))
      assert.match(text, /^LogsDirectory=orders$/m)
    }))

  it.effect("has a unit and a rotation that their own tools accept, where there are such tools", () =>
    Effect.gen(function*() {
      const path = yield* Path.Path
      const folder = path.join(yield* examplesFolder, "operations")
      for (
        const [command, ...args] of [
          ["systemd-analyze", "verify", path.join(folder, "orders.service")],
          ["logrotate", "-d", "-s", "/dev/null", path.join(folder, "orders.logrotate")]
        ] as const
      ) {
        const { error, status, stderr } = spawnSync(command, args, { encoding: "utf8" })
        if (error !== undefined) continue
        const own = stderr.split("\n").filter((line) => /orders\.(service|logrotate)/.test(line))
        // The program of the example is not installed.
        const faults = own.filter((line) => !/is not executable|Unit .* not found/.test(line))
        if (command === "systemd-analyze") assert.deepStrictEqual(faults, [])
        else assert.strictEqual(status, 0, stderr)
      }
    }))

  it.effect("starts Node itself in its container", () =>
    Effect.gen(function*() {
      assert.match(yield* file("Dockerfile"), /^CMD \["node", /m)
    }))

  it.effect("states the defaults as they are", () =>
    Effect.gen(function*() {
      const text = yield* page("docs/operations.md")
      const { capacity, maxBatchBytes, maxBatchSize, maxBytes } = LogSink.defaults
      assert.include(text, `${capacity.toLocaleString("en")}; file and console`)
      assert.include(text, `${maxBytes / 2 ** 20} MiB; file`)
      assert.include(text, `${maxBatchSize} records, ${maxBatchBytes / 1024} KiB; over HTTP`)
    }))

  it.effect("alerts on metrics that there are, and the service does what the page says", () =>
    Effect.gen(function*() {
      const path = yield* Path.Path
      const port = 20_000 + process.pid % 20_000
      const asked: Array<Promise<string>> = []
      const ended = yield* run({
        arguments: [path.join(yield* examplesFolder, "operations/service.ts")],
        env: {
          COLLECTOR_URL: "http://127.0.0.1:9/",
          SPOOL_DIRECTORY: "spool",
          PORT: String(port),
          LOGGING_SHUTDOWN_TIMEOUT: "1s",
          LOGGING_GRACE_PERIOD: "25s"
        },
        onStdout: (line, pid) => {
          if (!line.includes("Listening on")) return
          for (const route of ["ready", "logs", "metrics"]) {
            asked.push(
              fetch(`http://127.0.0.1:${port}/${route}`, { headers: { connection: "close" } }).then((answer) =>
                answer.text()
              )
            )
          }
          void Promise.allSettled(asked).then(() => process.kill(pid, "SIGTERM"))
        }
      })
      const [ready, logs, metrics] = yield* Effect.promise(() => Promise.all(asked))
      assert.strictEqual(ready, "ready\n")
      assert.include(logs, `"healthy":`)
      assert.strictEqual(ended.exitCode, 130)
      assert.match(ended.stderr, /^shutdown: SIGTERM after /m)
      assert.match(ended.stderr, /^ {2}collector: 1 accepted, 0 delivered, 0 dropped, 1 spooled$/m)
      assert.notInclude(ended.stderr, "grace period")

      const names = [...(yield* file("alerts.yaml")).matchAll(/\bspillway_\w+/g)].map(([name]) => name)
      assert.isAbove(names.length, 0)
      for (const name of names) assert.match(String(metrics), new RegExp(`^# TYPE ${name} `, "m"))
    }))
})
