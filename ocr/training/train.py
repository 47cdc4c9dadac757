"""Trains the recognition network on line pictures.

    train.py NETWORK ALPHABET POOL OUT --minutes M [--rate R] [--drawn SHARE] [--half]

POOL holds the pickles of lines.py (lines-*.pickle) and harvest.py (f*.pickle); both may still be
adding to it. OUT receives last.onnx every ten minutes: the running mean of the weights.
"""
import argparse
import collections
import math
import os
import pathlib
import pickle
import random
import time

import cv2
import numpy as np
import torch

from network import Network
from texts import characters_of

PIXELS = 12 * 256  # of width in a batch


class LineLoss(torch.autograd.Function):
    """CTC over logits (steps, lines, classes), the mean over the lines. Does what log_softmax and
    ctc_loss do, but goes over the large alphabet once: a line concerns only its own characters."""

    @staticmethod
    def forward(ctx, logits, own, targets, lengths, weights):
        """own (lines, most): the classes of each line, blank first; targets index into own."""
        steps, lines, _ = logits.shape
        top = logits.max(-1, keepdim=True).values
        exps = (logits - top).exp_()
        total = exps.sum(-1, keepdim=True)
        index = own.unsqueeze(0).expand(steps, -1, -1)
        few = (logits.gather(2, index) - top - total.log()).detach().requires_grad_(True)
        with torch.enable_grad():
            losses = torch.nn.functional.ctc_loss(
                few, targets, torch.full((lines,), steps), lengths, reduction='none',
                zero_infinity=True)
            scale = weights / lines
            loss = (losses * scale).sum()
        gradient, = torch.autograd.grad(loss, few)
        # torch takes its input for normalized: its gradient is exp(few) minus the posterior.
        posterior = few.detach().exp() * scale[None, :, None] - gradient
        finite = (losses.detach() > 0).to(scale.dtype) * scale
        posterior *= (finite > 0).to(scale.dtype)[None, :, None]
        exps /= total
        exps *= finite[None, :, None]
        # The rows of own are filled up with blanks, which must not count twice.
        posterior.masked_fill_(padding_of(own)[None], 0)
        exps.scatter_add_(2, index, -posterior)
        ctx.save_for_backward(exps)
        return loss.detach()

    @staticmethod
    def backward(ctx, gradient):
        exps, = ctx.saved_tensors
        return exps * gradient, None, None, None, None


def padding_of(own):
    padding = own == 0
    padding[:, 0] = False
    return padding


def packed(texts, classes):
    rows, targets, lengths = [], [], []
    for text in texts:
        mine = {}
        codes = [mine.setdefault(classes[c], len(mine) + 1) for c in text]
        rows.append([0] + list(mine))
        targets.append(codes)
        lengths.append(len(codes))
    most, longest = max(map(len, rows)), max(1, max(lengths))
    own = torch.tensor([r + [0] * (most - len(r)) for r in rows])
    flat = torch.tensor([t + [1] * (longest - len(t)) for t in targets])
    return own, flat, torch.tensor(lengths)


def fits(text, width):
    repeats = sum(a == b for a, b in zip(text, text[1:]))
    return len(text) + repeats <= width // 8


def rounded(width):
    step = 16 if width <= 256 else 32
    return max(16, int(width / step + .5) * step)


class Adam:
    """Adam whose steps are in proportion to the weights. With the batch norms merged into them,
    the weights of this network lie between 0.003 and 50: one rate for all would wreck the small
    ones. The size of a weight is taken from its row and its column."""

    def __init__(self, parameters):
        self.parameters = parameters
        self.scales = [sizes(p.detach()) for p in parameters]
        self.first = [torch.zeros_like(p) for p in parameters]
        self.second = [torch.zeros_like(p) for p in parameters]
        self.count, self.usual = 0, None

    @torch.no_grad()
    def step(self, rate, a=.9, b=.99):
        gradients = [p.grad for p in self.parameters]
        norm = float(torch.stack([g.norm() for g in gradients]).norm())
        if not math.isfinite(norm):
            return norm
        self.usual = self.usual or norm
        self.usual += .05 * (min(norm, 3 * self.usual) - self.usual)
        if norm > 1.5 * self.usual:
            torch._foreach_mul_(gradients, 1.5 * self.usual / norm)
        self.count += 1
        torch._foreach_mul_(self.first, a)
        torch._foreach_add_(self.first, gradients, alpha=1 - a)
        torch._foreach_mul_(self.second, b)
        torch._foreach_addcmul_(self.second, gradients, gradients, value=1 - b)
        for p, m, v, s in zip(self.parameters, self.first, self.second, self.scales):
            root = (v / (1 - b ** self.count)).sqrt_().add_(1e-12)
            p.sub_(m / (1 - a ** self.count) / root * s, alpha=rate)
        return norm


