/** The turns of a share: so many have passed, and so many of them were the ones chosen of their rows. */
export interface TurnState {
  readonly passed: number
  readonly chosen: number
}

export const noTurns: TurnState = { passed: 0, chosen: 0 }

/** Where in its row the one is that is chosen: by the golden ratio elsewhere than in the row before. */
const placeIn = (row: number): number => row === 0 ? 1 : (row * (Math.sqrt(5) - 1) / 2) % 1

const isChosen = ({ chosen, passed }: TurnState, part: number): boolean =>
  chosen + placeIn(chosen) < (passed + 1) * part + 1e-6

/** Whether it is the turn of the next one: it is chosen, or is not where most have one. */
export const isTurn = (turns: TurnState, share: number): boolean =>
  share > 1 / 2 ? !isChosen(turns, 1 - share) : isChosen(turns, share)

export const pass = (turns: TurnState, share: number): TurnState => ({
  passed: turns.passed + 1,
  chosen: turns.chosen + (isChosen(turns, Math.min(share, 1 - share)) ? 1 : 0)
})
