/**
 * Which names stand for secrets. A name is read as words; a secret is one of
 * them, or two or three in a row, unless the other words say that the value is
 * about a secret and not one.
 */
import { wordsOf } from "./keyWords.ts"
import { mayEndInOneOf, mayHoldOneOf } from "./nameHints.ts"

const split = (text: string): ReadonlyArray<string> => text.split(" ")

/** Secrets wherever they stand in a name, one or several. */
export const words = split(
  "password passwd pwd passphrase passcode secret token credential cred apikey jwt bearer sessionid sessid phpsessid " +
    "jsessionid sshpass dbpass userpass smtppass mailpass ftppass rootpass adminpass connectionstring accesskeyid"
)

/** Secrets where they end a name, or are all of it. */
export const lastWords = split(
  "auth oauth authorization pass pswd psw pw cookie cookies session sess pin otp totp csrf xsrf dsn sas pat ssn cvv cvc"
)

/** Secrets where they are the whole name. */
export const wholeNames = split("sid pan")

const secretKeys = split(
  "access account admin aes anon api app auth backup client consumer cookie crypto decryption deploy encryption function " +
    "functions gpg hmac instrumentation licence license master pgp private recovery role root rsa secret server service " +
    "session shared signing ssh subscription symmetric webhook write"
)

const secretCodes = split(
  "access activation auth authorization backup confirmation device login mfa otp pin recovery reset security sms unlock " +
    "verification"
)

const otherPhrases: ReadonlyArray<string> = [
  "access key id",
  "access signature",
  "card no",
  "card number",
  "card pan",
  "cc number",
  "client assertion",
  "code verifier",
  "conn str",
  "conn string",
  "connect sid",
  "connection string",
  "credit card",
  "debit card",
  "magic link",
  "pass code",
  "pass phrase",
  "pass word",
  "pin number",
  "raw header",
  "recovery phrase",
  "reset link",
  "reset url",
  "saml assertion",
  "saml response",
  "secret id",
  "security number",
  "seed phrase",
  "session id",
  "webhook uri",
  "webhook url"
]

/** Secrets of several words, one or several of them. */
export const phrases: ReadonlyArray<string> = [
  ...secretKeys.map((what) => `${what} key`),
  ...secretCodes.map((what) => `${what} code`),
  ...otherPhrases
]

/** Words at the end of a name that carry the secret: the word before them counts as the last. */
export const carriers = split(
  "confirmation confirm data digest encoded hash header headers jar plain raw repeat string text value"
)

/** Words at the end of a name that say something about a secret. */
export const aboutSecrets = split(
  "age algorithm alg at attempts bucket changed count created date disabled enabled endpoint error errors exists exp expired " +
    "expires expiration expiry field file hours id ids in issuer kind label length less lifetime limit limits manager method " +
    "minutes missing ms name names path per placeholder policy present prefix provider rate ref remaining requested required " +
    "reset rotation rules scope scopes seconds second set size status store strength supported time timestamp ttl type types " +
    "uri updated url usage used valid validity version"
)

/** Words at the start of a name that ask or count. */
export const questions = split(
  "allow allows can count disable enable forgot had has hide is max min missing must need needs no num require required requires should " +
    "show skip support supports total use uses"
)

/** What a token is that says where a reader goes on, or cancels. */
export const harmlessTokens = split(
  "abort cancel cancellation continuation continue cursor delta fencing iterator next page pagination paging position prev " +
    "previous resume scroll skip start starting sync"
)

/** What tokens are that a language model counts. */
export const countedTokens = split(
  "accepted audio available budget cache cached completion consumed context estimated generated input limit output " +
    "prediction prompt reasoning rejected remaining reset text thinking usage used"
)

/** Names in the query of a URL that are secrets only there. */
export const parameters = split("code hmac key sig sign signature ticket")

/** Words that end the name of a URL, in whose value only the secrets are hidden. */
export const urlWords = split("url urls uri uris href link links endpoint endpoints referer referrer location path")

