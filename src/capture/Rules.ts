import type { Inlet } from "../lane/Inlet.ts"
import { Fanout } from "./Fanout.ts"
import type { Tap } from "./Tap.ts"
import { TappedFanout } from "./TappedFanout.ts"

/** What rules are made of. */
export interface Parts {
  /** Where the lanes take records. */
  readonly inlets: ReadonlyArray<Inlet>
  /** Who watches, beside the lanes. */
  readonly taps: ReadonlyArray<Tap>
}

/**
 * What log calls go by: a value that a call reads once, and that nobody changes. To have
 * them go by something else while the program runs is to replace it.
 */
export class Rules {
  /** The lanes, and what each of them takes. */
  readonly fanout: Fanout
  private readonly parts: Parts

  constructor(parts: Parts) {
    const { inlets, taps } = parts
    this.fanout = taps.length === 0 ? new Fanout(inlets) : new TappedFanout(inlets, taps)
    this.parts = parts
  }

  /** The same rules with other parts. */
  with(parts: Partial<Parts>): Rules {
    return new Rules({ ...this.parts, ...parts })
  }
}
