import type { PolicyType } from '../names.ts'

/** How a function is called: `f(x)` or `x.f()`. */
export type Shape = 'function' | 'method'

/** How many arguments it takes in each shape that it has; what it is called on is not counted. */
export type Arguments = Readonly<Partial<Record<Shape, readonly number[] | 'any'>>>

/**
 * Every function that an expression of a namespaced policy of Kyverno 1.19 can call: those of CEL and its extensions, of
 * Kubernetes, and Kyverno's own, with how many arguments it takes. `test/unit/src/policy/cel/functions.test.ts` says how the
 * lists were taken from Kyverno's compilers.
 */
const FUNCTIONS = `
  bool/1 bytes/1 double/1 duration/1 dyn/1 int/1 string/1 timestamp/1 type/1 uint/1 size/1 matches/2
  base64.decode/1 base64.encode/1 json.encode/1 lists.range/1 strings.quote/1
  math.abs/1 math.bitAnd/2 math.bitNot/1 math.bitOr/2 math.bitShiftLeft/2 math.bitShiftRight/2 math.bitXor/2 math.ceil/1
  math.floor/1 math.greatest/any math.isFinite/1 math.isInf/1 math.isNaN/1 math.least/any math.round/1,2 math.sign/1
  math.sqrt/1 math.trunc/1
  optional.none/0 optional.of/1 optional.ofNonZeroValue/1 optional.unwrap/1
  regex.extract/2 regex.extractAll/2 regex.replace/3,4
  sets.contains/2 sets.equivalent/2 sets.intersects/2
  cidr/1 isCIDR/1 ip/1 ip.isCanonical/1 isIP/1 isURL/1 url/1 quantity/1 isQuantity/1 sign/1 semver/1,2 isSemver/1,2
  format.byte/0 format.date/0 format.datetime/0 format.dns1035Label/0 format.dns1035LabelPrefix/0 format.dns1123Label/0
  format.dns1123LabelPrefix/0 format.dns1123Subdomain/0 format.dns1123SubdomainPrefix/0 format.labelValue/0
  format.named/1 format.qualifiedName/0 format.uri/0 format.uuid/0
  gzip.compress/1 gzip.decompress/1 hash.md5/1 hash.sha1/1 hash.sha256/1 md5/1 sha1/1 sha256/1
  image/1 isImage/1 parseImageReference/1 listObjToMap/4 transform.listObjToMap/4 random/0,1 random.random/0,1
  time.now/0 time.toCron/1 time.truncate/2
  parseServiceAccount/1 user.parseServiceAccount/1 x509.decode/1 jsonpatch.escapeKey/1
  extractPayload/2 getImageData/1 verifyAttestationSignatures/3 verifyImageSignatures/2`

const METHODS = `
  charAt/1 contains/1 endsWith/1 format/1 indexOf/1,2 join/0,1 lastIndexOf/1,2 lowerAscii/0 matches/1 replace/2,3 reverse/0
  size/0 split/1,2 startsWith/1 substring/1,2 trim/0 upperAscii/0 find/1 findAll/1,2
  distinct/0 first/0 flatten/0,1 isSorted/0 last/0 max/0 min/0 slice/2 sort/0 sum/0
  getDate/0,1 getDayOfMonth/0,1 getDayOfWeek/0,1 getDayOfYear/0,1 getFullYear/0,1 getHours/0,1 getMilliseconds/0,1
  getMinutes/0,1 getMonth/0,1 getSeconds/0,1
  hasValue/0 or/1 orValue/1 unwrapOpt/0 value/0
  add/1 asApproximateFloat/0 asInteger/0 compareTo/1 isGreaterThan/1 isInteger/0 isLessThan/1 sub/1
  containsCIDR/1 containsIP/1 family/0 ip/0 isGlobalUnicast/0 isLinkLocalMulticast/0 isLinkLocalUnicast/0 isLoopback/0
  isUnspecified/0 masked/0 prefixLength/0
  getEscapedPath/0 getHost/0 getHostname/0 getPort/0 getQuery/0 getScheme/0 major/0 minor/0 patch/0 validate/1
  containsDigest/0 digest/0 identifier/0 identifierWithSeparator/0 registry/0 repository/0 tag/0
  marshal/1 parse/1 unmarshal/1
  Apply/1 apply/1 Client/1 client/1 Get/1,2,3 get/1,2,3 GetMetadata/1 getMetadata/1 List/1,2,3 list/1,2,3 Post/2,3 post/2,3
  ToGVR/2 toGVR/2`

/** What is there in policies of some types alone. */
const ONLY_IN: Readonly<Record<string, readonly PolicyType[]>> = {
  apply: ['Generating'],
  Apply: ['Generating'],
  extractPayload: ['ImageValidating'],
  getImageData: ['ImageValidating'],
  verifyAttestationSignatures: ['ImageValidating'],
  verifyImageSignatures: ['ImageValidating'],
  'jsonpatch.escapeKey': ['Mutating'],
  parseServiceAccount: ['Validating', 'Mutating', 'ImageValidating'],
  'user.parseServiceAccount': ['Validating', 'Mutating', 'ImageValidating'],
  'x509.decode': ['Validating', 'Mutating', 'Generating', 'Deleting'],
}

const known: ReadonlyMap<string, Arguments> = (() => {
  const table = new Map<string, Arguments>()
  for (const [shape, list] of [
    ['function', FUNCTIONS],
    ['method', METHODS],
  ] as const)
    for (const entry of list.trim().split(/\s+/)) {
      const [name, counts] = entry.split('/') as [string, string]
      const takes = counts === 'any' ? counts : counts.split(',').map(Number)
      table.set(name, { ...table.get(name), [shape]: takes })
    }
  return table
})()

/** What a function takes in policies of a type; undefined where there is none of that name. */
export const argumentsOf = (name: string, type: PolicyType): Arguments | undefined =>
  ONLY_IN[name]?.includes(type) === false ? undefined : known.get(name)
