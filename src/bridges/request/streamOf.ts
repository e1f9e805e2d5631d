import { isObject } from "../../record/plainData.ts"
import type { OutgoingLike } from "./httpTypes.ts"

/** How the stream of a response in HTTP/2 was closed. */
export interface ClosedStream {
  /** Whether all that the response was given was handed over. */
  readonly isWhole: boolean
  /** Whether the client has closed it: it takes no more, or is gone. */
  readonly isLeft: boolean
}

/** The stream of a response in HTTP/2; nothing in HTTP/1, where there is a socket. */
export const streamOf = (res: OutgoingLike): ClosedStream | undefined => {
  const stream: unknown = Reflect.get(res, "stream")
  if (!isObject(stream) || !("rstCode" in stream)) return undefined
  const { readableEnded, rstCode, writableFinished } = stream
  return {
    isWhole: writableFinished === true,
    isLeft: rstCode === cancelled || (rstCode === noError && readableEnded === true)
  }
}

// RFC 9113 §7
const noError = 0
const cancelled = 8
