import type { Api } from '#hack/local/api.ts'
import { readings, total } from '../metric.ts'

const writing = new Set(['POST', 'PUT', 'PATCH', 'APPLY', 'DELETE', 'DELETECOLLECTION'])
const reports = new Set([
  'policyreports',
  'clusterpolicyreports',
  'ephemeralreports',
  'clusterephemeralreports',
  'reports',
])

/** How many writes of reports of any kind the API server has been asked for since its start, whoever asked. */
export async function reportWrites(api: Api): Promise<number> {
  const { body } = await api('GET', '/metrics')
  return total(
    readings('apiserver_request_total', body).filter(
      ({ labels }) => reports.has(labels['resource'] ?? '') && writing.has(labels['verb'] ?? ''),
    ),
  )
}
