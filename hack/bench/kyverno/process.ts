import { join } from 'node:path'
import { apiClient } from '#hack/local/api.ts'
import { Child } from '#hack/local/child.ts'
import type { ControlPlane } from '#hack/local/control-plane.ts'
import { define } from '#hack/bench/definitions.ts'
import { homeAt, logFile, pidFile } from '#hack/local/home.ts'
import { install } from '#hack/local/install.ts'
import { freePorts } from '#hack/local/ports.ts'
import type { Progress } from '#hack/local/progress.ts'
import { kyvernoDefinitions, kyvernoNamespace, kyvernoObjects } from './objects.ts'
import { resolveBinary } from '#hack/local/binaries.ts'
import { kyvernoArtefact } from './artefact.ts'

/** Starts Kyverno's admission controller next to the API server and waits until it serves with a certificate of its own. */
export async function startKyverno(controlPlane: ControlPlane, progress: Progress): Promise<Child> {
  const { settings } = controlPlane
  const command = await resolveBinary(kyvernoArtefact, settings, progress)
  const api = apiClient(controlPlane.server, controlPlane.adminCertificate, 30_000)
  await define(api, await kyvernoDefinitions(settings))
  for (const object of kyvernoObjects)
    await install(controlPlane, { crds: [], rbac: [object], policies: [] })

  const home = homeAt(controlPlane.home)
  const { kyverno: port } = await freePorts(home.ports, ['kyverno'])
  const child = new Child({
    name: 'kyverno',
    command,
    args: kyvernoFlags(controlPlane.adminKubeconfig, port),
    env: { ...settings.env, ...kyvernoEnvironment(join(home.run, 'kyverno-tuf')) },
    log: logFile(home, 'kyverno'),
    pidFile: pidFile(home, 'kyverno'),
    // Its policy webhooks come last: with them it is leader, has certificates and would judge a policy.
    ready: async () => (await api('GET', policyWebhooks)).status === 200,
    report: progress.line,
  })
  try {
    await child.start()
  } finally {
    api.close()
  }
  return child
}

const policyWebhooks =
  '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/kyverno-policy-validating-webhook-cfg'

/**
 * What its chart passes by default, made lighter where that costs a review.
 *
 * Left out are admission reports (an object written to etcd before the answer),
 * metrics, traces and per-request logs: it is to be measured deciding.
 */
function kyvernoFlags(kubeconfig: string, port: number): string[] {
  const secret = `kyverno-svc.${kyvernoNamespace}.svc.kyverno-tls`
  return [
    `--kubeconfig=${kubeconfig}`,
    `--serverIP=127.0.0.1:${port}`,
    '--webhookServerHost=127.0.0.1',
    `--webhookServerPort=${port}`,
    `--servicePort=${port}`,
    `--caSecretName=${secret}-ca`,
    `--tlsSecretName=${secret}-pair`,
    `--backgroundServiceAccountName=system:serviceaccount:${kyvernoNamespace}:kyverno-background-controller`,
    `--reportsServiceAccountName=system:serviceaccount:${kyvernoNamespace}:kyverno-reports-controller`,
    '--admissionReports=false',
    '--disableMetrics=true',
    '--controllerRuntimeMetricsAddress=0',
    '--enableTuf=false',
    '--omitEvents=PolicyApplied,PolicySkipped,PolicyViolation',
    '--generateValidatingAdmissionPolicy=false',
    '--v=0',
  ]
}

function kyvernoEnvironment(tuf: string): NodeJS.ProcessEnv {
  return {
    INIT_CONFIG: 'kyverno',
    METRICS_CONFIG: 'kyverno-metrics',
    KYVERNO_NAMESPACE: kyvernoNamespace,
    KYVERNO_POD_NAME: 'kyverno',
    KYVERNO_SERVICEACCOUNT_NAME: 'kyverno-admission-controller',
    KYVERNO_ROLE_NAME: 'kyverno:admission-controller',
    KYVERNO_SVC: 'kyverno-svc',
    KYVERNO_DEPLOYMENT: 'kyverno',
    TUF_ROOT: tuf,
  }
}
