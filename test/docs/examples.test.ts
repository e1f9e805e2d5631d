// Importing a test file registers its tests here.
// oxlint-disable-next-line import/no-unassigned-import
import "../../scratchpad/examples/console.test.ts"
// oxlint-disable-next-line import/no-unassigned-import
import "../../scratchpad/examples/orders.test.ts"
// oxlint-disable-next-line import/no-unassigned-import
import "../../scratchpad/examples/outage.test.ts"
