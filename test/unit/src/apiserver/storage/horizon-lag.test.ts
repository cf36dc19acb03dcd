import t from 'tap'
import { HorizonLag } from '#src/apiserver/storage/horizon-lag.ts'

t.test('time counts from when the oldest transaction was seen', async t => {
  let now = 0
  const lag = new HorizonLag(() => now)
  const see = (horizon: string, next: string) =>
    lag.see({ horizon, next, open: BigInt(horizon) + 1n < BigInt(next) })
  see('99', '100')
  t.equal(lag.seconds, 0)
  see('99', '110')
  now = 2_000
  t.equal(lag.seconds, 2)
  see('99', '120')
  t.equal(lag.seconds, 2, 'still the same')
  see('109', '120')
  t.equal(lag.seconds, 0, 'that one is over, others are not')
  now = 3_000
  t.equal(lag.seconds, 1)
  see('50', '51')
  t.equal(lag.seconds, 0, 'after a crash nothing is under way')
  t.equal(new HorizonLag().seconds, 0)
  const own = new HorizonLag()
  own.see({ horizon: '9', next: '20', open: true })
  t.ok(own.seconds >= 0)
})
