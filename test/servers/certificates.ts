/** The certificates of the tests, which `certificates/make.sh` has made. */
import { readFileSync } from "node:fs"
import { join } from "node:path"

export const certificateFile = (name: string): string => join(import.meta.dirname, "certificates", `${name}.pem`)

export const pem = (name: string): string => readFileSync(certificateFile(name), "utf8")

/** A certificate with its key. */
export const certified = (name: string) => ({ cert: pem(name), key: pem(`${name}.key`) })
