"""`thread` and `pattern`: themes of a client followed over signed sessions, their review one by one, the signature."""

import sys

import click

from notekeeper.cli.common import Desk, as_json, pass_desk, read_text, say, say_entry, say_json, tell
from notekeeper.cli.drafts import progress_line
from notekeeper.domain.pattern import PatternKind, PatternSignOff
from notekeeper.domain.pattern_review import ATTESTATION, PatternItem
from notekeeper.domain.review import RejectReason
from notekeeper.errors import NotReadyError, UsageError
from notekeeper.services.backups import after_signing
from notekeeper.services.client_patterns import ClientPatterns, FollowedThread, Noted, patterns_of
from notekeeper.services.client_patterns_review import (
    accept_counts,
    accept_pattern,
    add_own_pattern,
    edit_pattern,
    reject_pattern,
    reopen_pattern,
    sign_patterns,
    take_own_away,
)
from notekeeper.services.client_patterns_threads import (
    edit_words,
    merge_threads,
    rename_thread,
    split_thread,
    undo_edit,
)
from notekeeper.services.client_patterns_wording import require_wordable, word_patterns
from notekeeper.services.consent import permit_to_word_patterns

LESS = "Less mention in the notes is not recovery."
_LEGEND = ", ".join(f"{noted.mark} {noted.words}" for noted in Noted)


@click.group()
def thread() -> None:
    """Themes of a client that are one theme over sessions: look, merge, split, rename."""


@thread.command("list")
@click.argument("code")
@as_json
@pass_desk
def list_threads(desk: Desk, code: str, as_json: bool) -> None:
    """Show every thread by sessions, with what each session's note says of it."""
    with desk.file(code) as (vault, client):
        seen = patterns_of(vault, client)
    _say_threads(seen, as_json=as_json)


@thread.command("merge")
@click.argument("code")
@click.argument("one")
@click.argument("other")
@as_json
@pass_desk
def merge(desk: Desk, code: str, one: str, other: str, as_json: bool) -> None:
    """Make one thread of two, like T2 and T5."""
    with desk.file(code) as (vault, client):
        merge_threads(vault, client, one, other)
        seen = patterns_of(vault, client)
    _say_threads(seen, as_json=as_json)


@thread.command("split")
@click.argument("code")
@click.argument("name")
@click.argument("sessions", type=click.IntRange(1), nargs=-1, required=True)
@as_json
@pass_desk
def split(desk: Desk, code: str, name: str, sessions: tuple[int, ...], as_json: bool) -> None:
    """Let the themes of these sessions leave a thread, to be one of their own."""
    with desk.file(code) as (vault, client):
        split_thread(vault, client, name, sessions)
        seen = patterns_of(vault, client)
    _say_threads(seen, as_json=as_json)


@thread.command("rename")
@click.argument("code")
@click.argument("name")
@click.argument("source", default="-")
@as_json
@pass_desk
def rename(desk: Desk, code: str, name: str, source: str, as_json: bool) -> None:
    """Give a thread a label of your own, typed at the prompt or read from a file or standard input."""
    with desk.file(code) as (vault, client):
        patterns_of(vault, client)  # a refusal comes before anything is typed
        rename_thread(vault, client, name, _words("Label", source))
        seen = patterns_of(vault, client)
    _say_threads(seen, as_json=as_json)


@thread.command("undo")
@click.argument("code")
@as_json
@pass_desk
def undo(desk: Desk, code: str, as_json: bool) -> None:
    """Take back what was changed last in the threads. What was taken back stays on file."""
    with desk.file(code) as (vault, client):
        taken = undo_edit(vault, client)
        seen = patterns_of(vault, client)
    if not as_json:
        say(f"Taken back: {edit_words(taken.edit)}.")
    _say_threads(seen, as_json=as_json)


@click.group()
def pattern() -> None:
    """Patterns of a client over signed sessions, decided on one at a time. There is no accept-all."""


@pattern.command("list")
@click.argument("code")
@as_json
@pass_desk
def list_patterns(desk: Desk, code: str, as_json: bool) -> None:
    """Show every pattern beside its sentences, and what you have decided."""
    with desk.file(code) as (vault, client):
        seen = patterns_of(vault, client)
    if as_json:
        say_json(patterns_as_json(seen))
    else:
        _show(seen)


