import t from 'tap'
import {
  eventLatency,
  growth,
  perSecond,
  throughputRatio,
  timeRatio,
} from '#hack/bench/activity/results.ts'
import { block, pairs, watched } from '#test/support/bench/activity.ts'

t.test('throughput is compared over all blocks of a verb', async t => {
  const blocks = [
    block(1, 'kradle', 'create', 90),
    block(1, 'crd', 'create', 100),
    block(1, 'kradle', 'status', 10),
    block(2, 'kradle', 'create', 70),
    block(2, 'crd', 'create', 100),
    block(2, 'crd', 'status', 100),
  ]
  t.strictSame(perSecond(blocks, 'kradle', 'create'), [[90], [70]])
  t.match(throughputRatio(blocks, 'create'), { value: 0.8, low: 0.7, high: 0.9 })
})

t.test('times are compared by their medians', async t => {
  t.match(timeRatio(pairs('list', [[2, 3, 4]], [[6, 6, 6]])), { value: 0.5 })
})

t.test('growth is that of the share of the neighbours', async t => {
  const few = pairs('few', [[10]], [[10]])
  const many = pairs('many', [[30]], [[20]])
  t.match(growth(few, many), { value: 1.5, low: 1.5, high: 1.5 })
})

t.test('the time to an event is that of the rounds, one by one', async t => {
  const rounds = [
    [watched('crd', [1]), watched('kradle', [10, 20, 30])],
    [watched('kradle', [40]), watched('crd', [1])],
  ]
  t.match(eventLatency(rounds, 'kradle', 0.5), { value: 30, low: 20, high: 40 })
})
