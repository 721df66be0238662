/** A tour of numgrad in five parts, on real data: `npm start`, or `npm start -- --device webgpu [--epochs 5]` for training on the GPU. */

import { loadMnist } from './lib/mnist.ts'
import { bold, heading, say } from './lib/show.ts'
import { anything } from './tour/anything.ts'
import { derivatives } from './tour/derivatives.ts'
import { first } from './tour/first.ts'
import { trainingOnGpu } from './tour/gpu.ts'
import { speed } from './tour/speed.ts'
import { training } from './tour/training.ts'

const begun = performance.now()
say(bold("numgrad: NumPy's arrays and PyTorch's tensors for TypeScript"))

heading(1, 'The first example')
first()
heading(2, 'An array of anything')
anything()
heading(3, 'Speed')
speed()
heading(4, 'Derivatives')
derivatives()
heading(5, 'Learning to read digits')
const option = (name: string): string | undefined => process.argv[process.argv.indexOf(name) + 1 || process.argv.length]
if (option('--device') === 'webgpu') await trainingOnGpu(loadMnist(), Number(option('--epochs') ?? 5))
else training(loadMnist(), 'out')

say(`\nThe tour took ${((performance.now() - begun) / 1000).toFixed(1)} s.`)
