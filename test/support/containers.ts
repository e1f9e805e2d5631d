import type { Effect, Scope } from "effect"
import { spawnSync } from "node:child_process"
import { type Program, startCommand } from "../process/program.ts"

/** Namespaces of its own, as a container has them; all in it dies with it. */
const own = ["--uts", "--pid", "--net", "--fork", "--mount-proc", "--kill-child=SIGKILL"]

/** Whether there can be containers here: only root can make the namespaces, and only on Linux. */
export const hasContainers = process.platform === "linux" && process.getuid?.() === 0 &&
  (process.env["CI"] === "true" || spawnSync("unshare", [...own, "true"]).status === 0)

if (!hasContainers) console.log("skipped: only root can make the namespaces of a container")

/** Starts a TypeScript file of the repository as the first process of a container with a host name. */
export const startIn = (
  host: string,
  script: string,
  args: ReadonlyArray<string>
): Effect.Effect<Program, never, Scope.Scope> =>
  startCommand("unshare", [
    ...own,
    "sh",
    "-c",
    "hostname \"$0\" && exec \"$@\"",
    host,
    process.execPath,
    script,
    ...args
  ])
