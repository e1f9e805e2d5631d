/// <reference types="node" />
import { resolve } from "node:path"

/**
 * A path that means the same when the program goes to another folder. A relative
 * one stays as it is when the folder it is in was removed: nothing is there to be
 * opened.
 */
export const absolutePath = (path: string): string => {
  try {
    return resolve(path)
  } catch {
    return path
  }
}
