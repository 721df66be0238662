/** Saves the samples of tests/torch/serialization_samples.ts into a folder, for torch_files.py: `tsx _torch_files.ts FOLDER`. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as torch from '../../src/torch/index.ts'
import { samples, told } from '../../tests/torch/serialization_samples.ts'

const folder = process.argv[2]!
for (const [name, make] of Object.entries(samples)) {
  const value = make()
  torch.save(value, join(folder, `${name}.pt`))
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(told(value)))
}
