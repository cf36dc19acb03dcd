import { AgentContextLabel, AgentTriggerRule } from '#src/api/agents/v1alpha1.ts'
import type { UnknownObject } from '#src/api/object.ts'
import { listed } from '#src/lib/conditions.ts'
import { jsonEqual } from '#src/lib/json-diff.ts'
import { listOf, mapOf, textOf } from '#src/permissions/untyped.ts'
import { allow, deny, rule } from '#webhooks/rule.ts'

/**
 * A context label goes only into runs from the sources that it allows.
 *
 * Its text was reviewed for those; in a run that strangers can start it may say too much. A
 * label that is not there yet is left to the reference's condition, and what stands already
 * is not looked at again, so that a label which dropped a source does not stop anybody from
 * pausing the rule.
 */
export default rule({
  kinds: [AgentTriggerRule],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R132'],
  background: 'always',
  watches: [AgentContextLabel],
  lookups: ({ namespace, object, oldObject }) =>
    newUse(object, oldObject).labels.map(name => ({
      kind: AgentContextLabel,
      name,
      namespace,
      fresh: 'on-miss' as const,
    })),
  decide({ namespace, object, oldObject }, cluster) {
    const { labels, sources } = newUse(object, oldObject)
    const findings = labels.flatMap(name => {
      const label = cluster.get(AgentContextLabel, name, namespace)
      if (!label) return []
      const allowed = textsOf(label.spec.allowedSources)
      const others = sources.filter(source => !allowed.includes(source))
      if (others.length === 0) return []
      return deny({
        rule: 'R132',
        field: 'spec.contextLabels',
        value: name,
        problem: `is not for runs from ${listed(others, MOST_NAMED)}; it allows ${listed(allowed, MOST_NAMED) || 'none'}`,
        fix: `leave it out, or have it reviewed for that and added to spec.allowedSources of AgentContextLabel "${name}"`,
      })
    })
    return findings.length === 0 ? allow : findings
  },
})

/** As many are named; a label or a rule may have many more. */
const MOST_NAMED = 5

interface Use {
  readonly labels: readonly string[]
  readonly sources: readonly string[]
}

/** Which labels the rule uses for which sources, where either is new. */
function newUse(object: UnknownObject, oldObject: UnknownObject | undefined): Use {
  const use = useOf(object)
  return oldObject && jsonEqual(use, useOf(oldObject)) ? { labels: [], sources: [] } : use
}

/** What starts the rule is a source by its type, where that is a field of its own (R135). */
function useOf({ spec }: UnknownObject): Use {
  const loose = mapOf(spec)
  const types = Object.entries(typeOf).flatMap(([field, type]) =>
    loose[field] === undefined ? [] : [type],
  )
  return {
    labels: textsOf(loose['contextLabels']),
    sources: [...new Set([...textsOf(loose['sources']), ...types])],
  }
}

const typeOf = {
  cronExpression: 'cron',
  webhookTrigger: 'webhook',
  commentTrigger: 'comment',
  labelTrigger: 'label',
}

/** The texts of a list that nobody has checked; whatever else is there the schema speaks about. */
const textsOf = (list: unknown): readonly string[] => listOf(list).map(textOf).filter(Boolean)
