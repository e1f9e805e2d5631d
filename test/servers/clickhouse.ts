/** A ClickHouse of its own, with a folder that goes with the scope, on ports that are free. */
import { Effect, FileSystem, Path, Scope } from "effect"
import { createServer } from "node:net"
import { engines, placeOf, without } from "../../scratchpad/engines/engines.ts"
import { type Program, startCommand } from "../process/program.ts"

export interface ClickHouse {
  readonly url: string
  /** What it answers to a statement. Dies where that is an exception. */
  readonly query: (sql: string) => Effect.Effect<string>
  /** Ends it as a crash does. */
  readonly kill: Effect.Effect<void>
  /** Starts it again, with what it has on its disk. */
  readonly start: Effect.Effect<void>
}

const password = "password-of-the-writer"

/** Who may insert, beside `default`, which needs no password. */
export const writer = { user: "writer", password }

const freePort: Effect.Effect<number> = Effect.callback((resume) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const address = server.address()
    const port = typeof address === "object" ? address?.port ?? 0 : 0
    server.close(() => resume(Effect.succeed(port)))
  })
})

const configOf = (folder: string, http: number, tcp: number): string =>
  `<yandex>
  <logger><level>information</level><console>1</console></logger>
  <http_port>${http}</http_port>
  <tcp_port>${tcp}</tcp_port>
  <listen_host>127.0.0.1</listen_host>
  <path>${folder}/data/</path>
  <tmp_path>${folder}/tmp/</tmp_path>
  <users_config>${folder}/users.xml</users_config>
  <default_profile>default</default_profile>
  <default_database>default</default_database>
  <mark_cache_size>67108864</mark_cache_size>
  <uncompressed_cache_size>8388608</uncompressed_cache_size>
</yandex>
`

const userOf = (name: string, secret: string): string =>
  `<${name}>
      <password>${secret}</password>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
    </${name}>`

const users = `<yandex>
  <profiles><default><max_memory_usage>1000000000</max_memory_usage></default></profiles>
  <users>
    ${userOf("default", "")}
    ${userOf(writer.user, password)}
  </users>
  <quotas><default></default></quotas>
</yandex>
`

export const clickHouse: Effect.Effect<ClickHouse, never, FileSystem.FileSystem | Path.Path | Scope.Scope> = Effect.gen(
  function*() {
    const command = placeOf(engines.clickHouse)
    if (command === undefined) return yield* Effect.die(new Error(without(engines.clickHouse)))
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const folder = yield* fs.makeTempDirectoryScoped({ prefix: "clickhouse-" })
    const [http, tcp] = yield* Effect.all([freePort, freePort])
    const config = path.join(folder, "config.xml")
    yield* fs.writeFileString(config, configOf(folder, http, tcp))
    yield* fs.writeFileString(path.join(folder, "users.xml"), users)
    const url = `http://127.0.0.1:${http}`
    const scope = yield* Scope.Scope
    let program: Program | undefined
    const ended = Effect.suspend(() => program?.exited ?? Effect.void)
    // Its folder is there until it has ended.
    yield* Effect.addFinalizer(() => ended)
    const start = Effect.gen(function*() {
      program = yield* startCommand(command, [`--config-file=${config}`])
      yield* program.until(/Ready for connections/)
    }).pipe(Scope.provide(scope))
    const kill = Effect.andThen(Effect.sync(() => program?.send("SIGKILL")), ended)
    yield* start
    const query = (sql: string): Effect.Effect<string> =>
      Effect.promise(async () => {
        const response = await fetch(url, { method: "POST", body: sql })
        const text = await response.text()
        if (!response.ok) throw new Error(text)
        return text
      })
    return { url, query, kill, start }
  }
).pipe(Effect.orDie)
