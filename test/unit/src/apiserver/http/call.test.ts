import { createServer, get, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { Call, drained } from '#src/apiserver/http/call.ts'
import { requestInfoFor } from '#src/apiserver/http/request-info.ts'
import { testResource } from '#test/support/activity-memory.ts'

const understand = requestInfoFor([testResource()])
const NOTES = '/apis/test.example/v1/notes'

/** A call for a real answer; `serve` has it in its hands. */
async function called(url: string, serve: (call: Call, response: ServerResponse) => void) {
  let closed = 0
  const calls: Call[] = []
  const server = createServer((_, response) => {
    const call = new Call(understand('GET', url), response, () => void closed++)
    calls.push(call)
    serve(call, response)
  }).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const request = get({ port: (server.address() as AddressInfo).port, agent: false }, response =>
    response
      .resume()
      .on('error', () => undefined)
      .once('close', () => server.close()),
  )
  request.on('error', () => server.close())
  await new Promise(resolve => server.once('request', resolve))
  return {
    call: calls[0]!,
    request,
    closed: () => closed,
    over: new Promise(resolve => server.once('close', resolve)),
  }
}

t.test('is left when the answer is out', async t => {
  let left = 0
  const { call, closed, over } = await called(NOTES, (one, response) => {
    one.limitTime(10_000)
    one.onLeave(() => void left++)
    response.end('x')
  })
  await over
  t.strictSame([closed(), left], [1, 1])
  t.notOk(call.signal.aborted)
  t.ok(call.seconds > 0)
  t.strictSame([call.verb, call.resource, call.isWatch], ['list', 'notes', false])
})

t.test('ends what was begun when the client goes', async t => {
  const { call, request, closed, over } = await called(NOTES, () => undefined)
  request.destroy()
  await over
  while (!call.signal.aborted) await sleep(1)
  t.match(call.signal.reason, { code: 499 })
  t.equal(closed(), 1)
})

t.test('takes no longer than it may', async t => {
  const { call, request, over } = await called(`${NOTES}?timeout=20ms`, one =>
    one.limitTime(10_000),
  )
  while (!call.signal.aborted) await sleep(1)
  t.match(call.signal.reason, { code: 504 })
  request.destroy()
  await over
})

t.test('breaks off what is being sent', async t => {
  const { call, over } = await called(NOTES, (one, response) => {
    one.limitTime(20)
    response.write('x')
  })
  while (!call.signal.aborted) await sleep(1)
  await over
  t.match(call.signal.reason, { code: 504 })
})

t.test('other paths have their time too, watches all of it', async t => {
  const path = await called('/apis', (one, response) => {
    one.limitTime(10)
    setTimeout(() => response.end(), 30)
  })
  await path.over
  t.match(path.call.signal.reason, { code: 504 })
  t.strictSame([path.call.verb, path.call.resource], ['other', ''])
  const watch = await called(`${NOTES}?watch=1&timeout=1ms`, (one, response) => {
    one.limitTime(1)
    setTimeout(() => response.end(), 20)
  })
  await watch.over
  t.ok(watch.call.isWatch)
  t.notOk(watch.call.signal.aborted)
})

t.test('a watch is sent elsewhere', async t => {
  t.match(drained(), { code: 503, retryAfterSeconds: 1 })
})
