type Json = Record<string, unknown>

/** One write, as both sides get it. */
export interface Write {
  readonly operation?: 'CREATE' | 'UPDATE' | 'DELETE'
  readonly subresource?: 'status'
  readonly spec?: Json
  readonly oldSpec?: Json
  readonly status?: Json
  readonly labels?: Record<string, string>
  readonly namespace?: string
  /** jane, who may do nothing but write things; the admin unless told otherwise. */
  readonly asJane?: true
  readonly dryRun?: true
  readonly name?: string
}

export interface PolicyCase {
  readonly policy: Json
  /** One with Deny unless told otherwise. */
  readonly bindings?: readonly Json[]
  /** Of the one rule. */
  readonly operations?: readonly string[]
  readonly resources?: readonly string[]
  readonly rule?: Json
  readonly constraints?: Json
  readonly writes: readonly Write[]
}

const deny = (expression: string, more: Json = {}): Json => ({
  validations: [{ expression, ...more }],
})

const few: Write = { spec: { replicas: 1 } }
const many: Write = { spec: { replicas: 9, name: 'x' } }

/** Policies by name, each asked about nothing but writes with the label `case: <name>`. */
export const policyCases: Readonly<Record<string, PolicyCase>> = {
  plain: { policy: deny('object.spec.replicas <= 5'), writes: [few, many] },
  message: { policy: deny('object.spec.replicas <= 5', { message: ' too many ' }), writes: [many] },
  'message-expression': {
    policy: {
      variables: [
        { name: 'most', expression: '5' },
        { name: 'over', expression: 'object.spec.replicas - variables.most' },
      ],
      ...deny('variables.over <= 0', {
        messageExpression:
          "'by ' + string(variables.over) + ' more than ' + string(variables.most)",
      }),
    },
    writes: [few, many],
  },
  'message-expression-fails': {
    policy: deny('false', { message: 'plain', messageExpression: "object.spec.nope + 'x'" }),
    writes: [few],
  },
  'message-expression-lines': {
    policy: deny('false', { messageExpression: "'one' + '\\n' + 'two'" }),
    writes: [few],
  },
  'message-no-authorizer': {
    policy: {
      variables: [
        {
          name: 'may',
          expression: "authorizer.group('').resource('secrets').check('get').allowed()",
        },
      ],
      ...deny('false', { message: 'plain', messageExpression: "'may ' + string(variables.may)" }),
    },
    writes: [few],
  },
  'reason-forbidden': { policy: deny('false', { reason: 'Forbidden' }), writes: [few] },
  'reason-large': { policy: deny('false', { reason: 'RequestEntityTooLarge' }), writes: [few] },
  conditions: {
    policy: {
      matchConditions: [
        { name: 'is-big', expression: 'object.spec.replicas > 5' },
        { name: 'is-named', expression: "has(object.spec.name) && object.spec.name == 'x'" },
      ],
      ...deny('false'),
    },
    writes: [few, many, { spec: { replicas: 9 } }],
  },
  'conditions-fail': {
    policy: {
      matchConditions: [
        { name: 'fails', expression: 'object.spec.nope > 5' },
        { name: 'fails-too', expression: "object.spec.neither == 'x'" },
      ],
      ...deny('true'),
    },
    writes: [few],
  },
  'conditions-fail-but-one-is-false': {
    policy: {
      matchConditions: [
        { name: 'fails', expression: 'object.spec.nope > 5' },
        { name: 'is-false', expression: 'object.spec.replicas > 5' },
      ],
      ...deny('false'),
    },
    writes: [few, many],
  },
  'conditions-fail-ignored': {
    policy: {
      failurePolicy: 'Ignore',
      matchConditions: [{ name: 'fails', expression: 'object.spec.nope > 5' }],
      ...deny('false'),
    },
    writes: [few],
  },
  'missing-field': { policy: deny('object.spec.nope == 1'), writes: [few] },
  'missing-field-ignored': {
    policy: { failurePolicy: 'Ignore', ...deny('object.spec.nope == 1') },
    writes: [few],
  },
  'wrong-type': {
    policy: deny("object.spec.replicas + object.spec.name == 'x'"),
    writes: [many],
  },
  'wrong-order': { policy: deny('object.spec.name < object.spec.replicas'), writes: [many] },
  'out-of-bounds': {
    policy: deny('object.spec.list[5] == 1'),
    writes: [{ spec: { list: [1, 2] } }],
  },
  'by-zero': { policy: deny('10 / object.spec.zero == 1'), writes: [{ spec: { zero: 0 } }] },
  'variable-fails': {
    policy: {
      variables: [{ name: 'broken', expression: 'object.spec.nope.deeper' }],
      validations: [
        { expression: "object.spec.replicas < 5 || variables.broken == 'x'" },
        { expression: "object.spec.replicas > 5 || variables.broken == 'x'" },
      ],
    },
    writes: [few, many],
  },
  namespace: {
    policy: deny(
      "namespaceObject.metadata.labels['team'] == 'red' && namespaceObject.status.phase == 'Active'",
      { messageExpression: "'namespace is ' + namespaceObject.metadata.name" },
    ),
    writes: [few, { ...few, namespace: 'blue' }],
  },
  'namespace-selector': {
    policy: deny('false'),
    constraints: { namespaceSelector: { matchLabels: { team: 'blue' } } },
    writes: [few, { ...few, namespace: 'blue' }],
  },
  'object-selector': {
    policy: deny('false'),
    constraints: {
      objectSelector: {
        matchLabels: { case: 'object-selector' },
        matchExpressions: [
          { key: 'tier', operator: 'NotIn', values: ['low'] },
          { key: 'exempt', operator: 'DoesNotExist' },
        ],
      },
    },
    writes: [
      few,
      { ...few, labels: { tier: 'low' } },
      { ...few, labels: { tier: 'high' } },
      { ...few, labels: { exempt: 'yes' } },
    ],
  },
  excluded: {
    policy: deny('false'),
    constraints: {
      excludeResourceRules: [
        {
          apiGroups: ['shadow.example.com'],
          apiVersions: ['*'],
          operations: ['*'],
          resources: ['*'],
          resourceNames: ['let-through'],
        },
      ],
    },
    writes: [few, { ...few, name: 'let-through' }],
  },
  'by-name': {
    policy: deny('false'),
    rule: { resourceNames: ['the-one'] },
    writes: [few, { ...few, name: 'the-one' }],
  },
  'cluster-scope': { policy: deny('false'), rule: { scope: 'Cluster' }, writes: [few] },
  'namespaced-scope': { policy: deny('false'), rule: { scope: 'Namespaced' }, writes: [few] },
  'other-group': { policy: deny('false'), rule: { apiGroups: ['apps'] }, writes: [few] },
  'binding-selects': {
    policy: deny('false'),
    bindings: [
      {
        validationActions: ['Deny'],
        matchResources: { namespaceSelector: { matchLabels: { team: 'blue' } } },
      },
    ],
    writes: [few, { ...few, namespace: 'blue' }],
  },
  warns: {
    policy: {
      validations: [
        { expression: 'false', message: 'first' },
        { expression: 'object.spec.nope == 1' },
      ],
    },
    bindings: [{ validationActions: ['Warn', 'Audit'] }],
    writes: [few],
  },
  audits: { policy: deny('false'), bindings: [{ validationActions: ['Audit'] }], writes: [few] },
  'denies-and-audits': {
    policy: deny('false'),
    bindings: [{ validationActions: ['Deny', 'Audit'] }],
    writes: [few],
  },
  several: {
    policy: {
      validations: [
        { expression: 'true', message: 'never' },
        { expression: 'false', message: 'first', reason: 'Forbidden' },
        { expression: 'false', message: 'second' },
      ],
    },
    writes: [few],
  },
  updates: {
    operations: ['UPDATE'],
    policy: deny('object.spec.replicas >= oldObject.spec.replicas', {
      messageExpression:
        "'from ' + string(oldObject.spec.replicas) + ' down to ' + string(object.spec.replicas)",
    }),
    writes: [
      few,
      { operation: 'UPDATE', oldSpec: { replicas: 3 }, spec: { replicas: 4 } },
      { operation: 'UPDATE', oldSpec: { replicas: 3 }, spec: { replicas: 2 } },
    ],
  },
  'no-old-object': { policy: deny('oldObject.spec.replicas == 1'), writes: [few] },
  'is-null': {
    policy: deny('oldObject == null && object != null'),
    writes: [few],
  },
  status: {
    operations: ['UPDATE'],
    resources: ['things/status'],
    policy: deny("object.status.phase != 'Broken'", {
      messageExpression: "request.subResource + ' is ' + object.status.phase",
    }),
    writes: [
      { operation: 'UPDATE', spec: { replicas: 9 } },
      { operation: 'UPDATE', subresource: 'status', status: { phase: 'Fine' } },
      { operation: 'UPDATE', subresource: 'status', status: { phase: 'Broken' } },
    ],
  },
  'all-subresources': {
    operations: ['*'],
    resources: ['things/*'],
    policy: deny("request.?subResource.orValue('') != 'status'"),
    writes: [few, { operation: 'UPDATE', subresource: 'status', status: { phase: 'Fine' } }],
  },
  deletes: {
    operations: ['DELETE'],
    policy: deny('object == null && oldObject.spec.replicas < 5', {
      messageExpression: "request.operation + ' of ' + oldObject.metadata.namespace",
    }),
    writes: [
      { operation: 'DELETE', spec: { replicas: 1 } },
      { operation: 'DELETE', spec: { replicas: 9 } },
    ],
  },
  authorizer: {
    policy: {
      validations: [
        {
          expression:
            "authorizer.group('').resource('secrets').namespace('red').name('s').check('get').allowed()",
          message: 'may not read the secret',
        },
      ],
    },
    writes: [few, { ...few, asJane: true }],
  },
  'authorizer-names': {
    policy: {
      variables: [
        {
          name: 'denied',
          expression:
            "object.spec.names.filter(n, !authorizer.group('shadow.example.com').resource('things').subresource(n).check('create').allowed())",
        },
      ],
      ...deny('size(variables.denied) == 0', {
        message: 'not all may be created',
      }),
    },
    writes: [
      { spec: { names: ['a', 'b'] }, asJane: true },
      { spec: { names: [] }, asJane: true },
      { spec: { names: ['a'] } },
    ],
  },
  'authorizer-request': {
    policy: {
      validations: [
        { expression: "authorizer.requestResource.check('create').allowed()", message: 'create' },
        { expression: "authorizer.requestResource.check('fly').allowed()", message: 'fly' },
      ],
    },
    writes: [few, { ...few, asJane: true }],
  },
  'authorizer-path': {
    policy: deny(
      "authorizer.path('/metrics').check('get').allowed() && !authorizer.path('/version').check('get').errored()",
      { message: 'no metrics' },
    ),
    writes: [few, { ...few, asJane: true }],
  },
  'authorizer-account': {
    policy: deny(
      "authorizer.serviceAccount('red', 'default').group('').resource('pods').check('list').allowed()",
      { message: 'the account may not' },
    ),
    writes: [few],
  },
  'authorizer-wrong-account': {
    policy: deny(
      "authorizer.serviceAccount('red', object.spec.name).group('').resource('pods').check('list').allowed()",
    ),
    writes: [{ spec: { name: 'Not A Name' } }],
  },
  'authorizer-selector': {
    policy: deny(
      "authorizer.group('').resource('pods').labelSelector('app=x').fieldSelector('spec.nodeName=y').check('list').allowed()",
    ),
    writes: [few, { ...few, asJane: true }],
  },
  'authorizer-reason': {
    policy: deny(
      "authorizer.group('shadow.example.com').resource('things').check('create').reason().contains('writes-things') && authorizer.group('').resource('pods').check('list').reason() == ''",
    ),
    writes: [{ ...few, asJane: true }],
  },
  'authorizer-in-condition': {
    policy: {
      matchConditions: [
        {
          name: 'may-not-list',
          expression: "!authorizer.group('').resource('pods').check('list').allowed()",
        },
      ],
      ...deny('false'),
    },
    writes: [few, { ...few, asJane: true }],
  },
  'who-asks': {
    policy: deny(
      "request.userInfo.username != 'jane' || (request.userInfo.groups.exists(g, g == 'devs') && 'team' in request.userInfo.extra && has(request.userInfo.extra.team) && request.userInfo.extra.team[0] == 'red' && object.spec.replicas > 5)",
    ),
    writes: [few, { ...few, asJane: true }, { ...many, asJane: true }],
  },
  request: {
    operations: ['CREATE', 'UPDATE', 'DELETE'],
    policy: deny(
      "!has(request.subResource) && request.kind.kind == 'Thing' && request.requestKind == request.kind && request.resource.resource == 'things' && request.requestResource.group == 'shadow.example.com' && request.namespace == 'red' && request.name.startsWith('request') && request.options.kind.endsWith('Options') && request.dryRun == (object.spec.dry)",
    ),
    writes: [
      { spec: { dry: false } },
      { spec: { dry: true } },
      { spec: { dry: true }, dryRun: true },
      { spec: { dry: false }, dryRun: true },
      { operation: 'UPDATE', oldSpec: {}, spec: { dry: false } },
    ],
  },
  optionals: {
    policy: {
      variables: [
        {
          name: 'image',
          expression: "object.?spec.?template.containers[?0].image.orValue('none')",
        },
        { name: 'keys', expression: "{?'a': object.spec.?a, 'b': dyn('b')}" },
        { name: 'items', expression: '[?object.spec.?a, ?object.spec.?b]' },
      ],
      ...deny(
        "variables.image == 'ok' && size(variables.keys) == 2 && size(variables.items) == 1 && object.spec.?a.optMap(a, a + '!').orValue('') == 'x!' && object.spec.?zz == optional.none() && object.spec.?a != object.spec.?b && object.spec.?a.hasValue() && object.?spec.or(optional.of({})).hasValue() && object.metadata[?'labels'][?'case'].value() == 'optionals'",
        { messageExpression: "variables.image + ' ' + string(size(variables.items))" },
      ),
    },
    writes: [
      { spec: { a: 'x', template: { containers: [{ image: 'ok' }] } } },
      { spec: { a: 'x', template: { containers: [] } } },
      { spec: {} },
    ],
  },
  'no-value': { policy: deny("object.spec.?nope.value() == 'x'"), writes: [few] },
  'two-variables': {
    policy: deny(
      "object.spec.map.all(k, v, k != v) && object.spec.list.exists(i, v, i == v) && object.spec.map.transformMap(k, v, v + '!') == {'a': 'b!'} && object.spec.map.transformList(k, v, k + v) == ['ab'] && object.spec.map.transformMapEntry(k, v, {v: k}) == {'b': 'a'} && object.spec.list.transformList(i, v, v > 1, i) == [0] && object.spec.list.existsOne(i, v, v == 7)",
    ),
    writes: [
      { spec: { map: { a: 'b' }, list: [7, 1] } },
      { spec: { map: { a: 'a' }, list: [7, 1] } },
      { spec: { map: { a: 'b' }, list: [7, 7] } },
    ],
  },
  libraries: {
    policy: deny(
      "object.spec.name.find('[0-9]+') == '12' && object.spec.name.findAll('[0-9]') == ['1', '2', '3'] && object.spec.name.findAll('[0-9]', 1) == ['1'] && object.spec.list.isSorted() && object.spec.list.sum() == 6 && object.spec.list.min() == 1 && object.spec.list.max() == 3 && object.spec.list.indexOf(2) == 1 && object.spec.list.lastIndexOf(9) == -1 && quantity(object.spec.cpu).isLessThan(quantity('1')) && quantity('1.5Gi').compareTo(quantity('1536Mi')) == 0 && isQuantity('1k') && !isQuantity('x') && quantity('1500m').add(quantity('500m')).compareTo(quantity('2')) == 0 && !quantity('1000m').isInteger() && quantity('1k').add(1).sub(quantity('1')).asInteger() == 1000 && !quantity('1.5Ki').isInteger() && quantity('1Ki').isInteger() && !quantity('1000m').add(1).isInteger() && sets.contains(object.spec.list, [3]) && sets.intersects([1], [1, 2]) && sets.equivalent([1, 1], [1]) && object.spec.name.matches('^a') && 'a,b'.split(',').join('-') == 'a-b' && ['b', 'a'].sort() == ['a', 'b'] && [1, 2, 3].slice(1, 2) == [2] && [1, 1].distinct() == [1] && [[1], [2]].flatten() == [1, 2] && lists.range(2) == [0, 1] && [1, 2].reverse() == [2, 1] && '%s is %d'.format(['x', 1]) == 'x is 1' && type(object.spec.list) == list && int('7') == 7 && 1 < 1.5 && duration('1h') > duration('1s') && quantity('1') == quantity('1000m')",
    ),
    writes: [
      { spec: { name: 'a12b3', list: [1, 2, 3], cpu: '500m' } },
      { spec: { name: 'a12b3', list: [3, 2, 1], cpu: '500m' } },
      { spec: { name: 'a12b3', list: [1, 2, 3], cpu: '2' } },
      { spec: { name: 'a12b3', list: [1, 2, 3], cpu: 'nonsense' } },
    ],
  },
  numbers: {
    policy: deny(
      'object.spec.whole == 3 && object.spec.part == 1.5 && type(object.spec.whole) == int && type(object.spec.part) == double && object.spec.whole > object.spec.part',
    ),
    writes: [{ spec: { whole: 3, part: 1.5 } }, { spec: { whole: 3.5, part: 1.5 } }],
  },
  nulls: {
    policy: deny(
      "has(object.spec.nothing) && object.spec.nothing == null && 'nothing' in object.spec && object.spec.?nothing.hasValue()",
    ),
    writes: [{ spec: { nothing: null } }, { spec: {} }],
  },
  'field-names': {
    policy: deny(
      "object.metadata.namespace == 'red' && object.spec['a-b'] == 1 && object.spec.package == 2 && !has(object.spec.nope.deeper)",
    ),
    writes: [
      { spec: { 'a-b': 1, package: 2, nope: {} } },
      { spec: { 'a-b': 1, package: 2, nope: 'x' } },
    ],
  },
  absorbed: {
    policy: deny('object.spec.nope == 1 || object.spec.replicas < 5'),
    writes: [few, many],
  },
  annotation: {
    policy: {
      auditAnnotations: [
        { key: 'who', valueExpression: "'replicas ' + string(object.spec.replicas)" },
      ],
      ...deny('true'),
    },
    writes: [few],
  },
  'annotation-fails': {
    policy: {
      auditAnnotations: [{ key: 'who', valueExpression: "'x' + object.spec.nope" }],
    },
    bindings: [{ validationActions: ['Audit'] }],
    writes: [few],
  },
}
