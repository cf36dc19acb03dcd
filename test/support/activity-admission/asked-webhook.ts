import { hooksOf, type Hook } from '#src/apiserver/admission/webhook/hook.ts'
import { WebhookTransport } from '#src/apiserver/admission/webhook/transport.ts'
import { httpsServer } from './https-server.ts'

/**
 * A real webhook that notes the URLs it was asked at.
 * @param says what of the response there is but its uid; undefined breaks the connection off
 */
export async function askedWebhook(says: (url: string) => object | undefined) {
  const asked: string[] = []
  const { url, ca, close } = await httpsServer((request, answer) => {
    let body = ''
    request.setEncoding('utf8').on('data', (part: string) => (body += part))
    request.on('end', () => {
      asked.push(request.url!)
      const said = says(request.url!)
      if (!said) {
        request.socket.destroy()
        return
      }
      const { uid } = (JSON.parse(body) as { request: { uid: string } }).request
      const response = { uid, ...said }
      answer.end(
        JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response }),
      )
    })
  })
  const transport = new WebhookTransport()
  return {
    asked,
    transport,
    /** A configuration that has it asked at a path. */
    at: (path: string, more: object = {}) => ({
      clientConfig: { url: url + path, caBundle: Buffer.from(ca).toString('base64') },
      ...more,
    }),
    close: () => {
      transport.close()
      close()
    },
  }
}

const rule = { operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*'] }

/** The webhooks of one configuration, each for everything unless it says otherwise. */
export const configured = (hooks: readonly object[]): readonly Hook[] =>
  hooksOf({
    apiVersion: 'v1',
    kind: 'C',
    metadata: { name: 'c' },
    webhooks: hooks.map(hook => ({
      name: 'h',
      clientConfig: {},
      rules: [rule],
      admissionReviewVersions: ['v1'],
      ...hook,
    })),
  })
