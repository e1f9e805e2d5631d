/**
 * Tells the engine's own kinds of objects apart, those of other realms (a vm
 * context, say) included.
 */
export * as builtIns from "node:util/types"
