import { AgentMcpServer, AgentStack } from '#src/api/agents/v1alpha1.ts'
import { newReferences, readsOf } from '#webhooks/new-references.ts'
import { deny, rule, type Request } from '#webhooks/rule.ts'

/**
 * A stack uses an MCP server only where the server admits it.
 *
 * A server may hold the key to something that most agents have no business with. Judged is what
 * this write adds: a server that admits a stack no longer says so on the stack's condition
 * McpHealthy, and the stack can still be changed. One that is not there yet is for the
 * condition too.
 */
export default rule({
  kinds: [AgentStack],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R221'],
  background: 'always',
  watches: [AgentMcpServer],
  lookups: request => readsOf(newServers(request), request.namespace),
  decide: (request, cluster) =>
    newServers(request).flatMap(({ path, name }) => {
      const allowed = cluster.get(AgentMcpServer, name, request.namespace)?.spec.allowedStacks
      const stack = request.object.metadata.name
      if (!allowed || allowed.includes(stack)) return []
      return deny({
        rule: 'R221',
        field: path,
        value: name,
        problem: `is an AgentMcpServer for certain stacks, and "${stack}" is none of them`,
        fix: `leave it out, or have "${stack}" added to its spec.allowedStacks`,
      })
    }),
})

const newServers = (request: Request) =>
  newReferences(AgentStack, request).filter(({ kind }) => kind === AgentMcpServer)
