/**
 * What access records cost a server: a small `HttpApi` in a process of its own, several times on ports of its own,
 * asked in turns of some tens of milliseconds, so that what disturbs the machine disturbs all alike. The turn of a
 * server ends when what it has recorded is written: the next one would pay for it otherwise.
 */
import { fork } from "node:child_process"
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { positive } from "../options.ts"
import { median } from "../stats.ts"
import { Load } from "./load.ts"

const { values } = parseArgs({
  options: { blocks: { type: "string" }, requests: { type: "string" }, connections: { type: "string" } }
})

const warmUp = 20
const blocks = positive("blocks", values.blocks, 100, 1)
const requests = positive("requests", values.requests, 1000, 1)
const connections = positive("connections", values.connections, 16, 1)

const base = "none"

const folder = mkdtempSync(join(tmpdir(), "spillway-access-"))
const server = fork(join(import.meta.dirname, "server.ts"), [folder], {
  // What Effect's own logger writes goes to a file too.
  stdio: ["ignore", openSync(join(folder, "stdout"), "w"), "inherit", "ipc"]
})

try {
  const said = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const onExit = (code: number | null): void => reject(new Error(`the server ended with ${code}`))
      server.once("exit", onExit)
      server.once("message", (message) => {
        server.off("exit", onExit)
        resolve(message)
      })
    })
  const written = async (name: string): Promise<number> => {
    const since = process.hrtime.bigint()
    server.send(name)
    await said()
    return Number(process.hrtime.bigint() - since) / requests
  }
  const ports = Object.entries<number>(Object(await said()))
  const loads: Array<readonly [name: string, load: Load]> = []
  for (const [name, port] of ports) loads.push([name, await Load.to(port, connections)])
  const times = new Map(loads.map(([name]): [string, Array<number>] => [name, []]))
  for (let i = 0; i < warmUp + blocks; i++) {
    // Whoever comes first is another each time.
    for (let j = 0; j < loads.length; j++) {
      const [name, load] = loads[(i + j) % loads.length]!
      const took = await load.block(requests) + await written(name)
      if (i >= warmUp) times.get(name)?.push(took)
    }
  }
  for (const [, load] of loads) load.close()
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()))
  server.disconnect()
  await ended
  const lines = readFileSync(join(folder, "access.ndjson"), "utf8").split("\n").length - 1
  const asked = (warmUp + blocks) * requests
  if (lines !== asked) throw new Error(`${asked} requests have ${lines} access records: the figures do not count`)
  console.log(`${blocks} blocks of ${requests} requests on ${connections} connections`)
  for (const [name, nanos] of times) {
    const ratio = median(nanos.map((took, i) => times.get(base)![i]! / took))
    console.log(
      `${name.padEnd(18)} ${(1e9 / median(nanos)).toFixed(0).padStart(7)} requests/s  ÷ ${base} ${ratio.toFixed(3)}`
    )
  }
} finally {
  server.kill()
  rmSync(folder, { recursive: true, force: true })
}
