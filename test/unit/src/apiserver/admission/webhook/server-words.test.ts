import t from 'tap'
import { serverWords } from '#src/apiserver/admission/webhook/server-words.ts'

t.test('what Go says', async t => {
  for (const [code, words] of [
    [400, 'the server rejected our request for an unknown reason'],
    [401, 'the server has asked for the client to provide credentials'],
    [403, 'text'],
    [404, 'the server could not find the requested resource'],
    [405, 'the server does not allow this method on the requested resource'],
    [406, 'text'],
    [409, 'the server reported a conflict'],
    [415, 'text'],
    [418, 'the server responded with the status code 418 but did not return more information'],
    [422, 'the server rejected our request due to an error in our request'],
    [429, 'the server has received too many requests and has asked us to try again later'],
    [500, 'an error on the server ("text") has prevented the request from succeeding'],
    [503, 'the server is currently unable to handle the request'],
    [
      504,
      'the server was unable to return a response in the time allotted, but may still be processing the request',
    ],
  ] as const)
    t.equal(serverWords(code, 'text/plain', ' text '), words, String(code))
  t.match(serverWords(406, '', ''), /unable to respond with a content type/)
  t.match(serverWords(406, 'text/plain', ''), /unable to respond with a content type/)
})

t.test('unless it is a Status', async t => {
  const status = { kind: 'Status', status: 'Failure', message: 'said so' }
  const says = (more: object) =>
    serverWords(500, 'application/json', JSON.stringify({ ...status, ...more }))
  t.equal(says({}), 'said so')
  t.equal(says({ message: undefined }), '')
  t.match(says({ kind: 'Other' }), /an error on the server \("unknown"\)/)
  t.match(says({ status: 'Success' }), /an error on the server/)
})
