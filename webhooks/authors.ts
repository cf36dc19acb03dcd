import {
  AgentApproval,
  AgentDispatchRun,
  AgentMemoryQuery,
  ArtifactVersion,
  ExternalWriteIntent,
  Issue,
  PullRequest,
  Review,
} from '#src/api/activity/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import type { UserInfo } from '#src/api/admission/v1.ts'
import { isOwn } from './person.ts'

/** Where a kind says who made an object, and under which number. */
export interface Author {
  readonly kind: Kind
  readonly field: string
  readonly number: string
}

/** The kinds whose objects say who made them. */
export const authors: readonly Author[] = [
  { kind: AgentApproval, field: 'requestedBy', number: 'R88' },
  { kind: AgentDispatchRun, field: 'requestedBy', number: 'R88' },
  { kind: AgentMemoryQuery, field: 'requester', number: 'R88' },
  { kind: ArtifactVersion, field: 'publishedBy', number: 'R213' },
  { kind: ExternalWriteIntent, field: 'requestedBy', number: 'R88' },
  { kind: Issue, field: 'author', number: 'R227' },
  { kind: PullRequest, field: 'author', number: 'R77' },
  { kind: Review, field: 'author', number: 'R78' },
]

/** Programs of Kradle's that write on behalf of others: of people at a provider, and of agents. */
export const speaksForOthers = ({ username = '' }: UserInfo): boolean =>
  isOwn(
    username,
    'agents-controller',
    'approval-controller',
    'artifact-controller',
    'dispatch-controller',
    'external-controller',
    'trigger-controller',
  )
