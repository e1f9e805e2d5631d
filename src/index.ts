/**
 * A logging runtime for Effect programs on Node.
 *
 * @since 0.1.0
 */

/** @since 0.1.0 */
export * as ConsoleSink from "./sinks/ConsoleSink.ts"
/** @since 0.1.0 */
export * as FileSink from "./sinks/FileSink.ts"
/** @since 0.1.0 */
export * as Ledger from "./Ledger.ts"
/** @since 0.1.0 */
export * as LogEncoder from "./LogEncoder.ts"
/** @since 0.1.0 */
export * as LogEvent from "./LogEvent.ts"
/** @since 0.1.0 */
export * as LogFields from "./LogFields.ts"
/** @since 0.1.0 */
export * as Logging from "./Logging.ts"
/** @since 0.1.0 */
export * as LogLevels from "./LogLevels.ts"
/** @since 0.1.0 */
export * as LogRecord from "./LogRecord.ts"
/** @since 0.1.0 */
export * as LogRedactor from "./LogRedactor.ts"
/** @since 0.1.0 */
export * as LogRoutes from "./LogRoutes.ts"
/** @since 0.1.0 */
export * as LogSink from "./LogSink.ts"
/** @since 0.1.0 */
export * as MemorySink from "./sinks/MemorySink.ts"
/** @since 0.1.0 */
export * as LoggingConfig from "./LoggingConfig.ts"
/** @since 0.1.0 */
export * as ProcessHooks from "./ProcessHooks.ts"
/** @since 0.1.0 */
export * as RetryAfter from "./RetryAfter.ts"
/** @since 0.1.0 */
export * as ScriptedSink from "./testing/ScriptedSink.ts"
/** @since 0.1.0 */
export * as SinkConformance from "./testing/SinkConformance.ts"
/** @since 0.1.0 */
export * as TestLogging from "./testing/TestLogging.ts"
/** @since 0.1.0 */
export * as WideEvent from "./WideEvent.ts"
/** @since 0.1.0 */
export * as DeadLetters from "./spool/DeadLetters.ts"
