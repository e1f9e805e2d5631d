/**
 * Says which of the programs are here that judge in tests, and how to get the others. Installs nothing, and ends with 1
 * where one is missing. With `--packages` it says the packages of those that are missing, and no more.
 */
import { engines, placeOf, without } from "./engines.ts"

const all = Object.values(engines)
const packages = all.filter((engine) => placeOf(engine) === undefined).map(({ from }) => from)

if (process.argv.includes("--packages")) console.log(packages.join(" "))
else {
  for (const engine of all) console.log(placeOf(engine) ?? without(engine))
  if (packages.length > 0) {
    console.log(`apt-get update && apt-get install -y --no-install-recommends ${packages.join(" ")}`)
    process.exitCode = 1
  }
}
