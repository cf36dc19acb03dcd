import t from 'tap'
import { formatThatCounts, hasFormat } from '#src/lib/schema/formats.ts'

t.test('checks strings as the API server does', async t => {
  const cases: Record<string, [good: string[], bad: string[]]> = {
    date: [
      ['2026-01-31', '2024-02-29', '2000-02-29', '0000-01-01', '9999-12-31'],
      ['2026-02-29', '1900-02-29', '2026-13-01', '2026-00-10', '2026-01-00', '26-1-1', ''],
    ],
    'date-time': [
      ['2026-01-31T12:00:00Z', '2026-01-31t23:59:59.5z', '2026-01-31T12:00:00x5+99:99'],
      [
        '2026-01-31',
        '2026-01-31T24:00:00Z',
        '2026-01-31T12:60:00Z',
        '2026-01-31T12:00:60Z',
        'soon',
        'xT12:00:00Z',
        '2026-01-31T12:00:00',
      ],
    ],
    duration: [
      ['5m', '3 days', '0'],
      ['', 'x', '5'],
    ],
    ipv4: [
      ['10.0.0.1', '010.0.0.01', '::ffff:1.2.3.4'],
      ['::1', '1.2.3', '256.0.0.1', 'a.b'],
    ],
    ipv6: [
      ['::1', '2001:db8::1'],
      ['10.0.0.1', 'fe80::1%eth0', ':'],
    ],
    cidr: [
      ['10.0.0.0/8', '010.0.0.0/32', '::/0', '::1/128'],
      ['10.0.0.0', '10.0.0.0/33', '::/129', 'fe80::1%eth0/10', '10.0.0.0/8/8', '10.0.0.0/x', 'x/1'],
    ],
    byte: [
      ['YQ==', 'YWI=', 'YWJj'],
      ['', 'YQ', 'Y-_=', 'a b'],
    ],
    password: [['', 'x'], []],
    uuid: [['123e4567-e89b-42d3-a456-426614174000', '123E4567E89B42D3A456426614174000'], ['x']],
    uuid3: [['123e4567-e89b-32d3-0456-426614174000'], ['123e4567-e89b-42d3-a456-426614174000']],
    uuid4: [['123e4567-e89b-42d3-a456-426614174000'], ['123e4567-e89b-42d3-c456-426614174000']],
    uuid5: [['123e4567-e89b-52d3-a456-426614174000'], ['123e4567-e89b-42d3-a456-426614174000']],
    'k8s-short-name': [
      ['a', 'a-b'],
      ['', 'A', '-a', 'a.b', 'a'.repeat(64)],
    ],
    'k8s-long-name': [
      ['a.b-c', 'a'.repeat(253)],
      ['a..b', 'a'.repeat(254)],
    ],
    'of-nobody': [['', 'anything'], []],
  }
  for (const [format, [good, bad]] of Object.entries(cases)) {
    for (const text of good) t.ok(hasFormat(format, text), `${format} ${text}`)
    for (const text of bad) t.notOk(hasFormat(format, text), `${format} ${text}`)
  }
})

t.test('knows which formats count', async t => {
  t.equal(formatThatCounts('string', 'date-time'), 'date-time')
  t.equal(formatThatCounts('', 'datetime'), 'datetime')
  t.equal(formatThatCounts('string', 'int64'), '')
  t.equal(formatThatCounts('string', 'constructor'), '')
  t.equal(formatThatCounts('integer', 'int32'), 'int32')
  t.equal(formatThatCounts('integer', 'date'), '')
  t.equal(formatThatCounts('number', 'double'), 'double')
  t.equal(formatThatCounts('object', 'date'), '')
  t.equal(formatThatCounts('string', ''), '')
})

t.test('has no answer where only the API server has one', async t => {
  for (const format of ['uri', 'email', 'host-name'])
    t.equal(formatThatCounts('string', format), undefined)
})
