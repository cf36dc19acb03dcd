/** By what a rule is held. The first five answer a request; of what the others hold, nobody is told by a refusal. The scanner looks for it in what is there. */
export type By =
  | 'API server'
  | 'schema'
  | 'admission policy'
  | 'webhook'
  | 'kradle-apiserver'
  | 'controller'
  | 'scanner'
  | 'construction'

/** One place that holds a rule. */
export interface Place {
  readonly by: By
  /** Markdown: the file, or what it is that holds the rule. */
  readonly says: string
}

/** What is known of a number beside the messages that carry it. */
export interface Entry {
  /** The subject, in a few words. */
  readonly title: string
  /** Places that cannot be found by looking for the number in messages. */
  readonly places?: readonly Place[]
  /** What has the number in its messages and holds something beside the rule only. */
  readonly beside?: readonly By[]
  /** What is not enforced yet, where something is. */
  readonly partly?: string
  /** Not enforced yet; what there is so far, which may well carry the number, or ''. */
  readonly planned?: string
  /** Refusals of it are of activity alone, and none is recorded in docs/refused yet. */
  readonly unrecorded?: true
  /** Why nothing is refused, where something that decides on requests has the number. */
  readonly refusesNothing?: string
}

const by =
  (kind: By) =>
  (says: string): Place => ({ by: kind, says })
const apiServer = by('API server')
const schema = by('schema')
const webhook = by('webhook')
const apiserver = by('kradle-apiserver')
const controller = by('controller')
const construction = by('construction')
/** Of what may be there once at a time, the store takes one; it is not asked in a dry run. */
const inStore = by('kradle-apiserver')

const later = (title: string, planned = ''): Entry => ({ title, planned })

/** Held for activity, where no refusal is recorded: of what a controller writes into a status, and of what the store alone sees. */
const activity = (title: string, more: Omit<Entry, 'title'> = {}): Entry => ({
  title,
  ...more,
  unrecorded: true,
})

/** Answered to whoever asks by a RefUpdateReview before he takes a push. */
const pushed = (title: string, file: string): Entry =>
  activity(title, {
    places: [apiserver(`RefUpdateReview: \`src/permissions/ref-update/${file}.ts\``)],
    partly: 'the git server does not ask yet',
  })

const stack = '`src/controllers/agents/agentstack.ts`'
const condition = (type: string, reason: string): Place =>
  controller(`${stack}: condition \`${type}\` is False, reason \`${reason}\``)

