import { pipeline, Readable } from 'node:stream'
import { promisify } from 'node:util'
import { createGzip, gzip } from 'node:zlib'
import type { FastifyReply } from 'fastify'
import type { Answer } from '../request.ts'
import type { Resource } from '../resource.ts'
import { bodyOf, listBody, sizeOf } from './answer-body.ts'
import type { Forms, Media } from './forms.ts'

/** Bytes from which compressing is worth it, as in kube-apiserver. */
const COMPRESS = 128 * 1024

/** The least effort: most of what can be saved for the least time. */
const LEVEL = { level: 1 }

const compressed = promisify<Buffer, { level: number }, Buffer>(gzip)

export interface Sending {
  readonly resource: Resource
  readonly media: Media
  readonly forms: Forms
  /** Whether the client takes it. */
  readonly gzip: boolean
}

/** Sends an answer in the form that was asked for. */
export async function send(
  reply: FastifyReply,
  answer: Answer,
  { resource, media, forms, gzip: wanted }: Sending,
): Promise<FastifyReply> {
  reply.code(answer.type === 'list' ? 200 : answer.code)
  reply.header('content-type', 'application/json')
  if (answer.type === 'list' && sizeOf(answer) > COMPRESS) {
    const body = Readable.from(listBody(answer, resource, media, forms))
    if (!wanted) return reply.send(body)
    // An error on the way destroys what goes out, which fastify sees.
    const stream = pipeline(body, createGzip(LEVEL), () => undefined)
    return reply.headers({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' }).send(stream)
  }
  const bytes =
    answer.type === 'list'
      ? await whole(listBody(answer, resource, media, forms))
      : Buffer.from(bodyOf(answer, resource, media, forms))
  if (!wanted || bytes.length <= COMPRESS) return reply.send(bytes)
  return reply
    .headers({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' })
    .send(await compressed(bytes, LEVEL))
}

async function whole(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const gathered: Buffer[] = []
  for await (const chunk of chunks) gathered.push(chunk)
  return Buffer.concat(gathered)
}
