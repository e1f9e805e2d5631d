/// <reference types="node" />

/** Whether the program handles what nobody has caught, and lives on. */
export const isUncaughtHandled = (): boolean =>
  process.listenerCount("uncaughtException") > 0 || process.hasUncaughtExceptionCaptureCallback()
