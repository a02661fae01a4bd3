"""`python -m notekeeper` and the `notekeeper` command.

What always holds: the process is shut to onlookers, and to the network unless it was asked to fetch a model, before
anything else of notekeeper is loaded; Python's prompt does not open on what it leaves in memory.
"""

import os
import sys

from notekeeper.isolation.quiet import fetches, no_network, quiet


def main() -> None:
    """Run the command line and end with its exit code."""
    quiet()
    if not fetches(sys.argv[1:]):
        no_network()
    from notekeeper.cli import UNEXPECTED, run

    code = UNEXPECTED
    try:
        code = run()
    finally:
        if sys.flags.inspect:  # Python was told to stay at its prompt, where all of the memory could be read
            sys.stdout.flush()
            os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    main()
