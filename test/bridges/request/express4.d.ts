/** Express 4, as far as it is used here in the types of Express 5. */
declare module "express4" {
  export { default } from "express"
}
