"""Writes tests/programs/fixtures/elementary.txt: function, x, and f(x) as a double and what it leaves (from mpmath), all as bits in hex."""
import random, struct
from pathlib import Path
from mpmath import mp, mpf
import mpmath as m

mp.prec = 1300
random.seed(11)
bits = lambda x: struct.pack('>d', x).hex()
whole = lambda: random.choice([-1, 1]) * 10 ** random.uniform(-300, 300)
near = lambda s: random.uniform(-s, s)
turn = lambda: float(mpf(random.randrange(1, 10**6)) * m.pi / 2)
positive = [lambda: abs(whole()), lambda: 1 + near(1e-3), lambda: 1 + near(0.5), lambda: abs(near(1e-310))]
trig = [lambda: near(4), lambda: near(1e5), turn, lambda: near(1e-8), lambda: random.choice([-1, 1]) * 10 ** random.uniform(5, 300)]
rows = {
    'exp': (m.exp, [lambda: near(700), lambda: near(1), lambda: near(1e-9), lambda: near(40) - 705]),
    'exp2': (lambda x: mpf(2) ** x, [lambda: near(1020), lambda: near(1), lambda: near(20) - 1040]),
    'expm1': (m.expm1, [lambda: near(700), lambda: near(1), lambda: near(1e-9), lambda: near(1e-300)]),
    'sinh': (m.sinh, [lambda: near(710), lambda: near(1), lambda: near(1e-9), lambda: near(25)]),
    'cosh': (m.cosh, [lambda: near(710), lambda: near(1), lambda: near(25)]),
    'tanh': (m.tanh, [lambda: near(25), lambda: near(1), lambda: near(1e-9)]),
    'log': (m.log, positive), 'log2': (lambda x: m.log(x) / m.log(2), positive), 'log10': (m.log10, positive),
    'log1p': (m.log1p, [lambda: abs(whole()), lambda: near(0.9), lambda: near(1e-9), lambda: near(1e-300)]),
    'sin': (m.sin, trig), 'cos': (m.cos, trig), 'tan': (m.tan, trig),
    'asin': (m.asin, [lambda: near(1), lambda: near(1e-9), lambda: 1 - abs(near(1e-9))]),
    'acos': (m.acos, [lambda: near(1), lambda: near(1e-9), lambda: 1 - abs(near(1e-9)), lambda: abs(near(1e-9)) - 1]),
    'atan': (m.atan, [whole, lambda: near(3), lambda: near(1e-9)]),
    'erf': (m.erf, [lambda: near(6), lambda: near(1), lambda: near(1e-9)]),
    'cbrt': (lambda x: m.sign(x) * m.cbrt(abs(x)), [whole, lambda: near(3)]),
    'asinh': (m.asinh, [whole, lambda: near(3), lambda: near(1e-9)]),
    'atanh': (m.atanh, [lambda: near(1), lambda: near(1e-9)]),
    'acosh': (m.acosh, [lambda: 1 + abs(near(1e-6)), lambda: 1 + abs(near(30))]),
    'erfc': (m.erfc, [lambda: near(5), lambda: 5 + abs(near(20))]),
    'lgamma': (lambda x: m.log(abs(m.gamma(x))), [lambda: abs(near(100)), lambda: 10 ** random.uniform(1, 20)]),
}
lines = []
for name, (f, kinds) in rows.items():
    for i in range(72):
        x = kinds[i % len(kinds)]()
        with mp.workprec(200 if abs(x) < 1e6 else 1300):
            y = f(mpf(x))
            high = float(y)
            low = float(y - mpf(high))
        lines.append(f'{name} {bits(x)} {bits(high)} {bits(low)}')
path = Path(__file__).parent.parent / 'tests/programs/fixtures/elementary.txt'
path.parent.mkdir(exist_ok=True)
path.write_text('\n'.join(lines) + '\n')
