import { type Action, type Sequence, show } from "./actions.ts"
import type { Event } from "./events.ts"
import { type Failure, run } from "./run.ts"

/** What is wrong, whichever records it is wrong with. */
const kindOf = ({ violation }: Failure): string => violation.replace(/\n[^]*/, "").replaceAll(/[\d, ]+/g, "n")

const failureOf = (sequence: Sequence, actions: ReadonlyArray<Action>): Failure | undefined => {
  const result = run({ parameters: sequence.parameters, actions })
  return "violation" in result ? result : undefined
}

/** Leaves out what the failure does not need: halves, then quarters, then single actions. */
const shrink = (
  sequence: Sequence,
  failure: Failure
): { readonly actions: ReadonlyArray<Action>; readonly failure: Failure } => {
  let shortest = { actions: sequence.actions, failure }
  for (let size = shortest.actions.length >> 1; size >= 1; size >>= 1) {
    for (let at = shortest.actions.length - size; at >= 0; at -= size) {
      const actions = shortest.actions.toSpliced(at, size)
      const same = failureOf(sequence, actions)
      if (same !== undefined && kindOf(same) === kindOf(failure)) shortest = { actions, failure: same }
    }
  }
  return shortest
}

const showEvent = (event: Event): string => {
  if (event._tag !== "Look") return JSON.stringify(event)
  const { books, inHand, quiet } = event
  return JSON.stringify({ _tag: "Look", quiet, inHand: [...inHand], ...books, dropped: undefined })
}

/** All that is needed to see a failure again. */
export const report = (sequence: Sequence, failure: Failure): string => {
  const shortest = shrink(sequence, failure)
  return [
    `seed ${sequence.seed}: ${failure.violation}`,
    `replay: MODEL_SEED=${sequence.seed} npx vitest run --dir test model/lane`,
    `parameters: ${JSON.stringify(sequence.parameters)}`,
    `${shortest.actions.length} of ${sequence.actions.length} actions are enough:`,
    ...shortest.actions.map((action, i) => `  ${i + 1}. ${show(action)}`),
    "what happened last:",
    ...shortest.failure.events.map((event) => `  ${showEvent(event)}`),
    `then: ${shortest.failure.violation}`
  ].join("\n")
}
