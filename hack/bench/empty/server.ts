import { readFileSync } from 'node:fs'
import { fastify } from 'fastify'

/**
 * A webhook server that looks at nothing: the least a Node webhook can cost.
 *
 * Same framework, TLS and HTTP settings as Kradle's. /validate allows, /mutate
 * answers with one fixed patch. Arguments: port, certificate, key, slug.
 */
const [port, cert = '', key = '', slug = ''] = process.argv.slice(2)
const app = fastify({
  https: { cert: readFileSync(cert), key: readFileSync(key), minVersion: 'TLSv1.2' },
  keepAliveTimeout: 120_000,
  logger: false,
})
const patch = Buffer.from(
  JSON.stringify([
    { op: 'add', path: '/spec/organizationRef', value: slug },
    { op: 'add', path: '/metadata/labels', value: { 'kradle.a5c.ai/org': slug } },
  ]),
).toString('base64')

type Review = { Body: { request: { uid: string } } }

app.post<Review>('/validate', ({ body }) => review({ uid: body.request.uid, allowed: true }))
app.post<Review>('/mutate', ({ body }) =>
  review({ uid: body.request.uid, allowed: true, patchType: 'JSONPatch', patch }),
)
app.get('/readyz', () => 'ok')

const review = (response: object) => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  response,
})

await app.listen({ host: '127.0.0.1', port: Number(port) })
