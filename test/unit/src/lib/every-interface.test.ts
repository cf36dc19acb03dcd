import type { NetworkInterfaceInfo } from 'node:os'
import t from 'tap'
import { everyInterface } from '#src/lib/every-interface.ts'

const ipv4 = { family: 'IPv4', address: '10.0.0.1' } as NetworkInterfaceInfo
const ipv6 = { family: 'IPv6', address: '::1' } as NetworkInterfaceInfo

// Servers of tests listen on loopback alone, so that IPv4 comes through `::`, too, is seen on kind, where Pods listen so.
t.test('is that of IPv6 where there is IPv6', async t => {
  t.equal(everyInterface({ lo: [ipv4, ipv6] }), '::')
  t.equal(everyInterface({ eth0: [ipv4], lo: [ipv6] }), '::')
  t.equal(everyInterface({ lo: [ipv4], gone: undefined }), '0.0.0.0')
})
