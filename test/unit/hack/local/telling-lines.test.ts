import t from 'tap'
import { tellingLines } from '#hack/local/telling-lines.ts'

for (const reason of [
  'panic: freepages: failed to get all reachable pages',
  'Error: unknown flag: --x',
  'F1121 01:04:22.330206   1 server.go:1] no certificate',
  '{"level":"fatal","msg":"failed to start"}',
  '{"level":60,"msg":"no kubeconfig"}',
]) {
  t.equal(tellingLines(`starting\n${reason}\n\ngoroutine 1 [running]:\nmain.main()`, 8), reason)
}
t.equal(tellingLines('one\ntwo\nthree', 2), 'two\nthree', 'where nothing stands out, the end')
t.equal(tellingLines('', 2), '')