def sizes(w):
    whole = w.pow(2).mean().sqrt().clamp(min=.02)
    if w.ndim < 2:
        return torch.full_like(w, float(whole))
    rows = w.pow(2).mean(tuple(range(1, w.ndim)), keepdim=True).sqrt()
    if w.shape[1] == 1:  # depthwise: a row is a kernel
        return (rows.clamp(min=.1 * float(rows.mean()))).expand_as(w).clone()
    others = tuple(i for i in range(w.ndim) if i != 1)
    columns = w.pow(2).mean(others, keepdim=True).sqrt()
    size = rows * columns / w.pow(2).mean().sqrt()
    return size.clamp(min=.1 * float(size.mean())).expand_as(w).clone()


def freeze(network, name):
    learns = name is None
    for _, inputs, _, _ in network.steps:
        for weight in inputs:
            learns |= weight == name
            if weight in network.parameters_of:
                getattr(network, network.parameters_of[weight]).requires_grad_(learns)


class Pool:
    """Batches of lines equally wide, drawn ones and harvested ones mixed."""

    def __init__(self, folder, drawn, joined, seed):
        self.folder, self.share, self.joined = folder, drawn, joined
        self.r, self.n = random.Random(seed), np.random.default_rng(seed)
        self.uses = collections.Counter()
        self.harvested, self.harvests = [], set()
        self.waiting = collections.defaultdict(list)

    def shard(self):
        files = sorted(self.folder.glob('lines-*.pickle'))
        least = min(self.uses[f] for f in files)
        file = self.r.choice([f for f in files if self.uses[f] == least])
        self.uses[file] += 1
        return pickle.loads(file.read_bytes())

    def gather(self):
        for file in sorted(set(self.folder.glob('f*.pickle')) - self.harvests):
            self.harvests.add(file)
            self.harvested += [line[:2] for line in pickle.loads(file.read_bytes())]

    def lines(self):
        self.gather()
        drawn = [line for _ in range(6) for line in self.shard()]
        other = int(len(drawn) * (1 - self.share) / self.share) if self.harvested else 0
        lines = [self.perhaps_joined(drawn, i) for i in range(len(drawn))]
        for _ in range(min(other, len(self.harvested))):
            lines.append(self.perhaps_joined(self.harvested, self.r.randrange(len(self.harvested))))
        self.r.shuffle(lines)
        return lines

    def perhaps_joined(self, lines, i):
        """A line, or one with its neighbour behind a gap, as labels and values stand."""
        picture, text = lines[i]
        if self.r.random() > self.joined or i + 1 == len(lines):
            return lines[i]
        other, following = lines[i + 1]
        paper, beyond = np.percentile(picture[:, -6:], 80), np.percentile(other[:, :6], 80)
        if not text or not following or abs(paper - beyond) > 10 \
                or picture.shape[1] + other.shape[1] > 560 or (text + following).isascii():
            return lines[i]
        gap = np.linspace(paper, beyond, self.r.randint(2, 90), dtype=np.float32)[None, :]
        gap = np.repeat(gap, 48, axis=0) + self.n.normal(0, self.r.uniform(0, 3), (48, 1))
        joint = np.hstack([picture, gap.clip(0, 255).astype(np.uint8), other])
        return joint, text + following

    def batches(self):
        while True:
            for picture, text in self.lines():
                width = rounded(picture.shape[1])
                if width > 704 or not fits(text, width):
                    continue
                self.waiting[width].append((picture, text))
            ready = []
            for width, lines in self.waiting.items():
                count = min(32, max(4, PIXELS // width))
                while len(lines) >= count:
                    ready.append((width, lines[:count]))
                    del lines[:count]
            self.r.shuffle(ready)
            for width, lines in ready:
                pictures = np.stack([self.vary(p, width) for p, _ in lines])
                yield torch.from_numpy(pictures), [t for _, t in lines]

    def vary(self, picture, width):
        if picture.shape[1] != width:
            picture = cv2.resize(picture, (width, 48), interpolation=cv2.INTER_LINEAR)
        x = picture.astype(np.float32)
        if self.r.random() < .5:
            x = 255 * (x / 255) ** self.r.uniform(.7, 1.5)
        if self.r.random() < .3:
            x += self.n.normal(0, self.r.uniform(1, 8), x.shape)
        if self.r.random() < .3:
            x = x * self.r.uniform(.85, 1) + self.r.uniform(0, 20)
        return np.clip(x, 0, 255).astype(np.float32) / 127.5 - 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('network')
    parser.add_argument('alphabet', type=pathlib.Path)
    parser.add_argument('pool', type=pathlib.Path)
    parser.add_argument('out', type=pathlib.Path)
    parser.add_argument('--minutes', type=float, required=True)
    parser.add_argument('--rate', type=float, default=1e-3, help='of the size of a weight, a step')
    parser.add_argument('--learn-from', help='the weight before which all stay as they are')
    parser.add_argument('--warm', type=int, default=150, help='steps until the full rate')
    parser.add_argument('--drawn', type=float, default=.75)
    parser.add_argument('--joined', type=float, default=.2, help='share of lines set side by side')
    parser.add_argument('--half', action='store_true', help='bfloat16 where it is safe')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--save-minutes', type=float, default=8)
    args = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    characters = characters_of(args.alphabet)
    classes = {c: i + 1 for i, c in enumerate(characters)}
    network = Network(args.network).to(memory_format=torch.channels_last)
    freeze(network, args.learn_from)
    named = [(n, p) for n, p in network.named_parameters() if p.requires_grad]
    optimizer = Adam([p for _, p in named])
    mean = [p.detach().clone() for _, p in named]
    pool = Pool(args.pool, args.drawn, args.joined, args.seed)
    start = saved = shown = time.time()
    seen, losses = 0, []
    for step, (pictures, texts) in enumerate(pool.batches()):
        now = time.time()
        done = (now - start) / 60 / args.minutes
        if done >= 1:
            break
        falling = .02 + .98 * (1 + math.cos(math.pi * done)) / 2
        rate = args.rate * min(1, (step + 1) / args.warm) * falling
        x = pictures[:, None].expand(-1, 3, -1, -1).contiguous(memory_format=torch.channels_last)
        with torch.autocast('cpu', torch.bfloat16, enabled=args.half):
            logits = network(x)
        own, targets, lengths = packed(texts, classes)
        logits = logits.float().transpose(0, 1)
        loss = LineLoss.apply(logits, own, targets, lengths, torch.ones(len(texts)))
        network.zero_grad(set_to_none=True)
        loss.backward()
        norm = optimizer.step(rate)
        keep = min(.9985, (step + 1) / (step + 20))
        with torch.no_grad():
            torch._foreach_mul_(mean, keep)
            torch._foreach_add_(mean, [p.detach() for _, p in named], alpha=1 - keep)
        seen += len(texts)
        losses.append(float(loss))
        if now - shown > 60:
            print(f'{(now - start) / 60:.1f} min, step {step}, {seen} lines, '
                  f'{seen / (now - start):.1f} lines/s, loss {np.mean(losses[-200:]):.3f}, '
                  f'norm {norm:.1f}, rate {rate:.1e}, reads {max(pool.uses.values())}', flush=True)
            shown = now
        if now - saved > args.save_minutes * 60:
            saved = now
            store(network, named, mean, args.out / 'last.onnx')
    store(network, named, mean, args.out / 'last.onnx')
    store(network, named, [p.detach() for _, p in named], args.out / 'raw.onnx')


def store(network, named, weights, path):
    now = [p.detach().clone() for _, p in named]
    with torch.no_grad():
        for (_, p), w in zip(named, weights):
            p.copy_(w)
        network.save(str(path) + '.part')
        for (_, p), w in zip(named, now):
            p.copy_(w)
    os.replace(str(path) + '.part', path)


if __name__ == '__main__':
    main()
