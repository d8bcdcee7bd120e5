"""What happens when a script restores the model and forgets the optimizer: the kink, in numbers.

Start a server (`make run` or `optiscope serve`), then:

    python examples/partial_restore.py
    python examples/partial_restore.py --url http://127.0.0.1:9000
"""

import argparse

from optiscope import Client, NoServerError

CONFIG = {
    "problem": {"name": "moons"},
    "optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.1, "momentum": 0.9}},
    "steps": 120,
}
FORKED_AT = 60
SHOWN = 8


def losses(client: Client) -> list[dict[int, float]]:
    """The losses by step of a run, and of two forks of it, with and without its optimizer's state."""
    run = client.create(CONFIG, name="Momentum, never interrupted")
    whole = {record.step: record.loss for record in client.follow(run.id)}
    forks = (
        client.fork(run.id, FORKED_AT),
        client.fork(run.id, FORKED_AT, restore_optimizer=False),
    )
    return [whole, *({record.step: record.loss for record in client.follow(fork.id)} for fork in forks)]


def main() -> None:
    """Print the steps behind the fork."""
    parser = argparse.ArgumentParser(description="Forget the optimizer's state, and see what that does.")
    parser.add_argument("--url", help="where Optiscope is served, if not at http://127.0.0.1:8000")
    url = parser.parse_args().url
    try:
        with Client(url) as client:
            found = losses(client)
    except NoServerError as error:
        raise SystemExit(f"{error}, with --url") from error
    print(f"{'step':>5} {'never left':>12} {'restored':>12} {'forgotten':>12}   (loss)")
    for step in range(FORKED_AT + 1, FORKED_AT + 1 + SHOWN):
        print(f"{step:>5} " + " ".join(f"{run[step]:12.8f}" for run in found))


if __name__ == "__main__":
    main()
