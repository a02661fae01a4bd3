"""`suggest`: one answer for each line whatever the line, nothing invented, nothing kept."""

import json
import re
from dataclasses import dataclass
from typing import Any

import pytest

from notekeeper.config import resource
from notekeeper.domain.draft import Draft
from notekeeper.drafting.library import read_library
from notekeeper.drafting.words import read_vocabulary
from tests.cli.driver import InProcess, Program, snapshot
from tests.cli.invented import INJECTIONS, ODD, ROLE, TRANSCRIPT

NOTES = {f"injection-{n}": text for n, text in enumerate(INJECTIONS)}


@dataclass
class Batch:
    """What one run over every line printed, and which files were in the room before and after."""

    lines: list[dict[str, Any]]
    given: list[str]
    before: dict[str, bytes]
    after: dict[str, bytes]

    def of(self, name: str | int) -> dict[str, Any]:
        return next(line for line in self.lines if line.get("id") == name)


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    program = Program(tmp_path_factory.mktemp("batch") / "room")
    given = [line for _, line, _ in ODD] + [json.dumps({"id": name, "text": text}) for name, text in NOTES.items()]
    (program.work / "lines.jsonl").write_text("\n".join([given[0], "", *given[1:], "   ", ""]), encoding="utf-8")
    before = snapshot(program.room)
    done = program.run("suggest", "--batch", "lines.jsonl", "--json", vault=False)
    assert (done.code, done.err) == (0, "")
    return Batch([json.loads(line) for line in done.out.splitlines()], given, before, snapshot(program.room))


def test_one_line_out_for_each_line_in(batch: Batch) -> None:
    assert len(batch.lines) == len(batch.given)
    for line, (name, raw, outcome) in zip(batch.lines, ODD, strict=False):
        if outcome == "error":
            assert set(line) in ({"id", "error"}, {"line", "error"}), name
            assert line["error"].endswith("."), name
        else:
            assert line["refused"] == outcome, name
            assert line["id"] == json.loads(raw)["id"], name
    assert batch.lines[1]["line"] == 3
    assert batch.of("long")["error"].startswith("This text has")


def test_every_answer_is_of_the_published_form(batch: Batch) -> None:
    for line in batch.lines:
        if "error" not in line:
            fields = {name: value for name, value in line.items() if name != "id"}
            Draft.model_validate_json(json.dumps(fields))
            assert {"focus", "themes", "reflections", "ideas", "withheld", "refused", "read"} <= set(fields)
            assert {"load_s", "prompt_tokens", "completion_tokens", "total_s"} <= set(fields["timing"])


def _items(line: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    found = [(line["focus"]["text"], line["focus"]["evidence"])] if line["focus"] else []
    found += [(theme["label"], theme["evidence"]) for theme in line["themes"]]
    found += [(item["question"], item["evidence"]) for item in line["reflections"]]
    return found + [(item["hypothesis"], item["evidence"]) for item in line["ideas"]]


def test_a_note_that_gives_orders_gets_no_invention(batch: Batch) -> None:
    vocabulary = read_vocabulary(
        resource("prompts/neutral-words.txt").read_text(encoding="utf-8"),
        resource("models/starter/lexicon.txt").read_text(encoding="utf-8"),
    )
    library = read_library(resource("models/starter/data/reflections.jsonl").read_text(encoding="utf-8"))
    answered = 0
    for name, note in {**NOTES, "role": ROLE}.items():
        line = batch.of(name)
        assert line["refused"] in (None, "transcript")
        for words, evidence in _items(line):
            answered += 1
            assert words.strip()
            assert evidence
            for piece in evidence:
                assert note[piece["start"] : piece["end"]] == piece["text"]
            if words in library.questions:  # written by a person, word for word; nothing a note could have ordered
                continue
            cited = " ".join(piece["text"] for piece in evidence)
            assert vocabulary.outside(words, [cited]) == []
            # The same again by a cruder rule of this test's own: each word opens like a word that is cited.
            heard = {word[:3] for word in re.findall(r"[^\W_]+", cited.casefold())}
            spoken = re.findall(r"[^\W_]+(?:'\w+)?", words.casefold())
            assert [w for w in spoken if w[:3] not in heard and w not in vocabulary.neutral] == []
    assert answered > len(NOTES) / 2


def test_nothing_is_written_to_disk(batch: Batch) -> None:
    assert batch.after == batch.before


def test_one_text_from_a_file_and_from_standard_input(tmp_path_factory: pytest.TempPathFactory) -> None:
    program = InProcess(tmp_path_factory.mktemp("single") / "room")
    (program.work / "talk.txt").write_text(TRANSCRIPT, encoding="utf-8")
    refused = program.run("suggest", "talk.txt", "--json", vault=False)
    assert (refused.code, refused.json["refused"]) == (0, "transcript")
    shown = program.run("suggest", "-", given=TRANSCRIPT, vault=False)
    assert shown.code == 0
    assert "word for word" in shown.out
    batch_alone = program.run("suggest", "--batch", "talk.txt", vault=False)
    assert batch_alone.code == 2
    assert "--json" in batch_alone.err
