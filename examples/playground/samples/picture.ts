import { torch } from 'numgrad'
import { device, frame, image, plot } from 'playground'

torch.manual_seed(1)
// The picture: three soft discs, made with arrays.
const size = 64
const axis = torch.linspace(-1, 1, size)
const [yy, xx] = [axis.reshape(size, 1).expand(size, size), axis.reshape(1, size).expand(size, size)]
const disc = (x: number, y: number, r: number) => xx.sub(x).square().add(yy.sub(y).square()).sqrt().sub(r).mul(-12).sigmoid()
const picture = torch.stack([disc(-0.3, -0.25, 0.5), disc(0.3, -0.25, 0.5), disc(0, 0.3, 0.5)], 2)
await image(picture, { name: 'the picture', scale: 3 })

// What the network sees of a place: sines and cosines of its coordinates.
const waves = [1, 2, 4, 8].flatMap((k) => [xx, yy].flatMap((v) => [v.mul(k * 1.5).sin(), v.mul(k * 1.5).cos()]))
const input = torch
  .stack(waves, 2)
  .reshape(size * size, 16)
  .to(device)
const target = picture.reshape(size * size, 3).to(device)

const model = new torch.nn.Sequential(
  new torch.nn.Linear(16, 64),
  new torch.nn.ReLU(),
  new torch.nn.Linear(64, 3),
  new torch.nn.Sigmoid(),
).to(device)
const optimizer = new torch.optim.Adam(model.parameters(), { lr: 0.02 })
const losses: number[] = []
for (let step = 0; step <= 120; step++) {
  const guess = model(input)
  const loss = torch.nn.functional.mse_loss(guess, target)
  optimizer.zero_grad()
  loss.backward()
  optimizer.step()
  if (step % 10 === 0) {
    losses.push((await loss.cpu()).item())
    await image((await guess.detach().cpu()).reshape(size, size, 3), { name: 'what it has learnt', scale: 3 })
    await plot(
      losses.map((_, i) => 10 * i),
      losses,
      { name: 'loss' },
    )
    await frame()
  }
}
console.log(`loss ${losses.at(-1)!.toExponential(2)} on ${device}`)
