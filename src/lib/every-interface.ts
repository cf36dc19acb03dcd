import { networkInterfaces } from 'node:os'

/** What to listen on to be reached by every address: of IPv6 and IPv4, or of IPv4 alone where there is no IPv6. */
export const everyInterface = (interfaces = networkInterfaces()): '::' | '0.0.0.0' =>
  Object.values(interfaces).some(addresses => addresses?.some(({ family }) => family === 'IPv6'))
    ? '::'
    : '0.0.0.0'
