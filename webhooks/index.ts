import deciderIsAnother from './agentapproval/decider-is-another.ts'
import poolAdmitsIt from './agentdispatchrun/pool-admits-it.ts'
import stackIsReady from './agentdispatchrun/stack-is-ready.ts'
import workspaceIsItsOwn from './agentdispatchrun/workspace-is-its-own.ts'
import targetIsAllowed from './kradleartifact/target-is-allowed.ts'
import requesterIsFilledIn from './requested/requester-is-filled-in.ts'
import requesterIsTheCaller from './requested/requester-is-the-caller.ts'
import configMapExists from './agentconfiggrant/configmap-exists.ts'
import keysAreNotSensitive from './agentconfiggrant/keys-are-not-sensitive.ts'
import roleIsHeld from './agentrolebinding/role-is-held.ts'
import secretExists from './agentsecretgrant/secret-exists.ts'
import accountIsFree from './agentserviceaccount/account-is-free.ts'
import approvalModeIsSafe from './agentstack/approval-mode-is-safe.ts'
import mcpServersAdmitIt from './agentstack/mcp-servers-admit-it.ts'
import labelsAdmitSources from './agenttriggerrule/labels-admit-sources.ts'
import interfacesAreSupported from './externalbackendbinding/interfaces-are-supported.ts'
import typeIsKnown from './externalbackendprovider/type-is-known.ts'
import webhookIsVerified from './externalbackendprovider/webhook-is-verified.ts'
import subjectIsUnique from './identitymapping/subject-is-unique.ts'
import acceptanceIsInTime from './invite/acceptance-is-in-time.ts'
import runtimeSupportsFormat from './kradleinferenceservice/runtime-supports-format.ts'
import deletionIsNoticed from './org-scoped/deletion-is-noticed.ts'
import nameIsNormalised from './org-scoped/name-is-normalised.ts'
import namespaceIsBound from './org-scoped/namespace-is-bound.ts'
import objectIsSmall from './org-scoped/object-is-small.ts'
import organizationIsFilledIn from './org-scoped/organization-is-filled-in.ts'
import referencesExist from './org-scoped/references-exist.ts'
import deletionIsConfirmed from './organization/deletion-is-confirmed.ts'
import deletionIsRepaired from './orgnamespacebinding/deletion-is-repaired.ts'
import organizationExists from './orgnamespacebinding/organization-exists.ts'
import namespaceIsThePlatforms from './platform-scoped/namespace-is-the-platforms.ts'
import accountLimitsHold from './pod/account-limits-hold.ts'
import debuggingIsPermitted from './pod/debugging-is-permitted.ts'
import keysAreGranted from './pod/keys-are-granted.ts'
import untrustedIsContained from './pod/untrusted-is-contained.ts'
import writerMayUseTheAccount from './stack-part/writer-may-use-the-account.ts'

/** Everything that may refuse a write; the key is the file, and its name in messages, metrics and docs. */
export const rules = {
  'agentapproval/decider-is-another': deciderIsAnother,
  'agentdispatchrun/pool-admits-it': poolAdmitsIt,
  'agentdispatchrun/stack-is-ready': stackIsReady,
  'agentdispatchrun/workspace-is-its-own': workspaceIsItsOwn,
  'kradleartifact/target-is-allowed': targetIsAllowed,
  'requested/requester-is-the-caller': requesterIsTheCaller,
  'agentconfiggrant/configmap-exists': configMapExists,
  'agentconfiggrant/keys-are-not-sensitive': keysAreNotSensitive,
  'agentrolebinding/role-is-held': roleIsHeld,
  'agentsecretgrant/secret-exists': secretExists,
  'agentserviceaccount/account-is-free': accountIsFree,
  'agentstack/approval-mode-is-safe': approvalModeIsSafe,
  'agentstack/mcp-servers-admit-it': mcpServersAdmitIt,
  'agenttriggerrule/labels-admit-sources': labelsAdmitSources,
  'externalbackendbinding/interfaces-are-supported': interfacesAreSupported,
  'externalbackendprovider/type-is-known': typeIsKnown,
  'externalbackendprovider/webhook-is-verified': webhookIsVerified,
  'identitymapping/subject-is-unique': subjectIsUnique,
  'invite/acceptance-is-in-time': acceptanceIsInTime,
  'kradleinferenceservice/runtime-supports-format': runtimeSupportsFormat,
  'org-scoped/deletion-is-noticed': deletionIsNoticed,
  'org-scoped/name-is-normalised': nameIsNormalised,
  'org-scoped/namespace-is-bound': namespaceIsBound,
  'org-scoped/object-is-small': objectIsSmall,
  'org-scoped/references-exist': referencesExist,
  'organization/deletion-is-confirmed': deletionIsConfirmed,
  'orgnamespacebinding/deletion-is-repaired': deletionIsRepaired,
  'orgnamespacebinding/organization-exists': organizationExists,
  'platform-scoped/namespace-is-the-platforms': namespaceIsThePlatforms,
  'pod/account-limits-hold': accountLimitsHold,
  'pod/debugging-is-permitted': debuggingIsPermitted,
  'pod/keys-are-granted': keysAreGranted,
  'pod/untrusted-is-contained': untrustedIsContained,
  'stack-part/writer-may-use-the-account': writerMayUseTheAccount,
} as const

/** Everything that may fill in a field. */
export const mutations = {
  'requested/requester-is-filled-in': requesterIsFilledIn,
  'org-scoped/organization-is-filled-in': organizationIsFilledIn,
} as const