@pattern.command("word")
@click.argument("code")
@click.option("--model", help="A model of the catalogue; without it the one in use.")
@as_json
@pass_desk
def word(desk: Desk, code: str, model: str | None, as_json: bool) -> None:
    """Have a model word each pattern from its sentences. Needs agreement to patterns and to drafting."""
    from notekeeper.bootstrap import drafting_parts

    with desk.file(code) as (vault, client):
        permit = permit_to_word_patterns(vault, client)
        require_wordable(vault, client)
        with drafting_parts(model) as parts:
            worded, plain = word_patterns(permit, vault, client, parts, progress_line())
        seen = patterns_of(vault, client)
    if as_json:
        say_json({"worded": worded, "plain": plain, **patterns_as_json(seen)})
        return
    _show(seen)
    say(f"{worded} pattern(s) worded by the model; {plain} stay in plain counts. You decide on every one.")


@pattern.command("accept")
@click.argument("code")
@click.argument("name")
@click.option("--counts", is_flag=True, help="In its plain sentence of counts, whatever a model made of it.")
@as_json
@pass_desk
def accept(desk: Desk, code: str, name: str, counts: bool, as_json: bool) -> None:
    """Keep a pattern, like P2, as it is shown."""
    with desk.file(code) as (vault, client):
        seen = (accept_counts if counts else accept_pattern)(vault, client, name)
    _say_decided(seen, name, as_json=as_json)


@pattern.command("edit")
@click.argument("code")
@click.argument("name")
@click.argument("source", default="-")
@click.option("--label", "is_label", is_flag=True, help="What is given is the label, not the sentence.")
@as_json
@pass_desk
def edit(desk: Desk, code: str, name: str, source: str, is_label: bool, as_json: bool) -> None:  # noqa: PLR0917
    """Keep a pattern in your own sentence, typed at the prompt or read from a file or standard input."""
    with desk.file(code) as (vault, client):
        patterns_of(vault, client).review.named(name)
        words = _words("Label" if is_label else "Your sentence", source)
        given = {"label": words} if is_label else {"statement": words}
        seen = edit_pattern(vault, client, name, **given)
    _say_decided(seen, name, as_json=as_json)


@pattern.command("reject")
@click.argument("code")
@click.argument("name")
@click.option("--reason", type=click.Choice([r.value for r in RejectReason]), help="Optional.")
@as_json
@pass_desk
def reject(desk: Desk, code: str, name: str, reason: str | None, as_json: bool) -> None:
    """Leave a pattern out. What a model wrote of it is destroyed when you sign."""
    with desk.file(code) as (vault, client):
        seen = reject_pattern(vault, client, name, RejectReason(reason) if reason else None)
    _say_decided(seen, name, as_json=as_json)


@pattern.command("reopen")
@click.argument("code")
@click.argument("name")
@as_json
@pass_desk
def reopen(desk: Desk, code: str, name: str, as_json: bool) -> None:
    """Take your decision on a pattern back, so that it awaits one again."""
    with desk.file(code) as (vault, client):
        seen = reopen_pattern(vault, client, name)
    _say_decided(seen, name, as_json=as_json)


@pattern.command("add")
@click.argument("code")
@click.argument("source", default="-")
@click.option("--kind", type=click.Choice([k.value for k in PatternKind]), default="recurring", show_default=True)
@click.option("--session", "sessions", type=click.IntRange(1), multiple=True, required=True, help="Once for each.")
@as_json
@pass_desk
def add(desk: Desk, code: str, source: str, kind: str, sessions: tuple[int, ...], as_json: bool) -> None:  # noqa: PLR0917
    """Add a pattern of your own: its label on the first line, your sentence on the next. Without one it is counts."""
    with desk.file(code) as (vault, client):
        patterns_of(vault, client)
        if source == "-" and sys.stdin.isatty():
            label = str(click.prompt("Label", err=True))
            said = str(click.prompt("Your sentence (empty: counts)", default="", show_default=False, err=True))
        else:
            label, _, said = read_text(source).strip().partition("\n")
        seen = add_own_pattern(vault, client, label, kind=PatternKind(kind), numbers=sessions, statement=said)
    if as_json:
        say_json(patterns_as_json(seen))
    else:
        say(f"Added: O{len(seen.review.own)}, {seen.review.own[-1].label}. {_waiting(seen)}")


@pattern.command("remove")
@click.argument("code")
@click.argument("name")
@as_json
@pass_desk
def remove(desk: Desk, code: str, name: str, as_json: bool) -> None:
    """Take a pattern of your own, like O1, away again."""
    number = name.upper().removeprefix("O")
    if not number.isdecimal() or len(number) > 4:
        raise UsageError("A pattern of your own is written O1, O2 and so on. Nothing was changed.")
    with desk.file(code) as (vault, client):
        seen = take_own_away(vault, client, int(number))
    if as_json:
        say_json(patterns_as_json(seen))
    else:
        say(f"Taken away: O{int(number)}. {_waiting(seen)}")


