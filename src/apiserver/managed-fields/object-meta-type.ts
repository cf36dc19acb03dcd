import { DEDUCED, type Atom, type MapType } from './type.ts'

const STRING: Atom = { scalar: 'string' }
const NUMBER: Atom = { scalar: 'numeric' }
const BOOLEAN: Atom = { scalar: 'boolean' }
/** Strings with a format may be anything. */
const TIME: Atom = { scalar: 'untyped' }

const map = (fields: Readonly<Record<string, Atom>>, atomic = false): Atom & { map: MapType } => ({
  map: {
    atomic,
    fields: new Map(
      Object.entries(fields).map(([name, type]) => [name, { type, default: undefined }]),
    ),
    element: undefined,
  },
})

const texts: Atom = { map: { atomic: false, fields: new Map(), element: STRING } }

const ownerReference = map(
  {
    apiVersion: STRING,
    kind: STRING,
    name: STRING,
    uid: STRING,
    controller: BOOLEAN,
    blockOwnerDeletion: BOOLEAN,
  },
  true,
)

const managedFieldsEntry = map({
  manager: STRING,
  operation: STRING,
  apiVersion: STRING,
  time: TIME,
  fieldsType: STRING,
  fieldsV1: { map: { atomic: false, fields: new Map(), element: DEDUCED } },
  subresource: STRING,
})

/** The metadata of every object, whatever its schema says. */
export const OBJECT_META: Atom = map({
  name: STRING,
  generateName: STRING,
  namespace: STRING,
  selfLink: STRING,
  uid: STRING,
  resourceVersion: STRING,
  generation: NUMBER,
  creationTimestamp: TIME,
  deletionTimestamp: TIME,
  deletionGracePeriodSeconds: NUMBER,
  labels: texts,
  annotations: texts,
  ownerReferences: { list: { atomic: false, keys: ['uid'], element: ownerReference } },
  finalizers: { list: { atomic: false, keys: [], element: STRING } },
  managedFields: { list: { atomic: true, keys: [], element: managedFieldsEntry } },
})
