import fc from 'fast-check'
import t from 'tap'
import { LineSplitter } from '#src/lib/line-splitter.ts'

const split = (chunks: readonly Buffer[], longest?: number) => {
  const splitter = new LineSplitter(longest)
  const lines: string[] = []
  for (const chunk of chunks) splitter.push(chunk, line => lines.push(line))
  return lines
}

// The same cases every time: a build must not fail by luck.
fc.configureGlobal({ seed: 20261121 })

t.test('gives out the lines of a stream, however it is cut', async () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme' }).filter(line => !line.includes('\n'))),
      fc.array(fc.nat({ max: 400 })),
      (lines, cuts) => {
        const stream = Buffer.from(lines.map(line => `${line}\n`).join(''))
        const at = cuts.map(cut => cut % (stream.length + 1)).toSorted((a, b) => a - b)
        const chunks = [0, ...at].map((from, index) => stream.subarray(from, at[index]))
        const want = lines.filter(line => line !== '')
        return JSON.stringify(split(chunks)) === JSON.stringify(want)
      },
    ),
  )
})

t.test('keeps back what may be half a line', async t => {
  t.strictSame(split([Buffer.from('{"a":1}\n{"b"')]), ['{"a":1}'])
})

t.test('takes lines of several megabytes', async t => {
  const line = '東京'.repeat(1_000_000)
  const stream = Buffer.from(`${line}\n`)
  const chunks = Array.from({ length: Math.ceil(stream.length / 65_537) }, (_, index) =>
    stream.subarray(index * 65_537, (index + 1) * 65_537),
  )
  t.ok(split(chunks)[0] === line)
})

t.test('gives up on a line without end', async t => {
  t.throws(() => split([Buffer.from('12345'), Buffer.from('678901')], 10), {
    code: 'MalformedAnswer',
  })
  t.strictSame(split([Buffer.from('12345'), Buffer.from('67890\n')], 10), ['1234567890'])
})
