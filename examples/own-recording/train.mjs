// A tiny training program: logistic regression on points of two crescents, by stochastic gradient descent with momentum.
// Everything it needs comes as `--name value`; what it reports goes to standard output, one line per epoch.
const given = {}
for (let i = 2; i < process.argv.length; i += 2) given[process.argv[i].slice(2)] = process.argv[i + 1]
const { features, epochs, seed } = given
const [rate, momentum] = [Number(given.learning_rate), Number(given.momentum)]

/** Numbers in [0, 1) from a seed (mulberry32). */
function random(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Points of two crescents. The data are the same for every training; the seed decides the rest. */
function points(count, next) {
  return Array.from({ length: count }, (_, i) => {
    const [label, angle] = [i % 2, Math.PI * next()]
    const noise = () => (next() + next() + next() - 1.5) / 2
    const [x, y] = label === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)]
    return { input: expand(x + noise(), y + noise()), label }
  })
}

function expand(x, y) {
  return features === 'plain' ? [1, x, y] : [1, x, y, x * x, x * y, y * y, x * x * x, y * y * y]
}

const data = random(1)
const [train, validation, test] = [points(400, data), points(400, data), points(400, data)]
const next = random(Number(seed))
const weights = Array.from(train[0].input, () => next() - 0.5)
const velocity = weights.map(() => 0)
const predict = (input) => 1 / (1 + Math.exp(-input.reduce((sum, value, i) => sum + value * weights[i], 0)))
const error = (set) => set.filter(({ input, label }) => predict(input) > 0.5 !== (label === 1)).length / set.length

const begun = performance.now()
for (let epoch = 1; epoch <= Number(epochs); epoch++) {
  for (let step = 0; step < train.length; step++) {
    const { input, label } = train[Math.floor(next() * train.length)]
    const slope = predict(input) - label
    for (const i of weights.keys()) {
      velocity[i] = momentum * velocity[i] - rate * slope * input[i]
      weights[i] += velocity[i]
    }
  }
  const report = {
    epoch,
    validation_error: error(validation),
    test_error: error(test),
    parameters: weights.length,
    elapsed_time: (performance.now() - begun) / 1000,
  }
  console.log(`[tune-metric]: ${JSON.stringify(report)}`)
}
