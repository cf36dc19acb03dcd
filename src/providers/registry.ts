/** What an external backend may stand in for. */
export const interfaces = Object.freeze(['issueTracking', 'cicd', 'gitForge'] as const)
export type Interface = (typeof interfaces)[number]

/** How a delivery can be verified; `public-key` alone needs no Secret (R171). */
export type WebhookSignature = 'hmac-sha256' | 'shared-token' | 'basic-auth' | 'public-key' | 'none'

/** What is known of every provider of a type; an ExternalProviderCapabilityManifest says the same of one. */
export interface ProviderDescriptor {
  /** The operations of each interface that change something at the provider; an interface that is missing is not supported. */
  readonly interfaces: Readonly<Partial<Record<Interface, readonly string[]>>>
  readonly hosting: readonly ('saas' | 'self-hosted')[]
  readonly authModes: readonly string[]
  readonly webhookSignature: WebhookSignature
  readonly supportsGraphql: boolean
  readonly supportsRest: boolean
}

const issues = ['createIssue', 'updateIssue', 'createComment']
const checks = ['createCheck', 'updateCheck']
const reruns = ['rerunPipeline', 'cancelPipeline']
const pullRequests = [
  'createPullRequest',
  'updatePullRequest',
  'mergePullRequest',
  'createReview',
  'updateRef',
]
const forge = [
  ...pullRequests,
  'createRepository',
  'updateBranchProtection',
  'updateCollaborator',
  'createDeployKey',
]

/**
 * The provider types that Kradle ships: data, so that another one changes no schema (R189).
 * An organisation adds its own by an ExternalProviderCapabilityManifest.
 */
const descriptors: Readonly<Record<string, ProviderDescriptor>> = {
  github: {
    interfaces: {
      issueTracking: issues,
      cicd: [...checks, ...reruns, 'registerRunner'],
      gitForge: forge,
    },
    hosting: ['saas', 'self-hosted'],
    authModes: ['github-app', 'oauth-user', 'access-token'],
    webhookSignature: 'hmac-sha256',
    supportsGraphql: true,
    supportsRest: true,
  },
  gitlab: {
    interfaces: {
      issueTracking: issues,
      cicd: [...checks, ...reruns, 'registerRunner'],
      gitForge: forge,
    },
    hosting: ['saas', 'self-hosted'],
    authModes: ['oauth-user', 'access-token'],
    webhookSignature: 'shared-token',
    supportsGraphql: true,
    supportsRest: true,
  },
  'bitbucket-cloud': {
    interfaces: { cicd: [...checks, 'cancelPipeline', 'registerRunner'], gitForge: forge },
    hosting: ['saas'],
    authModes: ['oauth-user', 'access-token'],
    webhookSignature: 'hmac-sha256',
    supportsGraphql: false,
    supportsRest: true,
  },
  'bitbucket-data-center': {
    interfaces: { cicd: checks, gitForge: forge },
    hosting: ['self-hosted'],
    authModes: ['oauth-user', 'access-token'],
    webhookSignature: 'hmac-sha256',
    supportsGraphql: false,
    supportsRest: true,
  },
  'azure-devops': {
    interfaces: {
      issueTracking: issues,
      cicd: [...checks, ...reruns],
      gitForge: [...pullRequests, 'createRepository', 'updateBranchProtection'],
    },
    hosting: ['saas', 'self-hosted'],
    authModes: ['oauth-user', 'access-token'],
    webhookSignature: 'basic-auth',
    supportsGraphql: false,
    supportsRest: true,
  },
  gitea: {
    interfaces: {
      issueTracking: issues,
      cicd: [...checks, 'registerRunner'],
      gitForge: forge,
    },
    hosting: ['self-hosted'],
    authModes: ['oauth-user', 'access-token'],
    webhookSignature: 'hmac-sha256',
    supportsGraphql: false,
    supportsRest: true,
  },
  forgejo: {
    interfaces: {
      issueTracking: issues,
      cicd: [...checks, 'registerRunner'],
      gitForge: forge,
    },
    hosting: ['self-hosted'],
    authModes: ['oauth-user', 'access-token'],
    webhookSignature: 'hmac-sha256',
    supportsGraphql: false,
    supportsRest: true,
  },
  gerrit: {
    interfaces: { gitForge: [...pullRequests, 'createRepository'] },
    hosting: ['self-hosted'],
    authModes: ['http-password'],
    webhookSignature: 'none',
    supportsGraphql: false,
    supportsRest: true,
  },
  git: {
    interfaces: { gitForge: ['updateRef'] },
    hosting: ['saas', 'self-hosted'],
    authModes: ['ssh-key', 'http-password'],
    webhookSignature: 'none',
    supportsGraphql: false,
    supportsRest: false,
  },
  jira: {
    interfaces: { issueTracking: issues },
    hosting: ['saas', 'self-hosted'],
    authModes: ['oauth-user', 'access-token'],
    webhookSignature: 'hmac-sha256',
    supportsGraphql: false,
    supportsRest: true,
  },
  linear: {
    interfaces: { issueTracking: issues },
    hosting: ['saas'],
    authModes: ['oauth-user', 'access-token'],
    webhookSignature: 'hmac-sha256',
    supportsGraphql: true,
    supportsRest: false,
  },
  buildkite: {
    interfaces: { cicd: [...reruns, 'registerRunner'] },
    hosting: ['saas'],
    authModes: ['access-token'],
    webhookSignature: 'hmac-sha256',
    supportsGraphql: true,
    supportsRest: true,
  },
  circleci: {
    interfaces: { cicd: reruns },
    hosting: ['saas', 'self-hosted'],
    authModes: ['access-token'],
    webhookSignature: 'hmac-sha256',
    supportsGraphql: false,
    supportsRest: true,
  },
  jenkins: {
    interfaces: { cicd: reruns },
    hosting: ['self-hosted'],
    authModes: ['access-token'],
    webhookSignature: 'none',
    supportsGraphql: false,
    supportsRest: true,
  },
}

const byType: ReadonlyMap<string, ProviderDescriptor> = new Map(Object.entries(descriptors))

/** What is known of a type, or undefined where the registry does not have it. */
export const descriptorOf = (type: string): ProviderDescriptor | undefined => byType.get(type)

/** The types that are shipped, for messages. */
export const shippedTypes: readonly string[] = Object.freeze([...byType.keys()])
