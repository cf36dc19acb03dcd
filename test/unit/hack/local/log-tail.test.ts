import { join } from 'node:path'
import t from 'tap'
import { logTail } from '#hack/local/log-tail.ts'

const folder = t.testdir({
  log: 'one\ntwo\nthree\n',
  large: `${'x'.repeat(100_000)}\nlast\n`,
  empty: '',
})

t.equal(logTail(join(folder, 'log'), 2), 'two\nthree')
t.equal(logTail(join(folder, 'log'), 9, 4), 'two\nthree', 'not what an earlier life has logged')
t.equal(logTail(join(folder, 'log'), 9, 400), '')
t.equal(logTail(join(folder, 'large'), 1), 'last')
t.equal(logTail(join(folder, 'empty'), 5), '')
t.equal(logTail(join(folder, 'none'), 5), '')
