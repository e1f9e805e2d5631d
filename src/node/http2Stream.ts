/** How the stream of a response in HTTP/2 is, or was closed. */
export interface Http2Stream {
  /** Whether it is closed. */
  readonly isClosed: boolean
  /** Whether the response has ended, and all that it was given was handed over. */
  readonly isWhole: boolean
  /** Whether the client has closed it: it takes no more, or is gone. */
  readonly isLeft: boolean
}

/** The stream of a response of Node's server in HTTP/2; nothing in HTTP/1, where there is a socket. */
export const http2StreamOf = (response: object): Http2Stream | undefined => {
  const stream = "stream" in response ? response.stream : undefined
  if (typeof stream !== "object" || stream === null || !("rstCode" in stream)) return undefined
  const is = (name: string): boolean => Reflect.get(stream, name) === true
  const { rstCode } = stream
  return {
    isClosed: is("destroyed"),
    isWhole: is("writableFinished") && !is("aborted") && Reflect.get(response, "writableEnded") === true,
    isLeft: rstCode === cancelled || (rstCode === noError && is("readableEnded"))
  }
}

// RFC 9113 §7
const noError = 0
const cancelled = 8
