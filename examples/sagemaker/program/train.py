"""A tiny training program for SageMaker: a network of one hidden layer on two crescents, in plain Python.

Hyperparameters come as --name value, checkpoints lie in --st_checkpoint_dir, and every epoch is a line on standard output.
"""

import argparse
import json
import math
import os
import random
import time

parser = argparse.ArgumentParser()
parser.add_argument("--hidden", type=int, default=4)
parser.add_argument("--learning_rate", type=float, default=0.01)
parser.add_argument("--epochs", type=int, default=9)
parser.add_argument("--seed", type=int, default=0)
parser.add_argument("--st_checkpoint_dir")
args = parser.parse_args()


def points(count, draw):
    """Points of two crescents; the data are the same for every training."""
    made = []
    for i in range(count):
        label, angle = i % 2, math.pi * draw.random()
        x, y = (math.cos(angle), math.sin(angle)) if label == 0 else (1 - math.cos(angle), 0.5 - math.sin(angle))
        made.append((x + draw.gauss(0, 0.3), y + draw.gauss(0, 0.3), label))
    return made


data = random.Random(1)
train, validation, test = points(400, data), points(400, data), points(400, data)

draw = random.Random(args.seed)
units = [[draw.uniform(-1, 1) for _ in range(3)] + [draw.uniform(-1, 1)] for _ in range(args.hidden)]
bias, begun, before = 0.0, 0, 0.0

checkpoint = args.st_checkpoint_dir and os.path.join(args.st_checkpoint_dir, "state.json")
if checkpoint and os.path.exists(checkpoint):
    with open(checkpoint) as file:
        units, bias, begun, before = json.load(file)


def forward(x, y):
    hidden = [math.tanh(a * x + b * y + c) for a, b, c, _ in units]
    score = bias + sum(unit[3] * h for unit, h in zip(units, hidden))
    return hidden, 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def error(points):
    return sum((forward(x, y)[1] > 0.5) != (label == 1) for x, y, label in points) / len(points)


def report(epoch, elapsed):
    values = {"epoch": epoch, "validation_error": error(validation), "test_error": error(test), "elapsed_time": elapsed}
    print(f"[tune-metric]: {json.dumps(values)}", flush=True)


# Whoever read this report may have been stopped before it counted.
if begun:
    report(begun, before)
clock = time.perf_counter()
for epoch in range(begun + 1, args.epochs + 1):
    order = random.Random(f"{args.seed} {epoch}")
    for _ in train:
        x, y, label = order.choice(train)
        hidden, probability = forward(x, y)
        slope = args.learning_rate * (probability - label)
        bias -= slope
        for unit, h in zip(units, hidden):
            inner = slope * unit[3] * (1 - h * h)
            unit[0], unit[1], unit[2], unit[3] = unit[0] - inner * x, unit[1] - inner * y, unit[2] - inner, unit[3] - slope * h
    elapsed = before + time.perf_counter() - clock
    if checkpoint:
        # Whole or not at all.
        with open(f"{checkpoint}.new", "w") as file:
            json.dump([units, bias, epoch, elapsed], file)
        os.replace(f"{checkpoint}.new", checkpoint)
    report(epoch, elapsed)
