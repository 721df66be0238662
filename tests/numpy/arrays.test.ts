import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { np } from '../../src/index.ts'

describe('arrays', () => {
  test('share memory through basic keys, reshape and transpose, and not through lists and masks', () => {
    const a = np.arange(6).reshape(2, 3)
    a.at('1').set(0, 30)
    a.T.set(0, 0, -1)
    a.reshape(6).set(1, 11)
    expect(a.tolist()).toEqual([
      [-1, 11, 2],
      [30, 4, 5],
    ])
    a.at([0, 1]).set('...', 0)
    expect(a.at(0, 0)).toBe(-1)
    expect(a.at('0').base).not.toBeNull()
    expect(np.shares_memory(a, a.T)).toBe(true)
  })
  test('share the memory of typed arrays that asarray and frombuffer were given', () => {
    const mine = new Float64Array([1, 2, 3])
    const a = np.asarray(mine)
    a.set(0, 9)
    mine[1] = 8
    expect(a.tolist()).toEqual([9, 8, 3])
    expect(np.array(mine).set(0, 1)).toBeUndefined()
    expect(mine[0]).toBe(9)
  })
  test('iterate over their first axis, and over all items through flat', () => {
    const a = np.array([
      [1, 2],
      [3, 4],
    ])
    expect([...a].map(String)).toEqual(['[1 2]', '[3 4]'])
    expect([...a.flat]).toEqual([1, 2, 3, 4])
    expect(() => [...np.array(1)]).toThrow('iteration over a 0-d array')
    expect(a.length).toBe(2)
  })
  test('print as NumPy prints them, through inspect, String and templates', () => {
    const a = np.array([1.5, 2])
    expect(inspect(a)).toBe('array([1.5, 2. ])')
    expect(`${a}`).toBe('[1.5 2. ]')
    expect(inspect(np.float32)).toBe("dtype('float32')")
    expect(inspect(np.add)).toBe("<ufunc 'add'>")
  })
  test('of one item behave as that item beside JavaScript operators', () => {
    expect(np.array([3]) > np.array([2])).toBe(true)
    expect(+np.array(5)).toBe(5)
  })
  test('cannot be written through read-only views', () => {
    const b = np.broadcast_to([1, 2], [2, 2])
    expect(() => b.set(0, 0, 5)).toThrow('read-only')
    expect(() => np.add(b, 1, { out: b })).toThrow('read-only')
    expect(b.flags.writeable).toBe(false)
  })
  test('of dtype object hold anything, and operators use the items’ methods or JavaScript’s operators', () => {
    const jagged = np.array([[1, 2], [3]], { dtype: 'object' })
    expect(jagged.shape).toEqual([2])
    expect(jagged.at(1)).toEqual([3])
    expect(np.add(np.array(['a', 'b'], { dtype: 'object' }), 'x').tolist()).toEqual(['ax', 'bx'])
    const arrays = np.array([np.array([1, 2]), np.array([3, 4, 5])], { dtype: 'object' })
    expect(inspect(arrays.multiply(2))).toBe('array([array([2, 4]), array([ 6,  8, 10])], dtype=object)')
    const one = np.array([np.complex(1, 2)], { dtype: 'object' })
    expect(String(one.add(1).at(0))).toBe('(2+2j)')
    expect(() => np.add(1, one)).toThrow()
  })
  test('give int64 items as numbers where those are exact, else as bigints', () => {
    expect(np.array([1, 2]).max()).toBe(2)
    expect(np.array([2n ** 60n]).at(0)).toBe(2n ** 60n)
    expect(np.array([2n ** 63n]).dtype).toBe(np.uint64)
  })
  test('refuse unknown and repeated keyword arguments with Python’s texts', () => {
    expect(() => (np.sum as any)([1], { foo: 1 })).toThrow("sum() got an unexpected keyword argument 'foo'")
    expect(() => (np.sum as any)([1], 0, { axis: 0 })).toThrow("sum() got multiple values for argument 'axis'")
    expect(() => (np.sum as any)([1], 1, 2, 3, 4, 5, 6, 7)).toThrow('sum() takes from 1 to 7 positional arguments but 8 were given')
  })
})

describe('files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'numgrad-'))
  test('.npy and .npz come back as they were, in any layout', () => {
    for (const dtype of ['bool', 'int8', 'int64', 'uint64', 'float16', 'float32', 'float64', 'complex64', 'complex128']) {
      const a = np.arange(6).astype(dtype).reshape(2, 3)
      for (const x of [a, a.T, a.at('::-1'), np.array(a.at(0, 0))]) {
        np.save(join(folder, 'a.npy'), x)
        const back = np.load(join(folder, 'a'.concat('.npy')))
        expect(back.dtype).toBe(x.dtype)
        expect(np.array_equal(back, x)).toBe(true)
      }
    }
    np.savez(join(folder, 'b'), { x: [1, 2], __proto: np.eye(2) }, [3])
    const b = np.load(join(folder, 'b.npz'))
    expect(b.files).toEqual(['x', '__proto', 'arr_0'])
    expect(b.get('arr_0').tolist()).toEqual([3])
    expect(() => b.get('y')).toThrow('y is not a file in the archive')
  })
  test('text comes back, with delimiters, comments and chosen columns', () => {
    const file = join(folder, 'c.txt')
    np.savetxt(
      file,
      [
        [1, 2.5],
        [-3, 1e-10],
      ],
      { delimiter: ',', header: 'a,b' },
    )
    expect(np.loadtxt(file, { delimiter: ',' }).tolist()).toEqual([
      [1, 2.5],
      [-3, 1e-10],
    ])
    expect(np.loadtxt(['1 2 3', '4 5 6 # more'], { usecols: [2, 0], dtype: 'int64' }).tolist()).toEqual([
      [3, 1],
      [6, 4],
    ])
    expect(() => np.loadtxt(['1 2', '3'])).toThrow('the number of columns changed from 2 to 1 at row 2')
    expect(() => np.loadtxt(['1 x'])).toThrow("could not convert string 'x' to float64 at row 0, column 2.")
  })
})
