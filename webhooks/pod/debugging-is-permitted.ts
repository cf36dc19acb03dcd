import { AgentStack } from '#src/api/agents/v1alpha1.ts'
import { Pod } from '#src/api/core/v1.ts'
import { AgentServiceAccount } from '#src/api/identity/v1alpha1.ts'
import { resourceOf } from '#src/api/kind.ts'
import { slugOfNamespace } from '#src/api/names.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { consumerOf, type Consumer } from '#src/permissions/consumer.ts'
import { podIn } from '#src/permissions/pod-template.ts'
import { allow, deny, rule, type AccessReview, type Request } from '#webhooks/rule.ts'

/**
 * Who gets into a running Pod of an agent may debug its stack.
 *
 * Inside are the keys that were granted to the agent, and its token. Rights on pods/exec are
 * given for a whole namespace, so without this rule they would include both.
 */
export default rule({
  kinds: [Pod],
  operations: ['CONNECT', 'UPDATE'],
  subresources: ['attach', 'ephemeralcontainers', 'exec', 'portforward', 'proxy'],
  enforces: ['R42'],
  watches: [AgentServiceAccount],
  gets: [Pod],
  live: [],
  lookups: request =>
    slugOfNamespace(request.namespace) === undefined
      ? []
      : [{ kind: Pod, name: podNameOf(request), namespace: request.namespace, fresh: 'live' }],
  reviews(request, cluster) {
    const agent = agentOf(request, cluster)
    return agent ? [debugging(agent)] : []
  },
  decide(request, cluster, access) {
    if (slugOfNamespace(request.namespace) === undefined) return allow
    if (!cluster.get(Pod, podNameOf(request), request.namespace))
      return deny({
        rule: 'R42',
        field: 'metadata.name',
        value: request.name,
        problem: 'is no Pod that is there',
        fix: 'look up its name, then try again',
      })
    const agent = agentOf(request, cluster)
    if (!agent || access.allowed(debugging(agent))) return allow
    const { stack } = agent.facts
    return deny({
      rule: 'R42',
      field: 'metadata.name',
      value: request.name,
      problem: `is of an agent, and user "${request.user.username}" may not debug ${stack === undefined ? 'the agents of this organisation' : `stack "${stack}"`}`,
      fix: `ask the admin of the cluster for verb "debug" on ${resourceOf(AgentStack)}${stack === undefined ? '' : ` "${stack}"`} in namespace "${request.namespace}"`,
    })
  },
})

/** In an organisation's namespace, the agent whose Pod this is. */
function agentOf(request: Request, cluster: Cluster): Consumer | undefined {
  const { namespace } = request
  if (slugOfNamespace(namespace) === undefined) return undefined
  const pod = cluster.get(Pod, podNameOf(request), namespace)
  const consumer =
    pod && consumerOf(podIn({ group: '', resource: 'pods' }, pod), namespace, cluster)
  return consumer?.isAgent ? consumer : undefined
}

/** Of which stack an agent is may not be stated; then only those may who may debug all of them. */
const debugging = ({ namespace, facts }: Consumer): AccessReview => ({
  verb: 'debug',
  group: AgentStack.group,
  resource: AgentStack.plural,
  namespace,
  name: facts.stack ?? '',
})

/** The proxy is asked for as `pod`, `pod:port` or `scheme:pod:port`; no name of a Pod has a colon. */
function podNameOf({ name, subresource }: Request): string {
  if (subresource !== 'proxy') return name
  const [first = name, second = name, port] = name.split(':')
  return port === undefined ? first : second
}
