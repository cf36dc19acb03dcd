import type { Area } from '../scenario.ts'
import { catalogue } from './catalogue.ts'
import { discovery } from './discovery.ts'
import { exceptions } from './exceptions.ts'
import { modes } from './modes.ts'
import { template } from './objects.ts'

export const policy: Area = {
  name: 'policy',
  organizations: 1,
  people: { ada: 'admin', bea: 'admin' },
  prepare: on => on.comes(['create', '-f', '-'], { as: on.person('ada'), input: template }),
  scenarios: [discovery, modes, exceptions, catalogue],
}
