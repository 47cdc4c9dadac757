"""Blends two networks of one graph: OUT = (1 - share) FIRST + share SECOND, weight by weight.

    blend.py FIRST SECOND SHARE OUT

Between the published and the trained weights lies a network that has learned most and
forgotten least.
"""
import sys

import torch

from network import Network


def main():
    if len(sys.argv) != 5:
        raise SystemExit(__doc__.split('\n')[2].strip())
    first, second, share = Network(sys.argv[1]), Network(sys.argv[2]), float(sys.argv[3])
    others = dict(second.named_parameters())
    with torch.no_grad():
        for name, parameter in first.named_parameters():
            parameter.lerp_(others[name], share)
    first.save(sys.argv[4])


if __name__ == '__main__':
    main()
