const nothing = (): void => {}
/** 64 KiB of the stack. */
const places: ReadonlyArray<undefined> = Array.from({ length: 8192 })

/**
 * Throws where the stack has no room for 64 KiB more, by passing as much to a
 * function that does nothing. Asked before a step that must not be left half
 * done. Takes as long as some log calls: for steps that are rare.
 */
export const demandStack = (): void => {
  Reflect.apply(nothing, undefined, places)
}
