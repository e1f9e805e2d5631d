import type { Inlet } from "../lane/Inlet.ts"
import { Fanout } from "./Fanout.ts"

/**
 * What log calls go by: a value that a call reads once, and that nobody changes. To have
 * them go by something else while the program runs is to replace it.
 */
export class Rules {
  /** The lanes, and what each of them takes. */
  readonly fanout: Fanout

  constructor(inlets: ReadonlyArray<Inlet>) {
    this.fanout = new Fanout(inlets)
  }
}