@pattern.command("sign")
@click.argument("code")
@click.option("--attest", is_flag=True, help="I have read the attestation and it is true; needed without a terminal.")
@as_json
@pass_desk
def sign(desk: Desk, code: str, attest: bool, as_json: bool) -> None:
    """Sign the patterns as reviewed. A later signature stands in place of an earlier one, which stays legible."""
    with desk.file(code) as (vault, client):
        seen = patterns_of(vault, client)
        if not attest:
            if not sys.stdin.isatty():
                raise NotReadyError(f"Signing says: “{ATTESTATION}” If it is true, add --attest. Nothing was signed.")
            _show(seen)
            say(ATTESTATION)
            if click.prompt("Type sign to sign", default="", show_default=False, err=True) != "sign":
                raise NotReadyError("Nothing was signed.")
        body = sign_patterns(vault, client).body
        for sentence in after_signing(vault).said:
            tell(f"notekeeper: {sentence}")
    if as_json:
        say_json({"client": client.code, "signed": body.model_dump(mode="json")})
    else:
        kept = f"{len(body.patterns)} kept, {body.rejected} rejected, {body.withheld} withheld"
        say(f"Signed: the patterns of {client.code} by {body.signer.name}. {kept}.")


@pattern.command("show")
@click.argument("code")
@click.option("--all", "every", is_flag=True, help="Earlier signatures too.")
@as_json
@pass_desk
def show(desk: Desk, code: str, every: bool, as_json: bool) -> None:
    """Show what stands signed. It stays readable when the client no longer agrees to patterns."""
    with desk.file(code) as (vault, client):
        signed = [each.body for each in vault.pattern_signoffs.of_client(client.id)]
        notes = {note.id: note.number for note in vault.notes.of_client(client.id)}
    shown = signed if every else signed[-1:]
    if as_json:
        say_json({"client": client.code, "signed": [each.model_dump(mode="json") for each in shown]})
        return
    for body in shown:
        _show_signed(body, notes, stands=body is signed[-1])
    say(f"{len(signed)} signature(s) on patterns. {LESS}")


def patterns_as_json(seen: ClientPatterns) -> dict[str, object]:
    """Everything of a review of patterns, for other programs. Sessions are numbers in the file."""
    return {
        **threads_as_json(seen),
        "patterns": [_item_as_json(seen, item) for item in seen.review.items],
        "own": [
            {"pattern": f"O{place}", **own.model_dump(mode="json"), "sessions": seen.numbers_of(own.notes)}
            for place, own in enumerate(seen.review.own, start=1)
        ],
        "together": [
            {
                "patterns": [seen.review.items[pair.first].name, seen.review.items[pair.second].name],
                "sessions": [seen.themes.numbers()[session] for session in pair.sessions],
            }
            for pair in seen.together
        ],
        "undecided": seen.review.undecided(),
        "signed_at": seen.signed.body.signed_at.isoformat() if seen.signed else None,
    }


def threads_as_json(seen: ClientPatterns) -> dict[str, object]:
    """The threads by sessions."""
    return {
        "client": seen.client.code,
        "sessions": [
            {
                "number": each.number,
                "note": each.note.number,
                "date": each.note.date.isoformat(),
                "signed": each.place is not None,
                "themes": count,
            }
            for each, count in zip(seen.sessions, seen.counts, strict=True)
        ],
        "threads": [
            {
                "thread": each.name,
                "label": each.label,
                "code": each.thread.code,
                "sessions": each.numbers,
                "noted": [noted.name.lower() for noted in each.marks],
                "pattern": each.item.name if each.item else None,
            }
            for each in seen.threads
        ],
        "edits": [
            {"at": made.at.isoformat(), "undone": made.undone, **made.edit.model_dump(mode="json")}
            for made in seen.edits
        ],
    }


def _item_as_json(seen: ClientPatterns, item: PatternItem) -> dict[str, object]:
    return {
        "pattern": item.name,
        "key": item.key,
        "label": item.label,
        "code": item.pattern.code,
        "kind": item.pattern.kind.value,
        "sessions": seen.numbers_of(item.notes),
        "statement": item.statement,
        "origin": item.origin,
        "counts": item.composed,
        "worded": item.worded.model_dump() if item.worded else None,
        "decision": item.decision.model_dump(mode="json") if item.decision else None,
        "evidence": [
            {"session": seen.numbers_of([piece.note_id])[0], **piece.model_dump(exclude={"note_id"})}
            for piece in item.evidence
        ],
    }


