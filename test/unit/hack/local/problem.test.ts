import t from 'tap'
import { explain, isFull, mentionsFullDisk, Problem } from '#hack/local/problem.ts'

const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
  code: 'ENOSPC',
  path: '/data/db',
})

t.equal(explain(new Problem('install Go')), 'install Go', 'no stack for what a person can mend')
t.match(explain(new TypeError('bug')), /TypeError: bug\n\s+at /)
t.equal(explain(Object.assign(new Error('bare'), { stack: undefined })), 'bare')
t.equal(explain('thrown'), 'thrown')

t.match(explain(full), /^no space left on the disk that holds \/data\/db: /)
t.match(
  explain(Object.assign(new Error('full'), { code: 'EDQUOT', dest: '/to', path: '/from' })),
  '/to',
)
t.match(explain(new Error('wrapped', { cause: full })), /^no space left on the disk: /)
t.notOk(isFull(new Error('other', { cause: 'text' })))

t.ok(mentionsFullDisk('write /tmp/x: no space left on device'))
t.notOk(mentionsFullDisk('all is well'))
