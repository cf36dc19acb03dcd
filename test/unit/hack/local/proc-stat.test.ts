import t from 'tap'
import { startTicks } from '#hack/local/proc-stat.ts'

const rest = (state: string) => `${state} 1 2 2 0 -1 4194560 1 0 0 0 5 6 0 0 20 0 9 0 7331 99 88`

t.equal(startTicks(`42 (node) ${rest('S')}`), '7331')
t.equal(
  startTicks(`42 (a (b) c) d) ${rest('R')}`),
  '7331',
  'a command may hold brackets and spaces',
)
t.equal(startTicks(`42 (node) ${rest('Z')}`), undefined, 'a zombie is gone')
t.equal(startTicks(`42 (node) ${rest('X')}`), undefined)
