import { apiVersionOf } from '#src/api/kind.ts'
import { everyKind } from '#src/api/kinds.ts'
import type { UnknownObject } from '#src/api/object.ts'
import type { ExpectedObject, Result } from './document.ts'
import type { Suite } from './suite.ts'

/** The names of files and what they hold. JSON is YAML. */
export type Files = Readonly<Record<string, string>>

/** What Kyverno's CLI is asked about: it takes every object for new, so what changes is left out. */
export const askedOf = ({ test }: Suite): readonly ExpectedObject[] =>
  test.objects.filter(({ oldObject }) => oldObject === undefined)

/** A test of Kyverno's CLI (cli.kyverno.io/v1alpha1) for a suite, to be written into a folder of its own. */
export function kyvernoFilesOf(suite: Suite): Files {
  const { policy, exceptions, test, template } = suite
  const asked = askedOf(suite)
  const definitions = definitionsFor(asked.map(({ object }) => object))
  // With definitions the CLI takes itself for connected, looks for the namespace, and forgets what is stated of images.
  const hasDefinitions = test.images.length === 0
  return {
    'kyverno-test.yaml': json({
      apiVersion: 'cli.kyverno.io/v1alpha1',
      kind: 'Test',
      metadata: { name: `${template.metadata.name}-${test.name}` },
      policies: ['policy.yaml'],
      resources: ['objects.yaml'],
      ...(exceptions.length > 0 && { exceptions: ['exceptions.yaml'] }),
      ...(test.images.length > 0 && { context: 'images.yaml' }),
      ...(hasDefinitions && { clusterResources: ['cluster.yaml'] }),
      results: asked.map(({ object, result }) => ({
        policy: `${policy.metadata.namespace}/${policy.metadata.name}`,
        [`is${template.spec.kyverno.type}Policy`]: true,
        kind: object.kind,
        resources: [`${object.metadata.namespace}/${object.metadata.name}`],
        result: KYVERNO_RESULTS[result],
      })),
    }),
    'policy.yaml': json(policy),
    'objects.yaml': documents(asked.map(({ object }) => object)),
    ...(exceptions.length > 0 && { 'exceptions.yaml': documents(exceptions) }),
    ...(test.images.length > 0 && {
      'images.yaml': json({
        apiVersion: 'cli.kyverno.io/v1alpha1',
        kind: 'Context',
        metadata: { name: 'images' },
        spec: { images: test.images },
      }),
    }),
    ...(hasDefinitions && {
      ...definitions,
      'cluster.yaml': json({
        apiVersion: 'cli.kyverno.io/v1alpha1',
        kind: 'ClusterResource',
        metadata: { name: 'definitions' },
        spec: {
          crds: Object.keys(definitions),
          resources: [
            { apiVersion: 'v1', kind: 'Namespace', metadata: { name: policy.metadata.namespace } },
          ],
        },
      }),
    }),
  }
}

/** What the CLI calls them: to it, an object that is deleted passes. */
export const KYVERNO_RESULTS: Readonly<Record<Result, 'pass' | 'fail' | 'skip' | 'error'>> = {
  pass: 'pass',
  fail: 'fail',
  skip: 'skip',
  error: 'error',
  deleted: 'pass',
  kept: 'fail',
}

/** By these the CLI knows the plurals of Kradle's kinds; what may be in them is not its business here. */
function definitionsFor(objects: readonly UnknownObject[]): Files {
  const kinds = everyKind.filter(kind =>
    objects.some(object => object.kind === kind.kind && object.apiVersion === apiVersionOf(kind)),
  )
  return Object.fromEntries(
    kinds.map(({ group, version, kind, plural }) => [
      `${plural}.yaml`,
      json({
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: `${plural}.${group}` },
        spec: {
          group,
          scope: 'Namespaced',
          names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
          versions: [
            {
              name: version,
              served: true,
              storage: true,
              schema: {
                openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
              },
            },
          ],
        },
      }),
    ]),
  )
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`

const documents = (values: readonly unknown[]): string => values.map(json).join('---\n')
