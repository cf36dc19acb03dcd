import t from 'tap'
import type { KradleScan, Pass } from '#hack/bench/scan/kradle.ts'
import type { KyvernoScan } from '#hack/bench/scan/kyverno.ts'
import { kradleRows, perSecond, scanReport } from '#hack/bench/scan/results.ts'

const pass = (seconds: number, writes = 0): Pass => ({
  objects: 1000,
  seconds,
  writes,
  cost: { scanner: 200, servers: 500 },
})
const memory = { resident: 100, peak: 150 }
const kradle = (...passes: Pass[]): KradleScan => ({ passes, memory, failing: 0 })
const kyverno: KyvernoScan = {
  objects: 200,
  wanted: 200,
  seconds: 20,
  writes: 400,
  cost: { scanner: 1000, servers: 3000 },
  later: { seconds: 60, writes: 3, cost: { scanner: 6000, servers: 0 } },
  memory,
}

t.test('unchanged passes count as the one in the middle, and with the most writes', async t => {
  const [first, unchanged] = kradleRows(kradle(pass(4, 50), pass(0.3), pass(0.5, 1), pass(0.2)))
  t.match(first, { objects: 1000, seconds: 4, writes: 50, cpu: { scanner: 0.2, servers: 0.5 } })
  t.match(unchanged, { objects: 1000, seconds: 0.3, writes: 1 })
  t.equal(perSecond(first!), 250)
})

t.test('says how it stands to what is aimed at', async t => {
  const good = scanReport(kradle(pass(4, 50), pass(0.4)), kyverno)
  t.match(good, /PASS {2}objects a second on an unchanged pass +2500; 250 times/)
  t.match(good, /PASS {2}writes of reports on an unchanged pass +0/)
  t.match(good, /in 60 s afterwards .*: 3 writes of reports, 10 % of a core/)
  t.match(good, /Kradle 100 MiB \(150 at most\)/)
  t.notMatch(good, /patience/)
  const bad = scanReport(kradle(pass(4, 50), pass(1, 2)), { ...kyverno, wanted: 300 })
  t.match(bad, /MISS {2}objects a second/)
  t.match(bad, /MISS {2}writes of reports on an unchanged pass +2/)
  t.match(bad, /reports of 200 of 300 Teams when patience was at an end/)
})
