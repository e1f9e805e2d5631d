#!/usr/bin/env node
/**
 * The command line of the package: `effect-spillway doctor` and `effect-spillway spool ls|verify|dump|replay|repair`.
 *
 * @since 0.1.0
 */

// Loaded here, so that it can be said what is missing.
try {
  const { main } = await import("./main.ts")
  main()
} catch (error) {
  const missing = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND"
    ? /'(@effect\/platform-node|effect)['/]/.exec(error.message)?.[1]
    : undefined
  if (missing === undefined) throw error
  process.stderr.write(
    `effect-spillway: the command line needs the package ${missing}, which is not there: npm install ${missing}\n`
  )
  process.exitCode = 2
}
