/** torch.save and torch.load: PyTorch's own files are read, and PyTorch has read ours (scripts/oracle/torch_files.py). */

import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { NumgradError } from '../../src/core/errors.ts'
import { readZip, writeZip } from '../../src/io/zip.ts'
import * as torch from '../../src/torch/index.ts'
import { samples, told } from './serialization_samples.ts'

interface Row {
  readonly name: string
  readonly file: string
  readonly value?: unknown
  readonly refused?: string
}
const fixture: { theirs: Row[]; ours: Record<string, string> } = JSON.parse(
  gunzipSync(readFileSync(new URL('../fixtures/torch_files.json.gz', import.meta.url))).toString(),
)
const bytesOf = (row: Row): Uint8Array => new Uint8Array(Buffer.from(row.file, 'base64'))
const file = (name: string): Uint8Array => bytesOf(fixture.theirs.find((row) => row.name === name)!)
const told2 = (x: unknown): unknown => JSON.parse(JSON.stringify(told(x)))
/** Floats as numbers: they come as text from here, and as numbers from Python where they are finite. */
const floats = (x: unknown): unknown =>
  JSON.parse(JSON.stringify(x), (key, value) =>
    key === 'float' && typeof value === 'string' ? (Number.isFinite(Number(value)) ? Number(value) : value) : value,
  )

