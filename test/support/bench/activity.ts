import type { Side } from '#hack/bench/activity/issues.ts'
import type { Pairs } from '#hack/bench/activity/reads.ts'
import type { Watched } from '#hack/bench/activity/watches.ts'
import type { Block, Verb } from '#hack/bench/activity/writes.ts'

const cpu = { 'kube-apiserver': 1, etcd: 0.25, apiserver: 2, postgres: 0.5 }

export const block = (round: number, side: Side, verb: Verb, perSecond: number): Block => ({
  round,
  side,
  verb,
  perSecond,
  ms: [10, 20],
  cpu,
})

export const pairs = (title: string, kradle: Pairs['kradle'], crd: Pairs['crd']): Pairs => ({
  title,
  kradle,
  crd,
  bytes: 2 ** 20,
})

export const watched = (side: Side, sinceDue: readonly number[]): Watched => ({
  side,
  perSecond: 200,
  sinceDue,
  sinceAnswered: sinceDue.map(ms => ms - 5),
  creates: sinceDue.map(() => 5),
  events: 10,
  expected: 10,
  cores: { ...cpu, watchers: 0.1 },
})
