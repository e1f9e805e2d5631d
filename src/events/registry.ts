/** The events that were declared in this process, by their names. */
import { catalogueOf } from "./catalogue.ts"
import type { DeclaredEvent } from "./DeclaredEvent.ts"

interface Declared {
  /** The one that was declared last. A module that is loaded again declares its events again. */
  readonly latest: DeclaredEvent
  readonly before: DeclaredEvent | undefined
}

const declared = new Map<string, Declared>()

export const register = (event: DeclaredEvent): void => {
  const { name } = event.declaration
  declared.set(name, { latest: event, before: declared.get(name)?.latest })
}

/** The events that were declared, each name once. */
export const registered = (): ReadonlyArray<DeclaredEvent> => Array.from(declared.values(), ({ latest }) => latest)

/** The names that were declared in two ways, one after the other. */
export const contested = (): ReadonlyArray<string> =>
  Array.from(declared.values()).flatMap(({ before, latest }) =>
    before !== undefined && isOther(before, latest) ? [latest.declaration.name] : []
  )

/** Whether two declarations say different things. */
export const isOther = (one: DeclaredEvent, other: DeclaredEvent): boolean =>
  JSON.stringify(catalogueOf([one])) !== JSON.stringify(catalogueOf([other]))

export const saidTwice = (name: string): string =>
  `two different events are declared with the name "${name}"; give one of them another name`
