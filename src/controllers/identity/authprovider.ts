import { AuthProvider } from '#src/api/identity/v1alpha1.ts'
import { controller, type ConditionInput, type Plan } from '#src/lib/controller.ts'
import { met, readyWhen, unmet } from '#src/lib/conditions.ts'
import type { Discovery } from './discovery.ts'

const LOOK_SECONDS = 600
const LOOK_SECONDS_UNREACHABLE = 60

/**
 * Says of every AuthProvider that speaks OpenID Connect whether it is there and is who it
 * claims to be: an issuer that names another one in its discovery document would have
 * people sign in at a place that nobody chose.
 */
export default controller(AuthProvider, {
  name: 'authprovider',
  watches: [],
  writes: [],
  observe: ({ spec: { type, issuer } }) =>
    type === 'oidc' && issuer !== undefined ? { type: 'discovery', key: issuer } : undefined,
  reconcile(provider, _, observed): Plan {
    if (!observed)
      return {
        status: {
          phase: 'Ready',
          conditions: [
            met(
              'Ready',
              'NothingToDiscover',
              `Providers of type "${provider.spec.type}" are taken as they are`,
            ),
          ],
          fields: { issuer: undefined },
        },
      }
    const discovery = observed as Discovery
    const { result } = discovery
    const discovered = conditionOf(discovery, String(provider.spec.issuer))
    return {
      status: {
        phase:
          result === 'Discovered' ? 'Ready' : result === 'Unreachable' ? 'Pending' : 'Degraded',
        conditions: readyWhen([discovered], discovered.reason, discovered.message),
        fields: { issuer: 'issuer' in discovery ? discovery.issuer : undefined },
      },
      requeueAfter: result === 'Unreachable' ? LOOK_SECONDS_UNREACHABLE : LOOK_SECONDS,
    }
  },
})

function conditionOf(discovery: Discovery, issuer: string): ConditionInput {
  const { result } = discovery
  if (result === 'Discovered') return met('Discovered', result, `"${issuer}" is an OpenID provider`)
  const not = (message: string) => unmet('Discovered', result, message)
  if (result === 'IssuerMismatch')
    return not(
      `"${issuer}" says that it is "${discovery.issuer}"; write that as spec.issuer if it is meant`,
    )
  if (result === 'MalformedDocument')
    return not(`The discovery document of "${issuer}" is of no use: ${discovery.why}`)
  return not(`"${issuer}" cannot be reached: ${discovery.why}`)
}
