import { existsSync } from "node:fs"
import { join, relative, resolve } from "node:path"

const root = resolve(import.meta.dirname, "..", "..")

/** The variable that names the folder of the programs that `bundle.ts` has bundled. */
export const programsVariable = "SPILLWAY_TEST_PROGRAMS"

/** Where a source is bundled as a program; what is not bundled stays as it is. */
export const programOf = (argument: string): string => {
  const folder = process.env[programsVariable]
  if (folder === undefined || !argument.endsWith(".ts")) return argument
  const program = join(folder, relative(root, resolve(root, argument)).replace(/\.ts$/, ".js"))
  return existsSync(program) ? program : argument
}
