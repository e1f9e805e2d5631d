import * as StandardStream from "./standardStream.ts"

const utf8 = new TextEncoder()

/**
 * Writes a line to stderr at once. A stream would queue it and lose it with the
 * process; a stderr that takes nothing is left alone.
 */
export const writeStandardError = (line: string): void => {
  try {
    StandardStream.writeSync("stderr", utf8.encode(line), 0)
  } catch {
    // A full or closed stderr must not harm the program.
  }
}
