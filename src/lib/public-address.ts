import { BlockList, isIP, isIPv4 } from 'node:net'

/**
 * Everything that leads to ourselves, to our own network, or to nobody in particular:
 * an address out of these in what a tenant names would have us ask on his behalf what
 * he cannot ask himself. From the registries of special-purpose addresses (RFC 6890).
 */
const v4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]

/** What is set aside within 2000::/3, outside of which nothing is public. */
const v6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20']

const blocked = new BlockList()
for (const [list, family] of [
  [v4, 'ipv4'],
  [v6, 'ipv6'],
] as const)
  for (const subnet of list) {
    const [address = '', prefix] = subnet.split('/')
    blocked.addSubnet(address, Number(prefix), family)
  }

const global = new BlockList()
global.addSubnet('2000::', 3, 'ipv6')

/** Whether an IP address is one of the public Internet; anything else is not. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !blocked.check(address, 'ipv4')
  // Not a word about mapped and translated IPv4 addresses: they are outside of 2000::/3.
  return isIP(address) === 6 && global.check(address, 'ipv6') && !blocked.check(address, 'ipv6')
}
