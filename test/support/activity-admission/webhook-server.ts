import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { HookCase, Said } from './webhook-cases.ts'

type Json = Record<string, unknown>

/** A real webhook server: `/<case>/<index>` says what that webhook of the case is told to. */
export async function webhookServer(
  tls: { readonly key: string; readonly certificate: string },
  cases: () => Readonly<Record<string, HookCase>>,
): Promise<{ readonly url: string; close(): void }> {
  const server = https.createServer({ key: tls.key, cert: tls.certificate }, (request, answer) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const [, name, index] = new URL(request.url!, 'https://x').pathname.split('/')
      const review = JSON.parse(Buffer.concat(parts).toString()) as { request: Json }
      const object = (review.request['object'] ?? review.request['oldObject']) as Json
      void send(cases()[name!]!.hooks[Number(index)]!.says(object), review.request['uid'])
    })
    async function send(said: Said, uid: unknown): Promise<void> {
      if (said.hangsUp) {
        request.socket.destroy()
        return
      }
      if (said.afterMs) await sleep(said.afterMs)
      const { code = 200, contentType = 'application/json' } = said
      answer.writeHead(code, { 'content-type': contentType })
      answer.end(said.body ?? JSON.stringify(reviewOf(said, uid)))
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

function reviewOf({ response, patch, review }: Said, uid: unknown): Json {
  const text = typeof patch === 'string' ? patch : patch && JSON.stringify(patch)
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    ...(response !== null && {
      response: {
        uid,
        ...response,
        ...(text && { patchType: 'JSONPatch', patch: Buffer.from(text).toString('base64') }),
      },
    }),
    ...review,
  }
}
