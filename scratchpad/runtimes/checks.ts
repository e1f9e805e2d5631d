/** What is tried on each runtime: a row of the table for each. */
import type { Effect, FileSystem, Path, PlatformError, Schema, Scope } from "effect"
import type { ChildProcessSpawner } from "effect/process"
import type { CheckFailed } from "../package/install.ts"
import { endChecks } from "./checks/ends.ts"
import { pipeChecks } from "./checks/pipes.ts"
import { quickStartChecks } from "./checks/quickStart.ts"
import { signalChecks } from "./checks/signals.ts"
import { spoolChecks } from "./checks/spools.ts"
import type { Runtime } from "./runtimes.ts"

/** Fails or dies where it does not hold. Gets a folder of its own, and Node to run something beside it. */
export type Check = (runtime: Runtime, folder: string, node: Runtime) => Effect.Effect<
  void,
  CheckFailed | PlatformError.PlatformError | Schema.SchemaError,
  ChildProcessSpawner.ChildProcessSpawner | FileSystem.FileSystem | Path.Path | Scope.Scope
>

/** The rows of one subject, by what holds. */
export type Checks = Readonly<Record<string, Check>>

export const checks: Readonly<Record<string, Checks>> = {
  "Quick start": quickStartChecks,
  "Signals": signalChecks,
  "Last writes": endChecks,
  "Spool": spoolChecks,
  "Full pipes": pipeChecks
}
