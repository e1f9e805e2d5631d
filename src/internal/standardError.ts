/// <reference types="node" />
import * as fs from "node:fs"

/**
 * Writes a line to stderr at once. A stream would queue it and lose it with the
 * process; a stderr that takes nothing is left alone.
 */
export const writeStandardError = (line: string): void => {
  try {
    fs.writeSync(2, line)
  } catch {
    // A full or closed stderr must not harm the program.
  }
}
