/**
 * Tells the engine's own kinds of objects apart, those of other realms (a vm
 * context, say) included.
 */
export { types as builtIns } from "node:util"
