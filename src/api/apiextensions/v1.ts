import type { Kind } from '../kind.ts'

/** Read for whether it is there: nobody decides on what is in it. */
export const CustomResourceDefinition: Kind = Object.freeze({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
})
