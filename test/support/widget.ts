import type { Kind } from '#src/api/kind.ts'
import type { KubernetesObject, Status } from '#src/api/object.ts'
import { controller, watch, type Controller } from '#src/lib/controller.ts'

/** A kind for tests of the runtime: says what a ConfigMap of its name should hold. */
export interface Widget extends KubernetesObject {
  spec: { text: string }
  status?: Status
}

export const Widget: Kind<Widget> = Object.freeze({
  group: 'test.kradle.a5c.ai',
  version: 'v1',
  kind: 'Widget',
  plural: 'widgets',
  namespaced: true,
})

export interface ConfigMap extends KubernetesObject {
  data?: Record<string, string>
}

export const ConfigMap: Kind<ConfigMap> = Object.freeze({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
})

export const CustomResourceDefinition: Kind = Object.freeze({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
})

const string = { type: 'string' }
const condition = {
  type: 'object',
  required: ['type', 'status', 'reason', 'message', 'lastTransitionTime'],
  properties: {
    type: string,
    status: string,
    reason: string,
    message: string,
    lastTransitionTime: { type: 'string', format: 'date-time' },
    observedGeneration: { type: 'integer', format: 'int64' },
  },
}

/** Makes the API server serve widgets. */
export const widgetDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.test.kradle.a5c.ai' },
  spec: {
    group: Widget.group,
    scope: 'Namespaced',
    names: { plural: Widget.plural, singular: 'widget', kind: Widget.kind },
    versions: [
      {
        name: Widget.version,
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: { type: 'object', properties: { text: string } },
              status: {
                type: 'object',
                properties: {
                  phase: string,
                  storage: string,
                  observedGeneration: { type: 'integer', format: 'int64' },
                  conditions: {
                    type: 'array',
                    items: condition,
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['type'],
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
}

export const widget = (name: string, namespace: string, text: string): Widget => ({
  apiVersion: 'test.kradle.a5c.ai/v1',
  kind: 'Widget',
  metadata: { name, namespace },
  spec: { text },
})

export const WIDGET_FINALIZER = 'test.kradle.a5c.ai/widget'

/** Keeps a ConfigMap for every Widget; is not ready where the text says so, and throws where it says that. */
export const widgetController: Controller = controller(Widget, {
  name: 'widget',
  finalizer: WIDGET_FINALIZER,
  watches: [
    watch(ConfigMap, {
      labels: { 'test.kradle.a5c.ai/widget': '' },
      toOwners: ({ metadata: { name, namespace } }) => [{ name, ...(namespace && { namespace }) }],
    }),
  ],
  writes: [{ kind: ConfigMap, verbs: ['create', 'patch', 'delete'] }],
  reconcile(object, cluster) {
    const { name, namespace, deletionTimestamp } = object.metadata
    const target = { name, ...(namespace && { namespace }) }
    if (deletionTimestamp) {
      const left = cluster.get(ConfigMap, name, namespace)
      return left ? { delete: [{ kind: ConfigMap, ...target }] } : { finalizer: 'release' }
    }
    const { text } = object.spec
    if (text === 'throw') throw new Error('told to throw')
    return {
      finalizer: 'hold',
      apply: [
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { ...target, labels: { 'test.kradle.a5c.ai/widget': name } },
          data: { text },
        } as ConfigMap,
      ],
      status: {
        phase: text === 'bad' ? 'Failed' : 'Ready',
        conditions: [
          text === 'bad'
            ? { type: 'Ready', status: 'False', reason: 'TextIsBad', message: 'The text is bad' }
            : { type: 'Ready', status: 'True', reason: 'Copied', message: 'The text is copied' },
        ],
      },
    }
  },
})
