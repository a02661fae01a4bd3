"""Threads and patterns of a client as commands print them: for people, for a screen reader, as JSON.

What always holds: sessions are called by their number in the file; marks are told in words beside them; whatever is
shown of patterns ends with the sentence that less mention is not recovery.
"""

from notekeeper.cli.common import say, say_entry, say_json
from notekeeper.domain.pattern import PatternSignOff
from notekeeper.domain.pattern_review import PatternItem
from notekeeper.services.client_patterns import LESS_MENTION, ClientPatterns, FollowedThread, Noted
from notekeeper.services.client_patterns_threads import edit_words

_LEGEND = ", ".join(f"{noted.mark} {noted.words}" for noted in Noted)


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
        "supervision": seen.said_of(item),
        "evidence": [
            {"session": seen.numbers_of([piece.note_id])[0], **piece.model_dump(exclude={"note_id"})}
            for piece in item.evidence
        ],
    }


def say_threads(seen: ClientPatterns, *, as_json: bool) -> None:
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
        words = ", ".join(noted.words for noted in Noted)
        say_entry(f"Marks, session by session: {_LEGEND}.", f"Marks, session by session: {words}.")
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


def show_review(seen: ClientPatterns) -> None:
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
        for said in seen.said_of(item):
            say_entry(f"      {said}", ("Supervision", said))
        if item.worded and item.worded.reason:
            held = item.worded.withheld or "(no words)"
            say_entry(
                f"      withheld: {held} – {item.worded.reason}", ("Withheld", held), ("Reason", item.worded.reason)
            )
        if item.earlier:
            say_entry(f"      you wrote earlier: {item.earlier}", ("You wrote earlier", item.earlier))
    for place, own in enumerate(seen.review.own, start=1):
        say_entry(
            f"O{place}  [your own] {own.label}: {own.kind.words}\n      {own.statement}",
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
    say(f"{len(seen.review.items)} pattern(s). {waiting_words(seen)} {LESS_MENTION}")


def show_signed(body: PatternSignOff, notes: dict[str, int], *, stands: bool) -> None:
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


def say_decided(seen: ClientPatterns, name: str, *, as_json: bool) -> None:
    item = seen.review.named(name)
    if as_json:
        say_json({"client": seen.client.code, **_item_as_json(seen, item), "undecided": seen.review.undecided()})
        return
    choice = item.decision.choice.value if item.decision else "open again"
    say(f"{item.name}: {choice}. {waiting_words(seen)}")


def waiting_words(seen: ClientPatterns) -> str:
    waiting = seen.review.undecided()
    return f"Still to decide: {', '.join(waiting)}." if waiting else "Next: `notekeeper pattern sign`."
