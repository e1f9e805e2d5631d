/**
 * Has a class answer to symbols that are pino's own: each pino package makes them anew, and
 * companions of pino (pino-http with `customProps`) read what is behind them. They are known
 * by their descriptions, and asked for only where nothing else has the name.
 */
export const withPinoSymbols = <A extends object>(
  prototype: A,
  answers: Readonly<Record<string, (logger: A) => unknown>>
): void => {
  const parent: object = Object.getPrototypeOf(prototype)
  const asked = new Proxy(parent, {
    get(target, key, receiver: A) {
      const answer = typeof key === "symbol" ? answers[key.description ?? ""] : undefined
      return answer === undefined ? Reflect.get(target, key, receiver) : answer(receiver)
    }
  })
  Object.setPrototypeOf(prototype, asked)
}
