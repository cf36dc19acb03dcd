import { controllerName, type KyvernoName } from './artefacts.ts'
import { kyvernoNamespace } from './objects.ts'

/** Where one of them finds and leaves things. */
export type KyvernoPlace = {
  readonly kubeconfig: string
  /** For who serves webhooks. */
  readonly port: number
}

/** Where exceptions count; anywhere else they are only objects. */
export const exceptionNamespace = 'kradle-system'

/** Its argument line. A flag that comes again behind these wins. */
export function kyvernoFlags(name: KyvernoName, { kubeconfig, port }: KyvernoPlace): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    '--disableMetrics=true',
    // One instance of each: the lease is only how we see that it works.
    '--leaderElectionRetryPeriod=5s',
    '--v=0',
    ...own[name](port),
  ]
}

const exceptions = ['--enablePolicyException=true', `--exceptionNamespace=${exceptionNamespace}`]
const events = '--omitEvents=PolicyApplied,PolicySkipped'

const account = (name: KyvernoName) =>
  `system:serviceaccount:${kyvernoNamespace}:${controllerName(name)}`

/** Certificates it makes itself, in Secrets of these names. */
const certificates = (service: string) => [
  `--caSecretName=${service}.${kyvernoNamespace}.svc.kyverno-tls-ca`,
  `--tlsSecretName=${service}.${kyvernoNamespace}.svc.kyverno-tls-pair`,
  '--tlsKeyAlgorithm=ECDSA',
]

const own: Readonly<Record<KyvernoName, (port: number) => readonly string[]>> = {
  admission: port => [
    // Outside of the cluster it is called by its address instead of by a Service.
    `--serverIP=127.0.0.1:${port}`,
    '--webhookServerHost=127.0.0.1',
    `--webhookServerPort=${port}`,
    `--servicePort=${port}`,
    ...certificates(kyvernoService),
    `--backgroundServiceAccountName=${account('background')}`,
    `--reportsServiceAccountName=${account('reports')}`,
    ...exceptions,
    '--admissionReports=true',
    '--controllerRuntimeMetricsAddress=0',
    '--enableTuf=false',
    events,
    // An admission policy of the API server's would not know exceptions that end.
    '--generateValidatingAdmissionPolicy=false',
    '--generateMutatingAdmissionPolicy=false',
  ],
  background: () => [...exceptions, '--controllerRuntimeMetricsAddress=0', events],
  reports: () => [
    ...exceptions,
    '--admissionReports=true',
    '--backgroundScan=true',
    '--backgroundScanInterval=30s',
    '--aggregateReports=true',
    '--policyReports=true',
    // Kradle reports on its own admission policies itself.
    '--validatingAdmissionPolicyReports=false',
    '--skipResourceFilters=false',
    '--enableTuf=false',
    events,
  ],
  cleanup: port => [
    `--serverIP=127.0.0.1:${port}`,
    '--cleanupServerHost=127.0.0.1',
    `--cleanupServerPort=${port}`,
    `--servicePort=${port}`,
    ...certificates(controllerName('cleanup')),
    '--ttlReconciliationInterval=30s',
  ],
}

const kyvernoService = 'kyverno-svc'

/** What its Deployment would set. The Pod's name never changes, so that it finds its lease its own after a restart. */
export function kyvernoEnvironment(name: KyvernoName, tuf: string): Record<string, string> {
  return {
    INIT_CONFIG: 'kyverno',
    METRICS_CONFIG: 'kyverno-metrics',
    KYVERNO_NAMESPACE: kyvernoNamespace,
    KYVERNO_POD_NAME: controllerName(name),
    KYVERNO_SERVICEACCOUNT_NAME: controllerName(name),
    KYVERNO_ROLE_NAME: `kyverno:${name}`,
    KYVERNO_SVC: name === 'admission' ? kyvernoService : controllerName(name),
    KYVERNO_DEPLOYMENT: controllerName(name),
    TUF_ROOT: tuf,
  }
}
