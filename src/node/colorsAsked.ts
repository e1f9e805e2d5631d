/// <reference types="node" />

/**
 * What the environment says about colours, in Node's order: `FORCE_COLOR`
 * decides alone; without it `NO_COLOR`, `NODE_DISABLE_COLORS` (neither empty)
 * and `TERM=dumb` each turn them off.
 */
export const colorsAsked = (): boolean | undefined => {
  const { FORCE_COLOR, NODE_DISABLE_COLORS, NO_COLOR, TERM } = process.env
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false"
  return isSet(NO_COLOR) || isSet(NODE_DISABLE_COLORS) || TERM === "dumb" ? false : undefined
}

const isSet = (value: string | undefined): boolean => value !== undefined && value !== ""
