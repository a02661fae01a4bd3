"""`python -m notekeeper` and the `notekeeper` command."""

import sys

from notekeeper.cli import run


def main() -> None:
    """Run the command line and end with its exit code."""
    sys.exit(run())


if __name__ == "__main__":
    main()
