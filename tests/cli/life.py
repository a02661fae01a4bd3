"""One whole headless life of a note, from nothing to a signed report, and one demonstration.

Both need the language model, which costs the most here, so each is lived once in a test run and the tests of the
journey, of the network and of what stays on disk look at the same one. Where strace is there they run under it, and
the life is lived in a network namespace that holds nothing, where the kernel allows one.
"""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from notekeeper.domain.risk import RiskEntry
from tests.cli.driver import Done, Program
from tests.vault.invented import Sealed

CANARIES = ("quillbrazen", "marrowfinch")
NOTE = (
    "She spoke about the quarrel with her sister over the house, and how the quillbrazen tone of it stayed with her. "
    "She has slept badly since the quarrel and lies awake listening for the marrowfinch. "
    "She said at work she agrees to every extra shift and then resents it. "
    "We looked at what saying no to an extra shift would cost her."
)
OWN_FOCUS = "Where her own no begins"
OWN_THEME = "Saying no at work"
RISK_WORDS = "Spoke of thoughts of not waking, wrennidge plan denied"
RISK = {"state": "asked_disclosed", "words": RISK_WORDS, "action": "Safety plan made, GP told", "safeguarding": "None"}
RISK_ENTRY = RiskEntry.model_validate(RISK).model_dump(mode="json")


@dataclass
class Life:
    """What each step printed, and where it all lies."""

    program: Program
    sealed: Sealed
    steps: dict[str, Any] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    traces: list[Path] = field(default_factory=list)


def live(program: Program) -> Life:
    """init, signer, client, agreement, note, draft, every decision, finish, sign, reports, browse, verify, search,
    backups, doctor."""
    key = program.json("init")["recovery_key"]
    life = Life(program, Sealed(program.vault, key))
    steps = life.steps
    steps["signer"] = program.json("signer", "--name", "A. Invented", "--registration", "X-1")
    steps["client"] = program.json("client", "add", "C014")
    steps["drafting"] = program.json("consent", "record", "C014", "drafting", "agreed")
    steps["supervision"] = program.json("consent", "record", "C014", "supervision", "agreed", "--how", "written")
    steps["note"] = program.json("note", "add", "C014", "--date", "2026-03-04", given=NOTE)
    steps["draft"] = program.json("draft", "C014/1")
    steps["before"] = program.json("review", "list", "C014/1")
    for item in steps["before"]["items"]:
        steps[f"decide {item['item']}"] = _decide(life, item)
    form = {"focus": OWN_FOCUS, "themes": [{"label": OWN_THEME, "code": None, "sentences": [3, 4]}], "risk": RISK}
    steps["finish"] = program.json("finish", "C014/1", "-", given=json.dumps(form))
    steps["sign"] = program.json("sign", "C014/1", "--attest")
    steps["after"] = program.json("review", "list", "C014/1")
    steps["quiet"] = program.reported("C014", "--out", "quiet")
    steps["full"] = program.reported("C014", "--out", "full", "--risk", "--supervision")
    steps["browse"] = program.json("browse", "full.json", vault=False)
    steps["verify"] = program.json("verify")
    steps["search"] = program.json("search", given=CANARIES[0])
    steps["backup"] = program.json("backup", "now")
    steps["backups"] = program.json("backup", "list")
    steps["doctor"] = program.run("doctor", "--json").json
    return life


def _decide(life: Life, item: dict[str, Any]) -> Any:
    """Keep one theme and one reflection, reword the focus and what holds a note's rare words, reject the rest."""
    name, kind, text = item["item"], item["kind"], item["text"]
    rare = any(word in text.casefold() for word in CANARIES)
    to = ("--to", "record") if name == "R1" else ("--to", "supervision_notes") if kind == "reflection" else ()
    if name in ("F", "T1") or (name == "R1" and rare):
        if name != "F" and not rare:
            life.kept.append(text)
            return life.program.json("review", "accept", "C014/1", name)
        mine = {"F": "Anger after giving way", "T1": "Giving way and minding it", "R1": "What did I hurry past?"}[name]
        life.kept.append(mine)
        life.left_out.append(text)
        return life.program.json("review", "edit", "C014/1", name, *to, given=mine)
    if kind == "reflection" and not rare:
        life.kept.append(text)
        return life.program.json("review", "accept", "C014/1", name, *to)
    life.left_out.append(text)
    return life.program.json("review", "reject", "C014/1", name, "--reason", "not_important")


_LIVED: dict[str, Life] = {}
_SHOWN: dict[str, tuple[Program, Done, list[Path]]] = {}


def once(folder: Path) -> Life:
    """The life of this test run, under `folder` when it has still to be lived."""
    if "life" not in _LIVED:
        alone = without_network()
        program = Program(folder / "room", (*alone, *traced(folder)))
        life = live(program)
        life.traces = sorted(folder.glob("trace-*"))
        _LIVED["life"] = life
    return _LIVED["life"]


def demonstration(folder: Path) -> tuple[Program, Done, list[Path]]:
    """The demonstration of this test run: where it ran, what it printed, what strace saw of the network."""
    if "demo" not in _SHOWN:
        program = Program(folder / "room", traced(folder))
        done = program.run("demo", vault=False)
        _SHOWN["demo"] = (program, done, sorted(folder.glob("trace-*")))
    return _SHOWN["demo"]


@cache
def without_network() -> tuple[str, ...]:
    """What goes before the command so that it has no network at all; nothing where that cannot be had."""
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-rn", "true"], capture_output=True, check=False).returncode != 0:
        return ()
    return (unshare, "-rn")


def traced(folder: Path, *, filtered: bool = False) -> tuple[str, ...]:
    """What goes before the command so that every network call of it and its children is written down; nothing where
    there is no strace. One core, so that the model runs in one thread: strace slows every wait of one thread for
    another, and there are thousands in each word. With `filtered` the kernel wakes strace for network calls alone, so
    that all cores can be used; but notekeeper's own filter answers first, and a call that it refuses stays unseen."""
    strace, taskset = shutil.which("strace"), shutil.which("taskset")
    if strace is None:
        return ()
    one_core = (taskset, "-c", str(min(os.sched_getaffinity(0)))) if taskset and not filtered else ()
    alone = ("--seccomp-bpf",) if filtered else ()
    return (*one_core, strace, "-f", *alone, "-e", "trace=network", "-o", f"{folder}/trace-{{number}}")
