/**
 * How many events of this process are open. Log calls read it: while it is 0, none looks
 * for the event of its fiber.
 */
export const opened: { count: number } = { count: 0 }
