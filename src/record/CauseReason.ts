/** One reason of a `Cause`, as `LogRecord` documents it. */
export type CauseReason =
  | { readonly kind: "Fail"; readonly error: unknown; readonly frames?: ReadonlyArray<string> | undefined }
  | { readonly kind: "Die"; readonly error: unknown; readonly frames?: ReadonlyArray<string> | undefined }
  | {
    readonly kind: "Interrupt"
    readonly fiberId: number | undefined
    readonly frames?: ReadonlyArray<string> | undefined
    readonly interruptor?: ReadonlyArray<string> | undefined
  }
  | { readonly kind: "More"; readonly count: number }
