"""`python -m notekeeper` and the `notekeeper` command.

What always holds: the process is shut to onlookers, and to the network unless it was asked to fetch a model, before
anything else of notekeeper is loaded.
"""

import sys

from notekeeper.isolation.quiet import fetches, no_network, quiet


def main() -> None:
    """Run the command line and end with its exit code."""
    quiet()
    if not fetches(sys.argv[1:]):
        no_network()
    from notekeeper.cli import run

    sys.exit(run())


if __name__ == "__main__":
    main()
