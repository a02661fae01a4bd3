"""How long a client's patterns take after one more session was signed: `python tests/bench/bench_patterns.py`.

Without the model, from the vault as it is on disk: sign-offs verified, themes linked, patterns found, the review read.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from notekeeper.domain.consent import Purpose
from notekeeper.services.client_patterns import patterns_of
from notekeeper.vault import create
from tests.vault.patterned import ROTA, SLEEP, agree_to, signed_session

MOST_MS = 200.0
"""What one client may take at most."""
THEMES = (*SLEEP, *ROTA)


def main() -> int:
    """Print milliseconds for clients of 8, 60 and 200 sessions; 1 when the sixty take longer than they may."""
    slowest = 0.0
    with tempfile.TemporaryDirectory() as folder:
        vault, _ = create(Path(folder) / "bench.vault", "velvet lantern ninth orchard")
        for count in (8, 60, 200):
            client = vault.clients.add(f"C{count}")
            agree_to(vault, client, Purpose.PATTERNS)
            for week in range(count - 1):
                told = [
                    (f"{label} {week % 17}", code if week % 3 else None, trend, sentence)
                    for label, code, trend, sentence in (THEMES[week % 7], THEMES[(week * 3 + 1) % 7])
                ]
                signed_session(vault, client, told, week)
            times = []
            for more in range(5):
                signed_session(vault, client, [SLEEP[more % 4]], count + more)
                began = time.perf_counter()
                seen = patterns_of(vault, client)
                times.append((time.perf_counter() - began) * 1000)
            found = f"{len(seen.themes.themes)} themes, {len(seen.threads)} threads, {len(seen.review.items)} patterns"
            print(f"{count:4} sessions, {found}: {statistics.median(times):6.1f} ms, at most {max(times):6.1f} ms")
            slowest = max(times) if count == 60 else slowest
        vault.close()
    print(f"sixty sessions at most {slowest:.1f} ms, allowed {MOST_MS:.0f} ms")
    return int(slowest > MOST_MS)


if __name__ == "__main__":
    sys.exit(main())
