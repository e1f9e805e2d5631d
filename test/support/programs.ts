import { existsSync } from "node:fs"
import { join, relative, resolve } from "node:path"
import { inject } from "vitest"

const root = resolve(import.meta.dirname, "..", "..")

/** Where a source is bundled as a program; what is not bundled stays as it is. */
export const programOf = (argument: string): string => {
  if (!argument.endsWith(".ts")) return argument
  const program = join(inject("programs"), relative(root, resolve(root, argument)).replace(/\.ts$/, ".js"))
  return existsSync(program) ? program : argument
}
