/** `np.lib.npyio`: the class of `.npz` files. */

export { NpzFile } from '../io.ts'