const secretWords = new Set(words)
const secretLastWords = new Set(lastWords)
const secretWholeNames = new Set(wholeNames)
const secretParameters = new Set(parameters)
const carrying = new Set(carriers)
const about = new Set(aboutSecrets)
const asking = new Set(questions)
const harmless = new Set(harmlessTokens)
const counted = new Set(countedTokens)
const urls = new Set(urlWords)

/** The phrases by their last word, each as the words before it, last one first. */
const phrasesByEnd = Map.groupBy(
  phrases.map((phrase) => phrase.split(" ").toReversed()).map(([last = "", ...before]) => ({ last, before })),
  ({ last }) => last
)

/** What is written together although it is two words: `dbpassword`, `accesstoken`, `apikey`, `passwordhash`. */
const joinedEnds = split(
  "password passwords passwd passphrase passcode secret secrets token tokens credentials cookie cookies authorization pwd"
)
const joinedStarts = split("password passwd")
const joinedKeys = split("key keys")
const keyQualifiers = new Set(secretKeys)

/** One of several. */
const singular = (word: string): string => word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word

const takenApart = (name: string): ReadonlyArray<string> =>
  wordsOf(name).flatMap((word) => secretWords.has(singular(word)) ? [word] : parts(word))

const parts = (word: string): ReadonlyArray<string> => {
  if (word.length < 6) return [word]
  for (const end of joinedEnds) {
    if (word.endsWith(end) && word !== end) return [word.slice(0, -end.length), end]
  }
  for (const end of joinedKeys) {
    const rest = word.slice(0, -end.length)
    if (word.endsWith(end) && keyQualifiers.has(rest)) return [rest, end]
  }
  for (const start of joinedStarts) {
    if (word.startsWith(start)) return [start, word.slice(start.length)]
  }
  return [word]
}

/** One of these is in every name of a secret. */
const hints = [
  "key",
  "code",
  ...words,
  ...lastWords,
  ...wholeNames,
  ...otherPhrases.map((phrase) => phrase.replace(/ .*/, ""))
]
const hint = new RegExp(hints.join("|"), "i")

/** Whether a name may be one whose value is a secret: of most that are not, this tells quickly. */
export const mayBeSecret = mayHoldOneOf(hints)

/** Whether a name is one whose value is a secret. */
export const isSecret = (name: string): boolean =>
  mayBeSecret(name) && hint.test(name) && isSecretName(takenApart(name))

const isSecretName = (all: ReadonlyArray<string>): boolean => {
  const { length } = all
  if (length === 0) return false
  const [first = ""] = all
  if (length === 1 && secretWholeNames.has(first)) return true
  if (length > 1 && asking.has(first)) return false
  for (let i = length - 1; i >= 0; i--) {
    if (!isSecretAt(all, i)) continue
    return i === length - 1 || !about.has(all[length - 1] ?? "")
  }
  let last = length - 1
  while (last > 0 && carrying.has(all[last] ?? "")) last--
  return secretLastWords.has(all[last] ?? "")
}

const isSecretAt = (all: ReadonlyArray<string>, i: number): boolean => {
  const word = all[i] ?? ""
  const one = singular(word)
  if (phrasesByEnd.get(one)?.some(({ before }) => before.every((each, back) => all[i - 1 - back] === each)) === true) {
    return true
  }
  if (!secretWords.has(one)) return false
  const before = all[i - 1] ?? ""
  return one !== "token" || !(harmless.has(before) || (word !== one && counted.has(before)))
}

/** Whether a name is that of a parameter of a URL whose value is a secret there. */
export const isSecretParameter = (name: string): boolean => {
  const all = wordsOf(name)
  const last = all[all.length - 1] ?? ""
  return all.length === 1 ? secretParameters.has(last) : last === "signature"
}

const mayBeUrl = mayEndInOneOf(urlWords)

/** Whether a name is one whose value is a URL. */
export const namesUrl = (name: string): boolean => {
  if (!mayBeUrl(name)) return false
  const all = wordsOf(name)
  return urls.has(all[all.length - 1] ?? "")
}
