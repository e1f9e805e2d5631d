import { causeText } from "../../encode/causeText.ts"
import { CauseSnapshot, ErrorSnapshot } from "../../record/ErrorSnapshot.ts"

/** What a message is as a body: an error its title, since its attributes say the rest, and a cause its text. */
export const bodyOf = (message: unknown): unknown => {
  if (message instanceof ErrorSnapshot) return message.title
  return message instanceof CauseSnapshot ? causeText(message.reasons) : message
}
