"""What happens when a script restores the model and forgets the optimizer: the kink, in numbers.

Start a server with ``optiscope serve``, then run this file.
"""

from optiscope import Client

CONFIG = {
    "problem": {"name": "moons"},
    "optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.1, "momentum": 0.9}},
    "steps": 120,
}
FORKED_AT = 60
SHOWN = 8


def main() -> None:
    """Fork one run twice, with and without its optimizer's state, and print the steps behind the fork."""
    with Client() as client:
        run = client.create(CONFIG, name="Momentum, never interrupted")
        whole = {record.step: record for record in client.follow(run.id)}
        forks = {
            "restored": client.fork(run.id, FORKED_AT),
            "forgotten": client.fork(run.id, FORKED_AT, restore_optimizer=False),
        }
        records = {
            name: {record.step: record for record in client.follow(fork.id)} for name, fork in forks.items()
        }
    print(f"{'step':>5} {'never left':>12} {'restored':>12} {'forgotten':>12}   (loss)")
    for step in range(FORKED_AT + 1, FORKED_AT + 1 + SHOWN):
        losses = (whole[step].loss, records["restored"][step].loss, records["forgotten"][step].loss)
        print(f"{step:>5} " + " ".join(f"{loss:12.8f}" for loss in losses))


if __name__ == "__main__":
    main()
