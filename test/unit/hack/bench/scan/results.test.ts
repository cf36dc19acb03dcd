import t from 'tap'
import type { KradleScan, Pass } from '#hack/bench/scan/kradle.ts'
import type { KyvernoScan } from '#hack/bench/scan/kyverno.ts'
import { kradleRows, kyvernoRows, perSecond, scanReport } from '#hack/bench/scan/results.ts'

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
  delay: 31,
  first: { seconds: 20, writes: 600, cost: { scanner: 1000, servers: 3000 } },
  unchanged: { seconds: 25, writes: 600, cost: { scanner: 1200, servers: 3600 } },
  memory,
}

t.test('unchanged passes count as the one in the middle, and with the most writes', async t => {
  const [first, unchanged] = kradleRows(kradle(pass(4, 50), pass(0.3), pass(0.5, 1), pass(0.2)))
  t.match(first, { objects: 1000, seconds: 4, writes: 50, cpu: { scanner: 0.2, servers: 0.5 } })
  t.match(unchanged, { objects: 1000, seconds: 0.3, writes: 1 })
  t.equal(perSecond(first!), 250)
})

t.test("Kyverno's scans are rows as well", async t => {
  t.match(kyvernoRows(kyverno), [
    { objects: 200, seconds: 20, writes: 600, cpu: { scanner: 5, servers: 15 } },
    { objects: 200, seconds: 25, writes: 600, cpu: { scanner: 6, servers: 18 } },
  ])
})

t.test('says how it stands to what is aimed at', async t => {
  const good = scanReport(kradle(pass(4, 50), pass(0.4)), kyverno)
  t.match(good, /PASS {2}objects a second on an unchanged pass +2500; 313 times/)
  t.match(good, /PASS {2}writes of reports on an unchanged pass +0/)
  t.match(good, /first report 31 s after it had the policy/)
  t.match(good, /Kradle 100 MiB \(150 at most\)/)
  const bad = scanReport(kradle(pass(4, 50), pass(1, 2)), kyverno)
  t.match(bad, /MISS {2}objects a second/)
  t.match(bad, /MISS {2}writes of reports on an unchanged pass +2/)
})
