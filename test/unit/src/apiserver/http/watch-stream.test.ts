import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mock } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { watchStream } from '#src/apiserver/http/watch-stream.ts'

async function streaming() {
  const { promise, resolve } = Promise.withResolvers<ServerResponse>()
  const server = createServer((_, response) => {
    response.writeHead(200).flushHeaders()
    resolve(response)
  }).listen(0, '127.0.0.1')
  await new Promise(done => server.once('listening', done))
  const client = await new Promise<IncomingMessage>((done, fail) => {
    get({ port: (server.address() as AddressInfo).port, agent: false }, done).on('error', fail)
  })
  client.on('error', () => undefined)
  const response = await promise
  return { client, response, sink: watchStream(response), close: () => server.close() }
}

const line = (size: number) => Buffer.alloc(size, 'x')

t.test('what comes at once goes out at once', async t => {
  const { client, sink, close } = await streaming()
  const chunks: number[] = []
  client.on('data', (chunk: Buffer) => void chunks.push(chunk.length))
  for (let i = 0; i < 5; i++) sink.send(line(10))
  t.ok(sink.waiting >= 50)
  while (chunks.length === 0) await sleep(1)
  t.strictSame(chunks, [50])
  t.equal(await sink.drained(), true)
  sink.send(line(10))
  sink.end()
  sink.send(line(10))
  await new Promise(resolve => client.once('end', resolve))
  t.equal(
    chunks.reduce((sum, size) => sum + size),
    60,
  )
  close()
})

t.test('waits for whoever reads slowly', async t => {
  const { client, sink, close } = await streaming()
  for (let i = 0; i < 200; i++) sink.send(line(100_000))
  const drained = sink.drained()
  t.equal(await Promise.race([drained, sleep(50, 'waiting')]), 'waiting')
  t.ok(sink.waiting > 1_000_000)
  client.resume()
  t.equal(await drained, true)
  t.ok(sink.waiting < 1_000_000)
  sink.end()
  close()
})

t.test('waits for nobody who has gone', async t => {
  const { sink, client, close } = await streaming()
  for (let i = 0; i < 200; i++) sink.send(line(100_000))
  const drained = sink.drained()
  client.destroy()
  t.equal(await drained, false)
  t.equal(await sink.drained(), false)
  sink.send(line(10))
  close()
})

t.test('throws away what waits', async t => {
  const { sink, response, close } = await streaming()
  for (let i = 0; i < 200; i++) sink.send(line(100_000))
  sink.cut()
  sink.end()
  t.ok(response.destroyed)
  close()
})

t.test('ends although nobody reads', async t => {
  const { sink, response, close } = await streaming()
  for (let i = 0; i < 200; i++) sink.send(line(100_000))
  mock.timers.enable({ apis: ['setTimeout'] })
  sink.end()
  t.notOk(response.destroyed)
  mock.timers.tick(30_000)
  mock.timers.reset()
  t.ok(response.destroyed)
  close()
})

t.test('waits for nobody for ever', async t => {
  const { sink, close } = await streaming()
  for (let i = 0; i < 200; i++) sink.send(line(100_000))
  mock.timers.enable({ apis: ['setTimeout'] })
  const drained = sink.drained()
  mock.timers.tick(30_000)
  mock.timers.reset()
  t.equal(await drained, false)
  sink.cut()
  close()
})
