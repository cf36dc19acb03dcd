import t from 'tap'
import { backoff, recovered } from '#hack/local/backoff.ts'

t.same([1, 2, 3, 4].map(backoff), [500, 1000, 2000, 4000], 'each death doubles the wait')
t.equal(backoff(0), 500)
t.equal(backoff(50), 30_000, 'but never beyond half a minute')
t.ok(recovered > backoff(50), 'living through the longest wait is not yet a recovery')