def _say_threads(seen: ClientPatterns, *, as_json: bool) -> None:
    if as_json:
        say_json(threads_as_json(seen))
        return
    for each in seen.threads:
        say_entry(
            f"{each.name:4} {''.join(noted.mark for noted in each.marks)}  {each.label}"
            + (f"  [{each.item.name}]" if each.item else ""),
            f"Thread {each.name}: {each.label}.",
            *_noted_facts(seen, each),
            ("Pattern", each.item.name if each.item else ""),
        )
    if seen.threads:
        say_entry(f"Marks, session by session: {_LEGEND}.")
    for made in seen.edits:
        if not made.undone:
            say(f"{made.at.date().isoformat()}: {edit_words(made.edit)}.")
    say(f"{len(seen.threads)} thread(s) in {len(seen.themes.places)} of {len(seen.sessions)} session(s).")


def _noted_facts(seen: ClientPatterns, each: FollowedThread) -> list[tuple[str, object]]:
    """What each session's note says of a thread, for a screen reader: "Noted: sessions 1, 2"."""
    return [
        (noted.words.capitalize(), ", ".join(numbers))
        for noted in Noted
        if (numbers := [str(s.number) for s, m in zip(seen.sessions, each.marks, strict=True) if m is noted])
    ]


def _show(seen: ClientPatterns) -> None:
    for item in seen.review.items:
        decided = item.decision.choice.value if item.decision else "to decide"
        days = {each.note.id: each.note.date.isoformat() for each in seen.sessions}
        marks = "".join(noted.mark for noted in seen.thread_of(item).marks)
        say_entry(
            "\n".join(
                [
                    f"{item.name:3} [{decided}] {marks}  {item.label}: {item.pattern.kind.words}",
                    f"      {item.statement}  [{item.origin.replace('_', ' ')}]",
                    *(f"      | {days[piece.note_id]}  {' '.join(piece.text.split())}" for piece in item.evidence),
                ]
            ),
            f"Pattern {item.name}: {item.label}.",
            ("State", decided),
            ("Kind", item.pattern.kind.words),
            *_noted_facts(seen, seen.thread_of(item)),
            ("Sentence", item.statement),
            ("Origin", item.origin.replace("_", " ")),
            *((f"Evidence, {days[piece.note_id]}", " ".join(piece.text.split())) for piece in item.evidence),
        )
        if item.worded and item.worded.reason:
            held = item.worded.withheld or "(no words)"
            say_entry(
                f"      withheld: {held} – {item.worded.reason}", ("Withheld", held), ("Reason", item.worded.reason)
            )
        if item.earlier:
            say_entry(f"      you wrote earlier: {item.earlier}", ("You wrote earlier", item.earlier))
    for place, own in enumerate(seen.review.own, start=1):
        say_entry(
            f"O{place}  [mine] {own.label}: {own.kind.words}\n      {own.statement}",
            f"Pattern O{place} of your own: {own.label}.",
            ("Kind", own.kind.words),
            ("Sentence", own.statement),
        )
    for pair in seen.together:
        one, other = seen.review.items[pair.first], seen.review.items[pair.second]
        numbers = ", ".join(str(seen.themes.numbers()[session]) for session in pair.sessions)
        say(f"{one.name} and {other.name} are noted together in {len(pair.sessions)} sessions ({numbers}).")
    if seen.signed:
        say(f"Signed before, {seen.signed.body.signed_at.date().isoformat()}: `notekeeper pattern show`.")
    say(f"{len(seen.review.items)} pattern(s). {_waiting(seen)} {LESS}")


def _show_signed(body: PatternSignOff, notes: dict[str, int], *, stands: bool) -> None:
    day, by = body.signed_at.date().isoformat(), body.signer.name
    say(f"Signed {day} by {by}{'' if stands else ', superseded since'}.")
    for each in body.patterns:
        held = ", ".join(str(notes[note]) for note in each.notes if note in notes)
        origin = each.origin.replace("_", " ")
        say_entry(
            f"    {each.label}: {each.kind.words}\n      {each.statement}  [{origin}; notes {held}]",
            f"Pattern {each.label}.",
            ("Kind", each.kind.words),
            ("Sentence", each.statement),
            ("Origin", origin),
            ("Notes", held),
        )


def _say_decided(seen: ClientPatterns, name: str, *, as_json: bool) -> None:
    item = seen.review.named(name)
    if as_json:
        say_json({"client": seen.client.code, **_item_as_json(seen, item), "undecided": seen.review.undecided()})
        return
    choice = item.decision.choice.value if item.decision else "open again"
    say(f"{item.name}: {choice}. {_waiting(seen)}")


def _waiting(seen: ClientPatterns) -> str:
    waiting = seen.review.undecided()
    return f"Still to decide: {', '.join(waiting)}." if waiting else "Next: `notekeeper pattern sign`."


def _words(prompt: str, source: str) -> str:
    typed = source == "-" and sys.stdin.isatty()
    return str(click.prompt(prompt, err=True)) if typed else read_text(source).strip()


commands = (thread, pattern)
