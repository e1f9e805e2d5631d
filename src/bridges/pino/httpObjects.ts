import { isObject } from "../../record/plainData.ts"

type Fields = Readonly<Record<string, unknown>>

/** A request or a response of Node that is logged in place of fields, as fields; nothing where it is neither. */
export const httpFields = (given: Fields): Fields | undefined => {
  if (given["method"] && given["headers"] && given["socket"]) return { req: requestFields(given) }
  return typeof given["setHeader"] === "function" ? { res: responseFields(given) } : undefined
}

const requestFields = (req: Fields): Fields => {
  const { headers, id, method, originalUrl, params, query, socket, url } = req
  const { remoteAddress, remotePort } = isObject(socket) ? socket : {}
  return {
    id: typeof id === "function" ? Reflect.apply(id, req, []) : id,
    method,
    url: originalUrl || url,
    ...(query !== undefined && { query }),
    ...(params !== undefined && { params }),
    headers,
    remoteAddress,
    remotePort
  }
}

const responseFields = (res: Fields): Fields => ({
  statusCode: res["headersSent"] === true ? res["statusCode"] : null,
  headers: typeof res["getHeaders"] === "function" ? Reflect.apply(res["getHeaders"], res, []) : undefined
})
