import type { Kind } from '../kind.ts'
import type { KubernetesObject } from '../object.ts'

export interface Job extends KubernetesObject {
  spec?: Record<string, unknown>
  status?: Record<string, unknown>
}

export const Job: Kind<Job> = Object.freeze({
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  plural: 'jobs',
  namespaced: true,
})

export interface CronJob extends KubernetesObject {
  spec?: Record<string, unknown>
  status?: Record<string, unknown>
}

export const CronJob: Kind<CronJob> = Object.freeze({
  group: 'batch',
  version: 'v1',
  kind: 'CronJob',
  plural: 'cronjobs',
  namespaced: true,
})
