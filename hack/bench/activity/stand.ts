import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from '#hack/local/api.ts'
import { deciding } from '#hack/local/kradle.ts'
import { documents } from '#hack/local/manifests.ts'
import type { Progress } from '#hack/local/progress.ts'
import type { Settings } from '#hack/local/settings.ts'
import type { Credentials } from '../caller.ts'
import { define, type Definition } from '../definitions.ts'
import { startServing, type Serving } from '../serving.ts'
import { allIssues, groups, user } from './issues.ts'

/** One cluster that serves Issues twice: by kradle-apiserver and as custom resources. */
export type ActivityStand = Serving & {
  /** Of whom everything measured is asked for. */
  readonly credentials: Credentials
}

const repository = resolve(import.meta.dirname, '../../..')
const servedWithinMs = 60_000

/** Starts it with data written to the disk as in earnest on both sides, and with organisations that are Ready. */
export const startActivityStand = (
  settings: Settings,
  organizations: number,
  progress: Progress,
): Promise<ActivityStand> =>
  startServing(settings, organizations, progress, async serving => {
    const { controlPlane, kradle, api } = serving
    await define(api, [shadowDefinition()])
    await untilServed(api)
    await permit(api)
    // Nothing is left for them to do, and what they do would be in somebody's figures.
    await Promise.all(
      deciding
        .filter(({ name }) => name !== 'webhook')
        .map(({ name }) => kradle.kill(name, 'SIGTERM')),
    )
    // Not before the admission controller is gone, which would put the policy back.
    await letWriteStatus(api)
    const leaf = await controlPlane.certificateFor(user)
    return { ...serving, credentials: { ...leaf, ca: controlPlane.adminCertificate.ca } }
  })

/** The definition of Issue as a CustomResourceDefinition, under a group that no rule of Kradle's matches. */
function shadowDefinition(): Definition {
  const file = `${repository}/crds/activity/issues.yaml`
  const text = readFileSync(file, 'utf8')
    .replaceAll(groups.kradle, groups.crd)
    .replace('definitions.kradle.a5c.ai/v1alpha1', 'apiextensions.k8s.io/v1')
    .replace('AggregatedResourceDefinition', 'CustomResourceDefinition')
  const [issue] = documents(text, file) as Definition[]
  if (!issue) throw new Error(`${file} is empty`)
  const { plural, singular, kind } = issue.spec.names
  return { ...issue, spec: { ...issue.spec, names: { plural, singular, kind } } }
}

async function untilServed(api: Api): Promise<void> {
  const deadline = Date.now() + servedWithinMs
  while ((await api('GET', allIssues('kradle'))).status !== 200) {
    if (Date.now() > deadline) throw new Error('the activity API is not served')
    await sleep(100)
  }
}

/** Lets the one user do everything with Issues of both groups. */
async function permit(api: Api): Promise<void> {
  const apiVersion = 'rbac.authorization.k8s.io/v1'
  const metadata = { name: user }
  const rule = { apiGroups: Object.values(groups), resources: ['issues', 'issues/status'] }
  const apiGroup = 'rbac.authorization.k8s.io'
  const objects = {
    clusterroles: { kind: 'ClusterRole', rules: [{ ...rule, verbs: ['*'] }] },
    clusterrolebindings: {
      kind: 'ClusterRoleBinding',
      roleRef: { apiGroup, kind: 'ClusterRole', name: user },
      subjects: [{ apiGroup, kind: 'User', name: user }],
    },
  }
  for (const [plural, object] of Object.entries(objects)) {
    const path = `/apis/${apiVersion}/${plural}`
    const { status, body } = await api('POST', path, { apiVersion, metadata, ...object })
    if (status !== 201) throw new Error(`${object.kind} ${user}: ${status} ${body}`)
  }
}

type Policy = { spec: { validations: { expression: string }[] } }

/** Adds the one user to those who write status, at the end of what the policy asks: it costs what it costs everybody. */
async function letWriteStatus(api: Api): Promise<void> {
  const path =
    '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/kradle-status-writers'
  const policy = JSON.parse((await api('GET', path)).body) as Policy
  const [{ expression }] = policy.spec.validations as [{ expression: string }]
  const added = `(${expression}) || request.userInfo.username == '${user}'`
  const validations = policy.spec.validations.with(0, {
    ...policy.spec.validations[0],
    expression: added,
  })
  const { status, body } = await api('PUT', path, {
    ...policy,
    spec: { ...policy.spec, validations },
  })
  if (status !== 200) throw new Error(`${path}: ${status} ${body}`)
}
