import { activity } from '../runner/objects.ts'

/** A run that somebody asks for. */
export const dispatchRun = (name: string, agentStack = 'worker') =>
  activity('AgentDispatchRun', name, {
    repository: 'app',
    ref: 'refs/heads/main',
    sourceRefs: { pipeline: 'nightly-7' },
    agentStack,
    taskKind: 'diagnose',
    task: 'Find out why the nightly build fails.',
  })
