import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os'
import t from 'tap'
import { everyInterface } from '#src/lib/every-interface.ts'

const ipv4 = { family: 'IPv4', address: '10.0.0.1' } as NetworkInterfaceInfo
const ipv6 = { family: 'IPv6', address: '::1' } as NetworkInterfaceInfo

t.test('is that of IPv6 where there is IPv6', async t => {
  t.equal(everyInterface({ lo: [ipv4, ipv6] }), '::')
  t.equal(everyInterface({ eth0: [ipv4], lo: [ipv6] }), '::')
  t.equal(everyInterface({ lo: [ipv4], gone: undefined }), '0.0.0.0')
})

// Open to everybody, and the only one that is: nothing else shows that IPv4 comes through, too. It says nothing.
t.test('lets callers in by both', async t => {
  const server = createServer((_request, response) => response.writeHead(204).end())
  t.teardown(() => server.close())
  await new Promise<void>(resolve => void server.listen(0, everyInterface(), resolve))
  const { port } = server.address() as AddressInfo
  const loopbacks = Object.values(networkInterfaces())
    .flatMap(addresses => addresses ?? [])
    .filter(({ internal }) => internal)
  t.ok(loopbacks.length > 0)
  for (const { address, family } of loopbacks) {
    const host = family === 'IPv6' ? `[${address}]` : address
    t.equal((await fetch(`http://${host}:${port}`)).status, 204, address)
  }
})
