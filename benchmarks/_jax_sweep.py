"""Adam on many 2-2-2-1 networks by JAX: ``vmap`` of a ``lax.scan`` over steps, jitted and warm.

    python benchmarks/_jax_sweep.py MEMBERS STEPS SAMPLES

Warm, it trains all of them each time that it is sent a line, and answers with the seconds that this took: of
the clock, and of the processor, all threads together.
"""

import sys
import time
from typing import Any

import jax
import jax.numpy as jnp


def main() -> None:
    """Time it."""
    members, steps, samples = map(int, sys.argv[1:])
    shapes = [(2, 2), (2,), (2, 2), (2,), (1, 2), (1,)]
    keys = jax.random.split(jax.random.PRNGKey(0), 8)
    params = [
        jax.random.uniform(k, (members, *s), minval=-0.7, maxval=0.7)
        for k, s in zip(keys, shapes, strict=False)
    ]
    x = jax.random.normal(keys[6], (samples, 2))
    y = jax.random.bernoulli(keys[7], shape=(samples,)).astype(jnp.float32)

    def loss(p: list[jax.Array]) -> jax.Array:
        h = jax.nn.relu(x @ p[0].T + p[1])
        h = jax.nn.relu(h @ p[2].T + p[3])
        z = (h @ p[4].T + p[5])[:, 0]
        return jnp.mean((1 - y) * z - jax.nn.log_sigmoid(z))

    def train(p: list[jax.Array], lr: jax.Array) -> tuple[jax.Array, jax.Array]:
        def step(carry: Any, t: jax.Array) -> tuple[Any, jax.Array]:
            p, m, v = carry
            value, g = jax.value_and_grad(loss)(p)
            m = [0.9 * a + 0.1 * b for a, b in zip(m, g, strict=True)]
            v = [0.999 * a + 0.001 * b * b for a, b in zip(v, g, strict=True)]
            size, root = lr / (1 - 0.9**t), jnp.sqrt(1 - 0.999**t)
            p = [a - size * b / (jnp.sqrt(c) / root + 1e-8) for a, b, c in zip(p, m, v, strict=True)]
            return (p, m, v), value

        zeros = [jnp.zeros_like(a) for a in p]
        (p, _, _), losses = jax.lax.scan(step, (p, zeros, zeros), jnp.arange(1.0, steps + 1))
        return losses[-1], jnp.min(losses)

    run = jax.jit(jax.vmap(train))
    rates = jnp.geomspace(1e-3, 1e-1, members)
    jax.block_until_ready(run(params, rates))
    print("ready", flush=True)
    for _ in sys.stdin:
        clock, processor = time.perf_counter(), time.process_time()
        jax.block_until_ready(run(params, rates))
        print(time.perf_counter() - clock, time.process_time() - processor, flush=True)


if __name__ == "__main__":
    main()
