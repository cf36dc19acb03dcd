/** One TCP connection as its own end sees it. */
export interface Connection {
  readonly localIp: string
  readonly localPort: number
  readonly remoteIp: string
  readonly remotePort: number
  /** Whether something listens on the local port, so that the other side came to us. */
  readonly inbound: boolean
}

const LISTEN = '0A'
const ROW =
  /^\s*\d+: (?<local>[0-9A-F]+):(?<localPort>[0-9A-F]{4}) (?<remote>[0-9A-F]+):(?<remotePort>[0-9A-F]{4}) (?<state>[0-9A-F]{2}) /gm

/** The connections in `/proc/net/tcp` and `tcp6`, tables of several network namespaces one after the other. */
export function connectionsIn(tables: string): Connection[] {
  const sockets = [...tables.matchAll(ROW)].map(({ groups }) => ({
    local: { ip: ipOf(groups!['local']!), port: Number.parseInt(groups!['localPort']!, 16) },
    remote: { ip: ipOf(groups!['remote']!), port: Number.parseInt(groups!['remotePort']!, 16) },
    state: groups!['state'],
  }))
  // Of Kradle's, no port that one listens on is another's to call from: ephemeral ones begin at 32768.
  const listening = new Set(
    sockets.filter(({ state }) => state === LISTEN).map(({ local }) => local.port),
  )
  return sockets
    .filter(
      ({ state, local }) => state !== LISTEN && local.ip !== '127.0.0.1' && local.ip !== '::1',
    )
    .map(({ local, remote }) => ({
      localIp: local.ip,
      localPort: local.port,
      remoteIp: remote.ip,
      remotePort: remote.port,
      inbound: listening.has(local.port),
    }))
}

/** The kernel writes 32 bits at a time, as they are in memory of a little endian. */
function ipOf(address: string): string {
  const bytes = Buffer.from(address, 'hex').swap32()
  const mapped = bytes.length === 16 && bytes.subarray(0, 12).equals(MAPPED)
  if (bytes.length === 4 || mapped) return bytes.subarray(-4).join('.')
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index).toString(16))
  // Good enough to compare: the API server writes the loopback and nothing else shortened.
  return groups.join(':') === '0:0:0:0:0:0:0:1' ? '::1' : groups.join(':')
}

const MAPPED = Buffer.from('00000000000000000000ffff', 'hex')
