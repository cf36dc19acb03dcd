import t from 'tap'
import { parse } from 'yaml'
import { withoutRemote } from '#hack/kind/without-remote.ts'

const chart = 'name: kyverno\n'

t.strictSame(
  parse(
    withoutRemote(`${chart}dependencies: [{name: grafana}, {name: api, repository: 'https://x'}]`),
  ),
  { name: 'kyverno', dependencies: [{ name: 'grafana' }] },
)
t.strictSame(parse(withoutRemote(chart)), { name: 'kyverno', dependencies: [] })
