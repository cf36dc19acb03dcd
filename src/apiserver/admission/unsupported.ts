import { Gauge, type Registry } from 'prom-client'
import type { Logger } from '#src/lib/log.ts'
import type { Configurations } from './configurations.ts'

/** What of the cluster's admission configurations cannot be evaluated here, by kind and name. */
export function problemsOf({
  validatingPolicies,
  mutatingPolicies,
  validatingWebhooks,
  mutatingWebhooks,
}: Configurations): readonly { kind: string; name: string; problem: string }[] {
  const ofPolicies = (kind: string, bound: Configurations['validatingPolicies']) =>
    bound.flatMap(({ policy: { name, problems } }) =>
      problems.map(problem => ({ kind, name, problem })),
    )
  const ofWebhooks = (kind: string, hooks: Configurations['validatingWebhooks']) =>
    hooks.flatMap(({ id, conditions }) =>
      conditions.flatMap(condition =>
        'problem' in condition ? [{ kind, name: id, problem: condition.problem }] : [],
      ),
    )
  return [
    ...ofPolicies('ValidatingAdmissionPolicy', validatingPolicies),
    ...ofPolicies('MutatingAdmissionPolicy', mutatingPolicies),
    ...ofWebhooks('ValidatingWebhookConfiguration', validatingWebhooks),
    ...ofWebhooks('MutatingWebhookConfiguration', mutatingWebhooks),
  ]
}

/** Tells of them once each, in the log; whoever matches one is refused or let through by its failurePolicy. */
export function reportProblems(log: Logger): (configurations: Configurations) => void {
  let told = ''
  return configurations => {
    const problems = problemsOf(configurations)
    const text = JSON.stringify(problems)
    if (text === told || (problems.length === 0 && told === '')) return
    told = text
    log.warn({ problems }, 'admission configurations that cannot be evaluated for this group')
  }
}

/** Counts them; whoever looks at the metric need not have seen the log. */
export function countProblems(metrics: Registry, current: () => Configurations): void {
  metrics.registerMetric(
    new Gauge({
      name: 'kradle_admission_configurations_unsupported',
      help: 'Admission policies and webhooks of the cluster that cannot be evaluated for the activity group: their failurePolicy decides.',
      labelNames: ['kind', 'name'],
      registers: [],
      collect() {
        this.reset()
        for (const { kind, name } of problemsOf(current())) this.inc({ kind, name })
      },
    }),
  )
}
