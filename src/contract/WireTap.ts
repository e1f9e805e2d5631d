import * as Context from "effect/Context"

/** Hears what goes over the wire while a sink writes. */
export interface WireTap {
  /** A request is sent to a host. */
  readonly asked: (host: string) => void
  /**
   * An answer came: its status, the time that the server has, where it says that, and the time of
   * this machine, both in milliseconds since the epoch.
   */
  readonly answered: (status: number, serverTime: number | undefined, at: number) => void
}

/** Set around a write by who wants to hear. */
export const CurrentWireTap = Context.Reference<WireTap | undefined>("effect-spillway/WireTap", {
  defaultValue: () => undefined
})
