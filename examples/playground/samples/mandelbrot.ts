import { torch } from 'numgrad'
import { device, frame, image } from 'playground'

// All points of the picture take each step z = z * z + c together, as arrays.
const [height, width, steps] = [300, 420, 64]
const re = torch.linspace(-2.2, 0.8, width, { device }).reshape(1, width)
const im = torch.linspace(-1.07, 1.07, height, { device }).reshape(height, 1)

let x = torch.zeros(height, width, { device })
let y = torch.zeros(height, width, { device })
let age = torch.zeros(height, width, { device })
for (let step = 1; step <= steps; step++) {
  const [xx, yy, xy] = [x.square(), y.square(), x.mul(y)]
  age = age.add(xx.add(yy).le(4).to(torch.float32))
  // (points that have left stay near, so that nothing overflows)
  x = xx.sub(yy).add(re).clamp(-9, 9)
  y = xy.mul(2).add(im).clamp(-9, 9)
  if (step % 8 === 0) {
    const t = age.div(steps)
    const colours = [0.0, 0.12, 0.25].map((phase) =>
      t
        .mul(9)
        .add(phase * 6)
        .cos()
        .mul(-0.5)
        .add(0.5)
        .mul(t.lt(1).to(torch.float32)),
    )
    await image(torch.stack(colours, 2), { name: 'Mandelbrot set' })
    await frame()
  }
}
console.log(`mean age ${(await age.mean().cpu()).item().toFixed(3)} after ${steps} steps, on ${device}`)
