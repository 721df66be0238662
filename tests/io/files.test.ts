/** Whole-file reads and atomic saves. */

import { spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { FileError, readFile, saveFile } from '../../src/io/files.ts'

const folder = mkdtempSync(join(tmpdir(), 'numgrad-files-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text))

describe('files', () => {
  it('are read back as they were saved, by path and by URL', () => {
    const path = join(folder, 'a b%.bin')
    saveFile(path, [bytes('one '), new Uint8Array(0), bytes('two')])
    expect(Buffer.from(readFile(path)).toString()).toBe('one two')
    saveFile(pathToFileURL(path), [bytes('three')])
    expect(Buffer.from(readFile(pathToFileURL(path))).toString()).toBe('three')
    saveFile(path, [])
    expect(readFile(path).length).toBe(0)
  })

  it('keep their permissions, and links stay links', () => {
    const [path, link] = [join(folder, 'target'), join(folder, 'link')]
    saveFile(path, [bytes('old')])
    chmodSync(path, 0o600)
    symlinkSync(path, link)
    saveFile(link, [bytes('new')])
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(readFileSync(path, 'utf8')).toBe('new')
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('that cannot be had are a FileError with the code of the system', () => {
    const failure = (work: () => unknown): FileError => {
      try {
        work()
      } catch (error) {
        expect(error).toBeInstanceOf(FileError)
        return error as FileError
      }
      throw new Error('expected a FileError')
    }
    expect(failure(() => readFile(join(folder, 'none')))).toMatchObject({
      code: 'ENOENT',
      message: expect.stringContaining('load(): ENOENT'),
    })
    expect(failure(() => readFile(folder)).code).toBe('EISDIR')
    expect(failure(() => saveFile(join(folder, 'none', 'x'), [])).code).toBe('ENOENT')
    expect(failure(() => readFile('a\0b')).code).toBe('ERR_INVALID_ARG_VALUE')
  })

  it('that fail to be saved leave the old one and nothing beside it', () => {
    const place = join(folder, 'failing')
    mkdirSync(place)
    const path = join(place, 'file')
    writeFileSync(path, 'old')
    expect(() => saveFile(path, [bytes('new'), null as unknown as Uint8Array])).toThrow(FileError)
    expect(() => saveFile(place, [bytes('new')])).toThrow(FileError)
    expect(readFileSync(path, 'utf8')).toBe('old')
    expect(readdirSync(place)).toEqual(['file'])
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('are read from pipes and /proc, which have no size', () => {
    if (!existsSync('/proc/self/status')) return
    expect(Buffer.from(readFile('/proc/self/status')).toString()).toContain('Pid:')
  })
})

describe('a save that is killed', () => {
  const size = 4 << 20

  /** Starts a process that saves without end, kills it `delay` ms after its first save, and says how many saves it finished. */
  const killed = (path: string, delay: number): Promise<number> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'saver.mjs'), path, String(size)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let saves = 0
      child.stdout.on('data', (dots: Buffer) => {
        if (saves === 0) setTimeout(() => child.kill('SIGKILL'), delay)
        saves += dots.length
      })
      child.on('error', reject)
      child.on('exit', (_code, signal) => (signal === 'SIGKILL' ? resolve(saves) : reject(new Error('the saving process ended by itself'))))
    })

  it('leaves the old file or the new one, whole', async () => {
    const place = join(folder, 'killed')
    mkdirSync(place)
    const path = join(place, 'weights.bin')
    let interrupted = 0
    for (let round = 0; round < 12; round++) {
      await killed(path, Math.random() * 25)
      const data = readFile(path)
      expect(data.length).toBe(size)
      expect(data[0] === 65 || data[0] === 66).toBe(true)
      expect(data.every((byte) => byte === data[0])).toBe(true)
      const rest = readdirSync(place).filter((name) => name !== 'weights.bin')
      interrupted += rest.length
      for (const name of rest) rmSync(join(place, name))
    }
    // The kills did fall into saves: unfinished files lay beside.
    expect(interrupted).toBeGreaterThan(0)
  }, 60_000)
})
