/// <reference types="node" />
import { resolve } from "node:path"

/** A path that means the same when the program goes to another folder. Throws when the one it is in was removed. */
export const absolutePath = (path: string): string => {
  try {
    return resolve(path)
  } catch (cause) {
    throw new Error(
      `the path ${
        JSON.stringify(path)
      } leads nowhere, because the working directory was removed: an absolute path would do without it`,
      { cause }
    )
  }
}
