/// <reference types="node" />
import { BlockList, isIP } from "node:net"

/** Addresses and ranges of them, IPv4 and IPv6. */
export class AddressRanges {
  private readonly list = new BlockList()

  /** Adds an address (`10.0.0.1`) or a range (`10.0.0.0/8`, `fd00::/8`); whether it is one. */
  add(range: string): boolean {
    const [address = "", bits, ...rest] = range.split("/")
    const family = isIP(address)
    if (family === 0 || rest.length > 0) return false
    const type = family === 4 ? "ipv4" : "ipv6"
    if (bits === undefined) {
      this.list.addAddress(address, type)
      return true
    }
    const prefix = Number(bits)
    if (!/^\d{1,3}$/.test(bits) || prefix > (family === 4 ? 32 : 128)) return false
    this.list.addSubnet(address, prefix, type)
    return true
  }

  has(address: string): boolean {
    const family = isIP(address)
    return family !== 0 && this.list.check(address, family === 4 ? "ipv4" : "ipv6")
  }
}

/** Whether a text is an IP address, without port and brackets. */
export const isAddress = (text: string): boolean => isIP(text) !== 0
