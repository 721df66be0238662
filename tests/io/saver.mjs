// Saves two versions of a file in turn until it is killed; files.test.ts starts it. Arguments: path, bytes.
import { saveFile } from '../../src/io/files.ts'

const [path, size] = [process.argv[2], Number(process.argv[3])]
for (let version = 0; ; version ^= 1) {
  const half = new Uint8Array(size / 2).fill(65 + version)
  saveFile(path, [half, half])
  process.stdout.write('.')
}
