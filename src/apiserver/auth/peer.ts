import type { X509Certificate } from 'node:crypto'
import { constants } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'

/**
 * How a server has to be made whose clients may come with certificates: nobody is turned away by
 * TLS, and certificates are judged here, against authorities that may change while it runs. Without
 * tickets, since a resumed session forgets the intermediates that a client had sent.
 */
export const clientCertificates = Object.freeze({
  requestCert: true,
  rejectUnauthorized: false,
  secureOptions: constants.SSL_OP_NO_TICKET,
})

/** What the client of this connection presented, leaf first; it has proved that the key is its own, and nothing else. */
export function peerCertificates(request: IncomingMessage): readonly X509Certificate[] {
  const { socket } = request
  if (!(socket instanceof TLSSocket)) return []
  const known = seen.get(socket)
  if (known) return known
  const presented: X509Certificate[] = []
  let next = socket.getPeerX509Certificate()
  for (; next; next = next.issuerCertificate) presented.push(next)
  // It stays the same as long as the connection: nobody renegotiates.
  seen.set(socket, presented)
  return presented
}

const seen = new WeakMap<TLSSocket, readonly X509Certificate[]>()
