import { NodeServices } from "@effect/platform-node"
import { Effect, FileSystem, type Scope } from "effect"
import { execFileSync } from "node:child_process"

const root = process.getuid?.() === 0

/** A disk of 1 MiB of its own, or nothing where none can be had: only root can mount one. */
export const smallDisk: Effect.Effect<string | undefined, never, Scope.Scope> = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const directory = yield* Effect.orDie(fs.makeTempDirectoryScoped())
  return yield* Effect.acquireRelease(
    Effect.sync(() => {
      if (!root || process.platform !== "linux") return undefined
      try {
        execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", directory], { stdio: "ignore" })
        return directory
      } catch (error) {
        if (process.env["CI"] === "true") throw error
        return undefined
      }
    }),
    (mounted) =>
      Effect.sync(() => {
        if (mounted !== undefined) execFileSync("umount", ["-l", mounted], { stdio: "ignore" })
      })
  )
}).pipe(Effect.provide(NodeServices.layer))

/** Runs a test on a small disk, or says that it is skipped. */
export const onSmallDisk = <E, R>(
  test: (directory: string) => Effect.Effect<void, E, R>
): Effect.Effect<void, E, R | Scope.Scope> =>
  Effect.flatMap(
    smallDisk,
    (directory): Effect.Effect<void, E, R> =>
      directory === undefined
        ? Effect.sync(() => console.log("skipped: only root can mount a small disk"))
        : test(directory)
  )
