"""`python -m tests.fuzz.run TARGET SECONDS`: one target under atheris, which looks for inputs that reach new code.

What always holds: only notekeeper's own modules are watched for new code; the first input that breaks what must hold
ends the run, is kept in build/fuzz/TARGET/ under its hash, and makes the exit status non-zero.
"""

import sys
from pathlib import Path

import atheris

BUILD = Path(__file__).parents[2] / "build" / "fuzz"
MOST_BYTES = 16_384


def main(target: str, seconds: int) -> None:
    """Fuzz one target for that long. Ends the process."""
    with atheris.instrument_imports(include=["notekeeper"]):
        from tests.fuzz.sown import seeds
        from tests.fuzz.targets import TARGETS

    corpus = BUILD / target / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(target)):
        (corpus / f"seed-{number:03}").write_bytes(seed)
    atheris.Setup(
        [
            *("fuzz", str(corpus), f"-max_total_time={seconds}", f"-max_len={MOST_BYTES}", "-timeout=60"),
            *(f"-artifact_prefix={BUILD / target}/", "-print_final_stats=1", "-verbosity=1", "-rss_limit_mb=4096"),
        ],
        TARGETS[target],
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