const folder = mkdtempSync(join(tmpdir(), 'numgrad-pt-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('a file of PyTorch', () => {
  for (const row of fixture.theirs) {
    if (row.refused !== undefined) {
      test(`that holds what is not safe or not known is refused by name: ${row.name}`, () => {
        expect(() => torch.load(bytesOf(row))).toThrow(row.refused)
        expect(() => torch.load(bytesOf(row))).toThrow(NumgradError)
      })
    } else {
      test(`is read: ${row.name}`, () => {
        expect(floats(told2(torch.load(bytesOf(row))))).toEqual(floats(row.value))
      })
    }
  }

  test('gives a module and an optimizer the state that they had there', () => {
    const saved = torch.load(file('model'))
    class Net extends torch.nn.Module {
      features = new torch.nn.Sequential(new torch.nn.Linear(4, 6), new torch.nn.LayerNorm(6), new torch.nn.GELU())
      norm = new torch.nn.BatchNorm1d(6)
      head = new torch.nn.Linear(6, 3, { bias: false })
      override forward(x: torch.Tensor) {
        return this.head(this.norm(this.features(x)))
      }
    }
    const net = new Net()
    expect(String(net.load_state_dict(saved.model))).toBe('<All keys matched successfully>')
    net.eval()
    expect(torch.allclose(net(saved.x), saved.y, 1e-6, 1e-6)).toBe(true)
    const optimizer = new torch.optim.AdamW(net.parameters(), { lr: 1 })
    optimizer.load_state_dict(saved.optimizer)
    expect(optimizer.param_groups[0]!.lr).toBe(0.01)
    expect(optimizer.state.size).toBe([...net.parameters()].length)
    const [state] = optimizer.state.values()
    expect(state!.step.item()).toBe(3)
    expect(told2(state!.exp_avg)).toMatchObject({ tensor: 'torch.float32', shape: [6, 4] })
  })

  test('makes tensors that share memory share it here', () => {
    const { base, row, turned } = torch.load(file('shared'))
    row.fill_(7)
    expect(base.tolist()[1]).toEqual([7, 7, 7, 7])
    expect(turned.tolist()[2]).toEqual([2, 7, 10])
    expect(row.data_ptr() - base.data_ptr()).toBe(16)
  })

  test('does not reach the prototype of objects', () => {
    const value = torch.load(file('plain'))
    expect(Object.getPrototypeOf(value)).toBe(null)
    expect(Object.keys(value)).toContain('__proto__')
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  test('needs map_location when it was saved from another device', () => {
    const cuda = torch.load(file('empty'), { map_location: { 'cuda:0': 'cpu' } })
    expect(cuda.length).toBe(3)
    const other = elsewhere('cuda:0')
    expect(() => torch.load(other)).toThrow('Attempting to deserialize object on a CUDA device')
    for (const map of ['cpu', new torch.device('cpu'), { map_location: 'cpu' }, { 'cuda:0': 'cpu' }] as const)
      expect(torch.load(other, map).tolist()).toEqual([1, 2])
    expect(() => torch.load(other, { 'cuda:0': 'webgpu' })).toThrow("map_location 'webgpu' is not supported")
  })
})

/** A file of a tensor with another location. */
function elsewhere(location: string): Uint8Array {
  const text = Buffer.from(entry(torch.save(torch.tensor([1, 2])), 'data.pkl')).toString('latin1')
  const length = Buffer.from([location.length, 0, 0, 0]).toString('latin1')
  const pickle = Buffer.from(text.replace('X\x03\0\0\0cpu', `X${length}${location}`), 'latin1')
  return rezipped(torch.save(torch.tensor([1, 2])), { 'data.pkl': pickle })
}

const entriesOf = (bytes: Uint8Array): [string, Uint8Array][] => readZip(bytes, 'test').map((e) => [e.name, e.read()])
const entry = (bytes: Uint8Array, name: string): Uint8Array => entriesOf(bytes).find(([n]) => n.endsWith(`/${name}`))![1]
const rezipped = (bytes: Uint8Array, changes: Record<string, Uint8Array>, compressed = false): Uint8Array =>
  writeZip(
    entriesOf(bytes).map(([name, data]) => [name, changes[name.slice(name.indexOf('/') + 1)] ?? data]),
    compressed,
    'test',
  )

describe('what is saved', () => {
  for (const [name, make] of Object.entries(samples)) {
    test(`is, byte for byte, the file that PyTorch has read: ${name}`, () => {
      const path = join(folder, `${name}.pt`)
      torch.save(make(), path)
      expect(createHash('sha256').update(readFileSync(path)).digest('hex')).toBe(fixture.ours[name])
    })
    test(`comes back: ${name}`, () => {
      const value = make()
      expect(told2(torch.load(torch.save(value)))).toEqual(told2(value))
    })
  }

  test('goes to a path or a URL, whole or not at all, and comes back from both', () => {
    const path = join(folder, 'one.pt')
    torch.save([1, torch.ones(2)], pathToFileURL(path))
    expect(torch.load(path)[1].tolist()).toEqual([1, 1])
    expect(torch.load(pathToFileURL(path))[0]).toBe(1)
    const before = readFileSync(path)
    expect(() => torch.save([() => {}], path)).toThrow('save(): a function cannot be saved')
    expect(readFileSync(path)).toEqual(before)
    expect(readdirSync(folder).filter((name) => name.includes('.tmp'))).toEqual([])
    writeFileSync(join(folder, 'not.pt'), 'hello')
    expect(() => torch.load(join(folder, 'not.pt'))).toThrow('not a zip archive')
    expect(() => torch.load(join(folder, 'none.pt'))).toThrow('ENOENT')
  })

  test('shares memory as before, in one storage', () => {
    const base = torch.zeros(1000)
    const bytes = torch.save({ base, part: base.narrow(0, 10, 5), again: base })
    expect(bytes.length).toBeLessThan(6000)
    const { part, base: loaded, again } = torch.load(bytes)
    expect(again).toBe(loaded)
    part.fill_(1)
    expect(loaded.sum().item()).toBe(5)
  })

  test('is plain data and tensors only; anything else is an error that says what', () => {
    class Mine {}
    const circular: unknown[] = [1]
    Object.freeze(circular)
    const inner: unknown[] = []
    const turn = Object.freeze([inner])
    inner.push(turn)
    const deep = Array.from({ length: 2000 }).reduce<unknown>((x) => [x], 0)
    const cases: [unknown, string][] = [
      [new Mine(), 'a Mine cannot be saved'],
      [undefined, 'undefined cannot be saved'],
      [Symbol('x'), 'cannot be saved'],
      [new Float32Array(2), 'a Float32Array cannot be saved'],
      [new Date(0), 'a Date cannot be saved'],
      [new torch.nn.Linear(1, 1), 'cannot be saved'],
      [turn, 'holds itself'],
      [deep, 'nested more than 1000 levels deep'],
      ['\ud800', 'not well-formed Unicode'],
    ]
    for (const [value, words] of cases) expect(() => torch.save(value)).toThrow(words)
    expect(() => torch.save(1, { pickle_protocol: 4 })).toThrow('pickle_protocol 4 is not supported')
    const t = torch.ones(2)
    expect(() => torch.save([t, t.view('int32' as never)])).toThrow()
  })
})

describe('a malformed file', () => {
  const pickle = (...bytes: (string | number)[]) =>
    rezipped(torch.save(1), {
      'data.pkl': Buffer.concat(bytes.map((b) => (typeof b === 'string' ? Buffer.from(b, 'latin1') : Buffer.from([b])))),
    })

  test('is refused with a reason', () => {
    const cases: [Uint8Array, string][] = [
      [pickle('\x80\x02cos\nsystem\n.'), "'os.system', which is not in the list of names that are safe to load"],
      [pickle('\x80\x02c__builtin__\neval\nX\x01\0\0\x001\x85R.'), "'__builtin__.eval'"],
      [pickle('\x80\x02cbuiltins\n__proto__\n.'), "'builtins.__proto__'"],
      [pickle('\x80\x02ctorch\nconstructor\n.'), "'torch.constructor'"],
      [pickle('\x80\x06N.'), 'pickle protocol 6 is not supported'],
      [pickle('\x80\x02(ios\nsystem\n.'), 'the opcode INST'],
      [pickle('\x80\x02\x82\x01.'), 'the opcode EXT1'],
      [pickle('\x80\x02X\xff\xff\xff\x7fabc.'), 'bytes are claimed where'],
      [pickle('\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\xff.'), 'bytes are claimed in a pickle of'],
      [pickle('\x80\x02h\x07.'), 'nothing is remembered under 7'],
      [pickle('\x80\x02.'), 'the stack is empty'],
      [pickle('\x80\x02(.'), 'it stops within a container'],
      [pickle('\x80\x02]'), 'bytes are claimed where 0 are left'],
      [pickle('\x80\x02K\x01)R.'), 'what is called is not a function'],
      [pickle('\x80\x02', ']'.repeat(1), '(', ']('.repeat(1500), 'e'.repeat(1501), '.'), 'nested more than 1000 levels deep'],
      [pickle('\x80\x02ctorch\nFloatStorage\n.'), 'the class or function torch.FloatStorage itself'],
      [
        rezipped(torch.save(torch.ones(4)), { 'data/0': new Uint8Array(8) }),
        'a storage claims 4 elements of 4 bytes where the file has 8 bytes',
      ],
      [rezipped(torch.save(1), { byteorder: Buffer.from('middle') }), 'unknown byte order'],
      [Buffer.from('\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.', 'latin1'), 'before version 1.6'],
      [writeZip([['a/b', new Uint8Array(1)]], false, ''), 'the archive has no data.pkl'],
      [writeZip([['a/constants.pkl', new Uint8Array(1)]], false, ''), 'TorchScript'],
      [torch.safetensors.save({ x: torch.ones(2) }), 'torch.safetensors.load_file'],
    ]
    for (const [bytes, words] of cases) expect(() => torch.load(bytes), words).toThrow(words)
    const gone = new ArrayBuffer(8)
    structuredClone(gone, { transfer: [gone] })
    expect(() => torch.load(gone)).toThrow('not a zip archive')
    for (const f of [null, 3, {}, undefined]) expect(() => torch.load(f as never)).toThrow('expected a path, a URL or bytes')
  })

  test('of a claimed shape beyond its storage is refused before anything is read', () => {
    const bytes = torch.save(torch.ones(4))
    const text = Buffer.from(entry(bytes, 'data.pkl')).toString('latin1')
    // the size (4,), then the stride (1,)
    for (const size of ['K\xff', 'J\xff\xff\xff\x7f', '\x8a\x08\0\0\0\0\0\0\0\x7f', 'J\xff\xff\xff\xff', 'G\x3f\xf0\0\0\0\0\0\x01', 'N']) {
      const changed = text.replace('K\x04\x85', `${size}\x85`)
      expect(changed).not.toBe(text)
      expect(() => torch.load(rezipped(bytes, { 'data.pkl': Buffer.from(changed, 'latin1') }))).toThrow(NumgradError)
    }
  })

  test('of a big-endian machine, or compressed, is read all the same', () => {
    const bytes = torch.save([torch.tensor([1, 258]), torch.tensor([true])])
    expect(torch.load(rezipped(bytes, {}, true))[0].tolist()).toEqual([1, 258])
    const swapped = Buffer.from(entry(bytes, 'data/0')).swap64()
    const big = rezipped(bytes, { byteorder: Buffer.from('big'), 'data/0': swapped })
    expect(torch.load(big)[0].tolist()).toEqual([1, 258])
  })

  test('is read or refused with an error of ours, whatever its bytes', () => {
    const files = fixture.theirs.filter((row) => row.name !== 'plain' && row.file.length < 20000).map(bytesOf)
    const pickles = files.filter((bytes) => bytes[0] === 0x50).map((bytes) => [bytes, entry(bytes, 'data.pkl')] as const)
    const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })
    const edits = fc.array(fc.tuple(place, fc.constantFrom('set', 'insert', 'cut', 'copy'), fc.nat(255), place), {
      minLength: 1,
      maxLength: 4,
    })
    let refused = 0
    fc.assert(
      fc.property(fc.constantFrom(...pickles), edits, (source, changes) => {
        let data = Buffer.from(source[1])
        for (const [p, kind, byte, q] of changes) {
          const at = Math.floor(p * data.length)
          if (kind === 'set') data[at] = byte
          else if (kind === 'insert') data = Buffer.concat([data.subarray(0, at), Buffer.from([byte]), data.subarray(at)])
          else if (kind === 'cut') data = Buffer.concat([data.subarray(0, at), data.subarray(at + Math.ceil(q * 8))])
          else
            data = Buffer.concat([
              data.subarray(0, at),
              data.subarray(Math.floor(q * data.length), Math.floor(q * data.length) + 40),
              data.subarray(at),
            ])
        }
        try {
          torch.load(rezipped(source[0], { 'data.pkl': data }))
        } catch (error) {
          refused++
          expect(error).toBeInstanceOf(NumgradError)
        }
      }),
      { numRuns: 1500, seed: 2 },
    )
    expect(refused).toBeGreaterThan(300)
  })
})
