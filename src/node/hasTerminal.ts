/// <reference types="node" />
import * as fs from "node:fs"

/**
 * Whether the process has a terminal that can be closed on it, wherever its
 * streams go: a service has none. On Windows SIGHUP never means anything else.
 */
export const hasTerminal = (): boolean => {
  if (process.platform === "win32") return true
  try {
    fs.closeSync(fs.openSync("/dev/tty", fs.constants.O_RDONLY | fs.constants.O_NOCTTY))
    return true
  } catch {
    return false
  }
}