/** Every number of the rule book, in words of our own. */
export const ruleBook: Readonly<Record<string, Entry>> = {
  R1: {
    title: 'Only kinds that are defined are taken',
    places: [apiServer('a kind without a definition is not served')],
  },
  R2: {
    title: 'There is one group and one version',
    places: [apiServer('`kradle.a5c.ai/v1alpha1` is the only version that is served')],
  },
  R3: {
    title: 'Every object has a name',
    places: [apiServer('an object without a name is refused')],
  },
  R4: {
    title: 'A missing spec counts as an empty one, whose required fields are missing',
    partly: 'a missing status is left missing; nothing reads a status that is not there',
  },
  R5: {
    title: 'Missing labels and annotations count as empty maps',
    places: [construction('`webhooks/request.ts`: every rule sees the maps, nothing is stored')],
    refusesNothing: 'what is missing is filled in',
  },
  R6: later(
    'A missing namespace becomes the default one, in the HTTP interface and the command line',
    '`kradle check` asks for the namespace (`src/check/manifest.ts`)',
  ),
  R7: {
    title: 'A required field is neither null nor empty text; 0, false, [] and {} count',
    places: [schema('`required`, `minLength: 1`, and no `nullable`, in every definition')],
  },
  R8: {
    title: 'Names are lower case letters, digits and hyphens, at most 63',
    places: [construction('`src/lib/names.ts` says how a name is normalised')],
  },
  R9: {
    title: 'The slug of an organisation is normalised, and never empty',
    places: [construction('`src/lib/names.ts` says how a slug is normalised')],
  },
  R10: { title: 'A name that is not normalised is refused, with the one to use' },
  R11: { title: 'A slug has at most 52 characters, since a namespace has 63' },
  R12: {
    title: 'Every stored change raises the resourceVersion, and conflicts are found by it',
    places: [construction('the API server does so for everything in etcd')],
    partly: 'nothing is kept in Postgres yet',
  },
  R13: {
    title: 'Every object says where it is stored',
    places: [controller('`src/lib/status.ts`: `status.storage` is written on every status')],
  },
  R14: {
    title: 'Configuration is kept in etcd, activity never is',
    places: [construction('every kind that is served is configuration, and is served from etcd')],
    partly: 'kinds of activity are not served yet',
  },
  R15: { title: 'Configuration is small: a spec has at most 256 KiB' },
  R16: {
    title: 'Configuration holds no logs, comments, job lists or attempts',
    places: [schema('no definition has a field for them, and unknown fields are refused')],
  },
  R17: {
    title: 'Conditions have type, status, reason, message and times',
    places: [schema('`status.conditions` of every definition')],
  },
  R18: {
    title: 'Types of conditions are stable, and no program reads their messages',
    places: [
      construction('`src/lib/controller.ts`: reasons are constants, no code reads a message'),
    ],
  },
  R19: {
    title: 'A status says which generation it is of',
    places: [
      controller('`src/lib/status.ts`: `status.observedGeneration` is written on every status'),
    ],
  },
  R20: { title: 'Only the controller of a kind writes its status' },
  R21: {
    title: 'Every write goes through the same steps in the same order',
    places: [construction('all writes are requests to the API server, whose order is fixed')],
    partly: 'kinds of activity, which are stored elsewhere, are not served yet',
  },
  R22: later('Pages and forms write through the same gate as YAML'),
  R23: { title: 'What is to be executed is fixed once it is asked for' },
  R24: {
    title: 'The same label selector finds the same objects',
    places: [construction('label selectors are evaluated by the API server')],
    partly: 'nothing evaluates a Selector or a View yet',
  },
  R25: {
    title: 'Views name a Selector, and filter by labels and queries only',
    places: [schema('required fields of View')],
  },
  R26: { title: 'Whatever belongs to an organisation says to which' },
  R27: {
    title: 'The organisation is filled in from the namespace where it is left out',
    refusesNothing: 'what is missing is filled in; what contradicts is R28',
  },
  R28: { title: 'Namespace, label and organizationRef name the same organisation' },
  R29: { title: 'Objects of an organisation live in its namespace only' },
  R30: { title: 'Organizations and their bindings live in kradle-system only' },
  R31: { title: 'An organisation has one namespace, and a namespace one organisation' },
  R32: {
    title: 'What is done for an organisation is done in its namespace',
    places: [
      construction(
        '`src/controllers/grants`, `src/controllers/identity`: accounts and bindings are made in the namespace of what they are made of, which owns them',
      ),
    ],
    partly: 'nothing else is made for an organisation yet',
  },
  R33: {
    title: 'References are resolved within the organisation',
    places: [
      construction(
        'references are bare names, which are looked up in the own namespace only; PolicyTemplates of the platform in `kradle-system` too',
      ),
      controller(
        '`src/lib/reference-conditions.ts`: condition `ReferencesResolved` is False, reason `ReferenceMissing`',
      ),
    ],
  },
  R34: { title: 'An external binding stays within the organisation, with its target and provider' },
  R35: {
    title: 'Nothing is shared between organisations',
    places: [
      construction(
        'no field names an object of another organisation: what is named is looked up in the own namespace, and where one can be written it has to be that (R34, R59)',
      ),
    ],
  },
  R36: later('Searching across organisations takes permission, and groups by organisation'),
  R37: later('Every address of the product names the organisation'),
  R38: { title: 'Kinds that need not say their organisation have it from their namespace' },
  R39: { title: 'Objects and namespaces never change their organisation' },
  R40: {
    title: 'No external provider chooses the organisation',
    places: [
      construction('the organisation is that of the namespace; no field of a provider is asked'),
    ],
  },
  R41: {
    title: 'Organisation, namespace and binding are made together, and repaired',
    places: [
      controller(
        '`src/controllers/identity/organization.ts`: makes and repairs both; condition `Ready` says what is missing',
      ),
    ],
    partly: 'there is no HTTP route yet',
  },
  R42: { title: 'RBAC decides who may what; Kradle gives nobody more than he has' },
  R43: {
    title: 'An AgentServiceAccount claims an account of its own organisation',
    places: [schema('required fields of AgentServiceAccount')],
  },
  R44: {
    title: 'Nobody lends a role that he does not have himself',
    places: [
      schema('required fields of AgentRoleBinding'),
      controller(
        '`src/controllers/grants/agentrolebinding.ts`: condition `EscalationAdmitted` is False, reason `DriftEscalates`',
      ),
    ],
  },
  R45: {
    title: 'What Kradle makes of its objects is not edited by hand',
    partly: 'RBAC that others made is not imported yet',
  },
  R46: {
    title: 'Users, teams, invites, mappings and sign-in have their required fields',
    places: [schema('required fields of User, Team, Invite, IdentityMapping and AuthProvider')],
  },
  R47: { title: 'An invite expires, and is accepted by whom it was sent to' },
  R48: {
    title: 'SSH keys and repository permissions are complete and fit their scope',
    places: [schema('required fields of SSHKey and RepositoryPermission')],
  },
  R49: later('Every command of the interface is authorised by the server'),
  R50: {
    title: 'The account of a stack exists',
    places: [condition('RuntimeIdentityReady', 'AgentServiceAccountMissing')],
  },
  R51: { title: 'Nothing reaches a Secret or ConfigMap without a grant' },
  R52: {
    title: 'Grants say for whom, of what and for what',
    places: [schema('required fields of AgentSecretGrant and AgentConfigGrant')],
  },
  R53: {
    title: 'Grants are of single keys; no keys means nothing',
    places: [schema('`keys` of a grant is required, and names one key each')],
  },
  R54: { title: 'A grant is used for its purpose only' },
  R55: { title: 'A grant holds for its repositories, refs and trigger sources' },
  R56: {
    title: 'A granted key becomes a variable or a file, as the grant says',
    places: [schema('`mountPolicy` of the grants')],
  },
  R57: {
    title: 'Untrusted work gets a key only after an approval',
    partly: 'there is no AgentApproval yet, so what needs one is refused',
  },
  R58: {
    title: 'Granted Secrets are to be rotated in time',
    places: [
      controller(
        '`src/controllers/grants/rotation.ts`: condition `RotationCurrent` is False, reason `RotationOverdue`',
      ),
    ],
  },
  R59: { title: 'Secrets come from the namespace of the organisation' },
  R60: {
    title: 'Values of Secrets never appear anywhere else',
    places: [
      construction('`src/lib/keys-only.ts`: of a Secret, controllers keep the names of its keys'),
    ],
    partly: 'pages, prompts, snapshots and answers of an HTTP interface do not exist yet',
  },
  R61: {
    title: 'Keys of a ConfigMap that sound like secrets are pointed out',
    places: [
      controller(
        '`src/controllers/grants/agentconfiggrant.ts`: condition `KeysNotSensitive` is False, reason `SensitiveKeys`',
      ),
    ],
    refusesNothing: 'it is a warning',
  },
  R62: {
    title: 'A stack says which grant it lacks, down to the key',
    places: [
      condition('SecretsAdmitted', 'MissingSecretGrant'),
      condition('ConfigAdmitted', 'MissingConfigGrant'),
    ],
  },
  R63: later(
    'Nothing is dispatched whose permissions are missing and cannot be approved',
    'a stack that only a person can mend has phase `Blocked` (`src/controllers/agents/agentstack.ts`)',
  ),
  R64: {
    title: 'A stack has no Secrets on forks, and only those that it lists',
    places: [
      schema('`secretPolicy.allowOnForks` of AgentStack is false by default'),
      condition('PolicyAdmitted', 'SecretNotAllowed'),
    ],
  },
  R65: {
    title: 'The roles and grants that a stack names are there and are its own',
    places: [
      condition('RolesAdmitted', 'MissingRoleBinding`, `SubjectMismatch` or `NotInEffect'),
      condition('SecretsAdmitted', 'SubjectMismatch` or `NotInEffect'),
      condition('ConfigAdmitted', 'SubjectMismatch` or `NotInEffect'),
    ],
  },
  R66: {
    title: 'Pods have keys by reference, not copies of values',
    partly: 'a value that somebody writes into a manifest himself is not recognised',
    refusesNothing: 'references are what is judged; refused are those without a grant (R51)',
  },
  R67: later('Registration tokens of runners are short-lived and never shown'),
  R68: later('What a component requires is compared with what is granted'),
  R69: later('A run keeps the digest of the permissions that it started with'),
  R70: {
    title: 'Repositories, branch protections and ref policies have their required fields',
    places: [schema('required fields of Repository, BranchProtection and RefPolicy')],
  },
  R71: pushed('A push is judged by ref policies first, then by branch protections', 'judge'),
  R72: pushed('Ref policies deny refs, forced pushes, unsigned commits and merges', 'ref-policy'),
  R73: pushed(
    'A protected branch takes direct pushes of repository admins alone',
    'branch-protection',
  ),
  R74: pushed('A protected branch takes pull requests only', 'branch-protection'),
  R75: pushed('Pushes are judged before they are taken, not after', 'judge'),
  R76: { title: 'Nothing is merged before its reviews and checks are complete' },
  R77: { title: 'A pull request has two refs, which differ' },
  R78: { title: 'A review belongs to a pull request, and is of one of three kinds' },
  R79: {
    title: 'Reviews and checks of an old head do not count',
    partly: 'whoever counts them compares the commits; nothing follows pushes yet',
  },
  R80: later('The search index never holds up a push'),
  R81: later('A template that judges titles of pull requests is shipped'),
  R82: later(
    'A repository is authorised, stored, then provisioned, and says how it is',
    'RBAC decides who creates one, and `spec.hosting` stays as it was created',
  ),
  R83: {
    title: 'A stack that asks nobody is not for workspaces that want approvals',
    partly: 'policies of a repository other than its workspace policy are not compared',
  },
  R84: {
    title: 'An approval is for one of five actions',
    places: [schema('`action` of AgentApproval')],
  },
  R85: {
    title: 'An approval says for which run, what and by whom',
    places: [schema('required fields of AgentApproval')],
  },
  R86: { title: 'A decision is final' },
  R87: activity('One open approval for each run and action', {
    places: [inStore('`src/apiserver/kinds/agentapproval.ts`')],
  }),
  R88: { title: 'Who decides may, has a reason, and did not ask himself' },
  R89: later('An approved run goes on, a denied one fails'),
  R90: activity('Privileged actions need an approval, or a policy that allows them', {
    partly: 'an artifact is not written back without one; nothing else asks yet',
  }),
  R91: later('A run waits for its decision, and the audit log keeps it'),
  R92: later('What is written back says by whom, approved by whom, and of what'),
  R93: {
    title: 'What waits for a decision can be refused, and expires',
    partly:
      'an answer that comes too late is refused; nothing answers by itself when the time is up',
  },
  R94: {
    title: 'Writing back needs an approval unless somebody says otherwise',
    places: [
      schema(
        '`writeBackPolicy.requireApproval` is true by default in an AgentTriggerRule, and in an AgentStack that has a writeBackPolicy',
      ),
    ],
    partly: 'nothing is written back yet',
    refusesNothing: 'it is a default',
  },
  R95: {
    title: 'Written back is to the targets that stack and rule list, and to no other',
    partly: 'the targets of the stack alone are compared',
  },
  R96: {
    title: 'Nothing is written back by itself: approved comments come first',
    partly: 'no agent writes to branches; nothing is written back yet',
  },
  R97: later('What a review wants changed is not written back before it is'),
  R98: {
    title: 'A tool that is not listed is never allowed by itself',
    partly: 'no agent calls tools yet',
  },
  R99: later('A workspace that is dirty, missing or in conflict is not written back from'),
  R100: {
    title: 'Runs, attempts, sessions, bundles and artifacts have their required fields',
    places: [
      schema(
        'required fields of AgentDispatchRun, AgentDispatchAttempt, AgentSession, AgentContextBundle and KradleArtifact',
      ),
    ],
  },
  R101: { title: 'A run names a stack of its organisation' },
  R102: activity('A run moves through its phases in order'),
  R103: activity('A run never goes back to the queue, and its end is final', {
    places: [schema('the moves of `status.phase` of AgentDispatchRun')],
  }),
  R104: activity('A run waits for approval where its stack or workspace policy wants that', {
    partly: 'that a run which waits says for what; nothing dispatches yet',
  }),
  R105: later('A run that fails its permission review starts nothing'),
  R106: activity('A running run is one Job', {
    partly: 'that a run has one Job by name; nothing starts it yet',
  }),
  R107: later('A run ends by its callback, or by that of its deadline'),
  R108: activity('A callback has a token for its run alone, and a result', {
    partly: 'that what ends well has exit code 0; nothing calls back yet',
  }),
  R109: later('A run is stopped by its budget, or by the time that is left of it'),
  R110: later('Cost follows from the rates of a model, and the limit from the organisation'),
  R111: later('The transport of a run follows from the adapter of its stack'),
  R112: { title: 'Trying again is another run', partly: 'nothing tries again by itself yet' },
  R113: activity('The identities of an attempt stay as they were launched'),
  R114: { title: 'Bundles and memory snapshots never change' },
  R115: later('An attempt freezes its stack, bundle and permissions'),
  R116: later('A label that changed since is pointed out before a run is tried again'),
  R117: later('Bundles are limited in size, redacted, and say of what they are made'),
  R118: later('Runs are labelled with what they belong to'),
  R119: later('From a run one finds everything that it touched'),
  R120: later('Runs, attempts and bundles name the memory that they used'),
  R121: later('What a run does is set by stored objects, never by the request'),
  R122: activity('A stack that is not Ready is not dispatched', {
    places: [controller('condition `Ready` of the stack (`src/controllers/agents/agentstack.ts`)')],
  }),
  R123: {
    title: 'Transcripts, attachments and workspace runtimes have their required fields',
    places: [
      schema(
        'required fields of AgentSessionTranscript, AgentSessionAttachment and KradleWorkspaceRuntime',
      ),
    ],
  },
  R124: {
    title: 'Whatever a stack names is there',
    places: [condition('CapabilitiesResolved', 'ReferenceMissing')],
  },
  R125: {
    title: 'The tool profile of a stack is there, or it names none',
    places: [condition('ToolsAdmitted', 'AgentToolProfileMissing')],
  },
  R126: {
    title: 'The MCP servers of a stack are there; whether they answer is not asked',
    beside: ['schema'],
    places: [condition('McpHealthy', 'AgentMcpServerMissing')],
  },
  R127: {
    title: 'The skills of a stack are there, with a format and a source',
    places: [condition('SkillsValidated', 'AgentSkillMissing` or `InvalidSkill')],
  },
  R128: {
    title: 'The subagents of a stack are there, and take some kind of task',
    places: [condition('SubagentsValid', 'AgentSubagentMissing` or `InvalidSubagent')],
  },
  R129: {
    title: 'A stack is Ready when all its conditions hold',
    places: [
      condition('Ready', 'that of the first condition that does not hold'),
      condition('ContextLabelsValid', 'AgentContextLabelMissing'),
    ],
  },
  R130: {
    title: 'Both its context labels and its policy count for a stack',
    places: [
      condition('ContextLabelsValid', 'AgentContextLabelMissing'),
      condition('PolicyAdmitted', 'SecretNotAllowed'),
    ],
  },
  R131: {
    title: 'The parts of stacks have their required fields, which fit together',
    places: [schema('required fields of the kinds in `crds/agents`')],
  },
  R132: {
    title: 'A context label is reviewed, and used where its sources allow',
    partly: 'trigger rules are judged; runs that people start are not served yet',
  },
  R133: later('A stack whose adapter cannot do what it needs is invalid'),
  R134: {
    title: 'A trigger rule names its sources, stack and kind of task',
    places: [schema('required fields of AgentTriggerRule')],
  },
  R135: { title: 'A trigger rule is of one type, and its fields are right for it' },
  R136: later(
    'A rule of events compares type, repository and actor',
    'a rule that could never match is refused (`crds/agents/agenttriggerrules.yaml`)',
  ),
  R137: later(
    'A rule of webhooks compares type, repository and action, while it is enabled',
    'a list of types with "*" among others is refused (`crds/agents/agenttriggerrules.yaml`)',
  ),
  R138: activity('An event starts a rule once, unless that failed', {
    partly: 'the phases of an execution; no event starts anything yet',
  }),
  R139: later(
    'What counts as the same event, and what happens to the next one, can be set',
    'the window of dedupePolicy has limits (`crds/agents/agenttriggerrules.yaml`)',
  ),
  R140: {
    title: 'Every evaluation of a rule is kept, refusals too',
    partly: 'what is written down is not changed; nothing evaluates rules yet',
  },
  R141: {
    title: 'A rule is a draft until somebody makes it active',
    places: [schema('`lifecycleState` of AgentTriggerRule, `draft` by default')],
    partly: 'nothing is dispatched yet',
  },
  R142: later('A rule can be tried without starting anything'),
  R143: {
    title: 'The stack and the runner pool of a rule are of its organisation',
    places: [
      controller(
        '`src/controllers/agents/index.ts`: for a missing RunnerPool, condition `ReferencesResolved` is False, reason `ReferenceMissing`',
      ),
    ],
  },
  R144: {
    title: 'A match that is refused is recorded, never dropped',
    partly: 'a refusal says why; nothing evaluates rules yet',
  },
  R145: later('Failures of external pipelines trigger like any other'),
  R146: {
    title: 'Workspaces and their policies have their required fields',
    places: [schema('required fields of KradleWorkspace and KradleWorkspacePolicy')],
  },
  R147: {
    title: 'A workspace moves through its phases in order',
    places: [schema('`status.phase` of KradleWorkspace, compared with the phase before')],
  },
  R148: {
    title: 'A workspace is Ready with its volume bound and its clone complete',
    partly: 'nothing provisions workspaces yet, and whether its runtime is healthy is not compared',
  },
  R149: {
    title: 'One run at a time has a workspace',
    partly: 'the status says whose it is; no run claims one yet',
  },
  R150: {
    title: 'A workspace is not reused for another repository, ref or trust tier',
    partly: 'no run claims a workspace yet',
  },
  R151: {
    title: 'Work of pull requests is isolated and has no privileges',
    partly: 'nothing provisions workspaces yet',
  },
  R152: {
    title: 'Nothing reaches out of the root of a workspace',
    partly: 'nothing cleans workspaces up yet',
  },
  R153: later('A workspace whose files are gone is marked, not deleted'),
  R154: later('A dirty workspace is neither cleaned up nor written back before a review'),
  R155: later('Every step in the life of a workspace is judged and recorded'),
  R156: later('The volume of a workspace is named after its run, and goes when it is archived'),
  R157: {
    title: 'What runs in a workspace is shown as links, without tokens',
    places: [schema('addresses of KradleWorkspaceRuntime and KradleArtifact have no query')],
  },
  R158: {
    title: 'The kinds of memory have their required fields and stay in their repository',
    places: [
      schema(
        'required fields of AgentMemoryRepository, AgentMemorySource, AgentMemoryOntology and AgentMemoryAssociation',
      ),
    ],
    partly: 'snapshots, queries, updates and imports are not served yet',
  },
  R159: activity('An import moves through its phases in order'),
  R160: activity('An import that is unsure, new or sensitive waits for a review', {
    partly: 'what its status may say; nothing imports yet',
  }),
  R161: activity('An import is redacted before anything else', {
    partly: 'what its status may say; nothing imports yet',
  }),
  R162: activity('Only people approve or reject an import', {
    partly: 'what its status may say; nothing imports yet',
  }),
  R163: later('What is imported obeys the ontology'),
  R164: later('References between memories are compared with known associations'),
  R165: {
    title: 'A memory update is validated before it is merged, and says where it comes from',
    partly: 'nothing validates or merges yet',
  },
  R166: later('Memory "as of" a time becomes a commit, and reading is redacted'),
  R167: {
    title: 'A memory snapshot names a commit, not a ref that moves',
    places: [schema('`resolvedCommit` of AgentMemorySnapshot')],
  },
  R168: { title: 'A provider is of a known type, or brings an adapter' },
  R169: { title: 'A binding enables only interfaces that its provider has' },
  R170: { title: 'A binding writes only what its provider can write' },
  R171: { title: 'Deliveries of a provider can be verified' },
  R172: {
    title: 'Write intents never carry values of Secrets',
    partly: 'what looks like a credential is found, not every value',
  },
  R173: {
    title: 'Each interface has one of four modes of ownership',
    places: [schema('`mode` and `resourceModes` of ExternalBackendBinding')],
  },
  R174: {
    title: 'What a provider owns is not changed here without a conflict',
    partly: 'kinds of activity alone are compared',
  },
  R175: { title: 'Deleting a mirrored object deletes nothing at the provider' },
  R176: later('What a provider deletes leaves a tombstone where audit wants it'),
  R177: {
    title: 'A delivery is verified before it is kept',
    partly: 'nothing receives deliveries yet',
  },
  R178: later('A delivery and an event count once'),
  R179: { title: 'A write intent moves through its phases in order' },
  R180: {
    title: 'What agents write to a provider is approved first',
    places: [
      schema(
        '`approvalPolicy` of ExternalWriteIntent is required by default; so is what `writePolicy` of ExternalBackendSyncPolicy says',
      ),
    ],
  },
  R181: {
    title: 'A conflict is solved by one of four strategies, once',
    places: [schema('`conflictPolicy` of ExternalBackendSyncPolicy')],
  },
  R182: later('What counts as a conflict'),
  R183: {
    title: 'Conflicts are objects, left to people unless somebody says otherwise',
    places: [
      schema('`conflictPolicy.defaultResolution` and `resolutionPolicy` are `manual` by default'),
    ],
    partly: 'nothing finds conflicts yet',
  },
  R184: { title: 'External objects are labelled with organisation, provider and interface' },
  R185: {
    title: 'External objects keep their identity at the provider',
    places: [schema('`external` of kinds that providers have as well, and ExternalObjectLink')],
  },
  R186: activity('A write to a provider is done once, by its key', {
    places: [inStore('`src/apiserver/kinds/externalwriteintent.ts`')],
    partly: 'the key is there; nothing sends yet',
  }),
  R187: {
    title: 'Running again and cancelling take permission and ability',
    partly:
      'RBAC permits it, and what was cancelled stays so; whether the provider can is not compared',
  },
  R188: {
    title: 'Credentials of providers stay in Secrets',
    places: [schema('credentials are names of Secrets; there is no field for values')],
  },
  R189: {
    title: 'New types of providers need no new schema',
    places: [construction('`src/providers/registry.ts`: types are data, and manifests add to it')],
  },
  R190: { title: 'A runner pool keeps no more runners ready than it may have' },
  R191: { title: 'Pipelines of forks have neither Secrets nor the API of the cluster' },
  R192: { title: 'Trusted jobs have the scopes that are written, and no other' },
  R193: {
    title: 'Pods of untrusted work have no Secrets, tokens or trusted disks',
    places: [
      webhook('`webhooks/pod/untrusted-is-contained.ts`'),
      webhook('`webhooks/pod/keys-are-granted.ts`'),
    ],
    partly: 'there is no Kyverno template for it',
  },
  R194: {
    title: 'Pipelines, jobs and deliveries have their required fields',
    places: [schema('required fields of Pipeline, Job and WebhookDelivery')],
  },
  R195: {
    title: 'The account of a job follows from the trust of its pipeline',
    partly: 'nothing starts jobs yet',
  },
  R196: later('How many runners there should be follows from the queue, within limits'),
  R197: { title: 'A pipeline is taken up again from a step that it has' },
  R198: later(
    'Runners and pools have fixed states',
    'the phases of a RunnerPool are in its schema; nothing counts runners yet',
  ),
  R199: {
    title: 'Policy profiles, templates, bindings and exceptions have their required fields',
    places: [
      schema(
        'required fields of PolicyProfile, PolicyTemplate, PolicyBinding and PolicyExceptionRequest',
      ),
    ],
  },
  R200: {
    title: 'A policy binding names a template, audits or enforces, and has a target',
    places: [schema('`mode` and `target` of PolicyBinding')],
  },
  R201: {
    title: 'An exception ends',
    places: [schema('`expiresAt` of PolicyExceptionRequest is required')],
    partly: 'nothing removes an exception yet',
  },
  R202: { title: 'An exception is approved as the profile says, by somebody else' },
  R203: { title: 'What becomes a Kyverno policy, and where it lives' },
  R204: later(
    'A policy in audit mode never refuses',
    'reports are written by Kyverno and Kradle alone',
  ),
  R205: { title: 'A policy template targets known kinds and declares its parameters' },
  R206: {
    title: 'A webhook subscription has an address and events, and signs by a Secret',
    places: [schema('required fields of WebhookSubscription; `signing` names a Secret')],
  },
  R207: {
    title: 'Deliveries are signed and kept, and sending one again is another delivery',
    partly: 'nothing is sent yet',
  },
  R208: {
    title: 'A model has a known format, an address and a protocol',
    places: [schema('required fields and enums of KradleInferenceService')],
  },
  R209: {
    title: 'A serving runtime supports the format of the model',
    places: [schema('required fields of KradleServingRuntime')],
  },
  R210: { title: 'A model has an address once it is ready' },
  R211: {
    title: 'Artifact registries and feeds use the words that are defined',
    places: [
      schema('enums of ArtifactRegistry, ArtifactFeed and ArtifactAccessPolicy'),
      schema('`version` of ArtifactVersion'),
    ],
  },
  R212: {
    title: 'Registry and feed are of the organisation, and packages of their type',
  },
  R213: {
    title: 'A published version is unique and final, and access is by permission',
    partly: 'that it is unique is for its store; who may fetch is for whoever serves packages',
  },
  R214: later('What a feed keeps is counted for each package, by number and age'),
  R215: {
    title: 'The connection of a registry is a Secret of the organisation',
    places: [schema('`connectionSecret` of ArtifactRegistry is the bare name of a Secret')],
  },
  R216: later('Snapshots leave Secrets and ConfigMaps out'),
  R217: later('Snapshots keep apart what is stored apart'),
  R218: later('What an entry of the audit log holds'),
  R219: later('Writing takes a sign-in, and reading is judged too'),
  R220: later('Every change is shown before it is made, and pages follow by themselves'),
  R221: {
    title: 'A stack uses an MCP server only where the server admits it',
    places: [condition('McpHealthy', 'McpServerNotAdmitted')],
    partly: 'the repositories of a server are not compared, since nothing is dispatched',
  },
  R222: {
    title: 'Untrusted work goes to untrusted runner pools only',
    partly: 'work for another pool is refused; nothing is sent to pools yet',
  },
  R223: later('A draft that needs an approval is not launched before it'),
  R224: later('Logs and artifacts of providers are fetched when they are looked at'),
  R225: later('A write to a provider is admitted, noted, approved, then done'),
  R226: {
    title: 'The kinds of external backends have their required fields, within limits',
    places: [
      schema(
        'required fields of ExternalBackendProvider, ExternalBackendBinding, ExternalBackendSyncPolicy and ExternalProviderCapabilityManifest',
      ),
      schema('required fields of the six kinds of activity of external backends'),
    ],
  },
  R227: {
    title: 'The other kinds have their required fields',
    places: [
      schema('required fields of Organization, OrgNamespaceBinding, View, Issue and PullRequest'),
    ],
    partly: 'kinds of agents at work are not served yet',
  },
}
