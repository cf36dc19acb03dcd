import t from 'tap'
import { createLog } from '#src/lib/log.ts'

const lines: Record<string, unknown>[] = []
const destination = {
  write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[0]),
}

t.beforeEach(() => void lines.splice(0))

t.test('writes JSON with names for levels and times to read', async t => {
  const log = createLog('webhook', 'info', destination)
  log.child({ resource: 'teams' }).info({ count: 1 }, 'synced')
  log.debug({}, 'not this')
  t.match(lines, [
    {
      level: 'info',
      time: /^\d{4}-\d\d-\d\dT[\d:.]+Z$/,
      name: 'webhook',
      resource: 'teams',
      count: 1,
      msg: 'synced',
    },
  ])
  t.equal(lines.length, 1)
})

t.test('writes errors, and no secrets', async t => {
  const log = createLog('webhook', 'debug', destination)
  const error = Object.assign(new Error('refused'), { code: 403, body: 'hunter2' })
  log.error({ err: error, object: { data: { key: 'hunter2' } } }, 'failed')
  log.error(error)
  t.match(lines[0], { err: { message: 'refused', code: 403 }, object: { data: '[redacted]' } })
  t.match(lines[1], { err: { message: 'refused' } })
  t.notMatch(JSON.stringify(lines), 'hunter2')
})

t.test('goes to stdout unless told otherwise', async t => {
  t.equal(createLog('webhook').level, 'info')
})
