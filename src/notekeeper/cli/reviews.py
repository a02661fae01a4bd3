"""`review`, `finish` and `sign`: deciding item by item, one's own view and risk entry, and the signature."""

import sys
from collections.abc import Callable

import click

from notekeeper.cli.common import Desk, as_json, pass_desk, read_text, say, say_entry, say_json, tell
from notekeeper.cli.drafts import bars, evidence_facts, support_words
from notekeeper.cli.risk import ask_risk, remind, reminder_as_json, show_risk
from notekeeper.domain.draft import kind_of, words_of
from notekeeper.domain.note import Note
from notekeeper.domain.review import ATTESTATION, Choice, Decision, Destination, RejectReason, Review
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotReadyError
from notekeeper.services.backups import after_signing
from notekeeper.services.reviewing import FinishForm, OwnThemeForm, ReviewState, decide, finish, read_form, review_of
from notekeeper.services.risk import reminder, reminder_of, standing_risk
from notekeeper.services.signing import sign

_to = click.option(
    "--to", "destination", type=click.Choice([d.value for d in Destination]), help="Where a kept item goes."
)


@click.group()
def review() -> None:
    """Decide on a draft, one item at a time. There is no accept-all."""


@review.command("list")
@click.argument("reference")
@as_json
@pass_desk
def list_items(desk: Desk, reference: str, as_json: bool) -> None:
    """Show every item beside its sentences, and what you have decided."""
    with desk.note(reference) as (vault, _, note):
        if note.signed:
            signed = vault.signoffs.of_note(note.id)
            if signed is not None:
                body = signed.body
                if as_json:
                    say_json({"note": reference, "signed": body.model_dump(mode="json")})
                    return
                say(f"Signed by {body.signer.name}, {body.signed_at.date().isoformat()}.")
                for place, item in enumerate(body.items, start=1):
                    origin = item.origin.replace("_", " ")
                    say_entry(
                        f"    {item.kind}: {item.text}  [{origin}]",
                        f"Item {place} of {len(body.items)}.",
                        (item.kind.capitalize(), item.text),
                        ("Origin", origin),
                    )
                show_risk(standing_risk(vault, note))
                return
        state = review_of(vault, note)
        text = _text(vault, note)
    if as_json:
        say_json(_as_json(reference, state, text))
    else:
        _show(reference, state, text)


@review.command("accept")
@click.argument("reference")
@click.argument("item")
@_to
@as_json
@pass_desk
def accept(desk: Desk, reference: str, item: str, destination: str | None, as_json: bool) -> None:
    """Keep an item as it is worded."""
    _decide(desk, reference, item, Choice.ACCEPTED, destination=destination, as_json=as_json)


@review.command("edit")
@click.argument("reference")
@click.argument("item")
@click.argument("source", default="-")
@_to
@as_json
@pass_desk
def edit(desk: Desk, reference: str, item: str, source: str, destination: str | None, as_json: bool) -> None:  # noqa: PLR0917
    """Keep an item in your own words, typed at the prompt or read from a file or standard input."""

    def words() -> str:
        typed = source == "-" and sys.stdin.isatty()
        return str(click.prompt("Your words", err=True)) if typed else read_text(source)

    _decide(desk, reference, item, Choice.EDITED, words=words, destination=destination, as_json=as_json)


@review.command("reject")
@click.argument("reference")
@click.argument("item")
@click.option("--reason", type=click.Choice([r.value for r in RejectReason]), help="Optional.")
@as_json
@pass_desk
def reject(desk: Desk, reference: str, item: str, reason: str | None, as_json: bool) -> None:
    """Leave an item out. What the model wrote is destroyed when you sign."""
    _decide(desk, reference, item, Choice.REJECTED, reason=reason, as_json=as_json)


@review.command("reopen")
@click.argument("reference")
@click.argument("item")
@as_json
@pass_desk
def reopen_item(desk: Desk, reference: str, item: str, as_json: bool) -> None:
    """Take your decision on an item back, so that it awaits one again."""
    _decide(desk, reference, item, Choice.REOPENED, as_json=as_json)


def _decide(
    desk: Desk,
    reference: str,
    item: str,
    choice: Choice,
    *,
    words: Callable[[], str] | None = None,
    destination: str | None = None,
    reason: str | None = None,
    as_json: bool,
) -> None:
    """Unlock first, ask for words after: nothing typed is lost at the passphrase."""
    with desk.note(reference) as (vault, _, note):
        decision = decide(
            vault,
            note,
            item.upper(),
            choice,
            text=words().strip() if words else None,
            destination=Destination(destination) if destination else None,
            reason=RejectReason(reason) if reason else None,
        )
        waiting = review_of(vault, note).review.undecided()
    if as_json:
        say_json({"note": reference, "decision": decision.model_dump(mode="json"), "undecided": waiting})
    else:
        say(f"{decision.item}: {choice.value}. " + (f"Still to decide: {', '.join(waiting)}." if waiting else _NEXT))


_NEXT = "Every item is decided; next: `notekeeper finish` for the risk entry, then `notekeeper sign`."


@click.command("finish")
@click.argument("reference")
@click.argument("source", required=False)
@as_json
@pass_desk
def finish_command(desk: Desk, reference: str, source: str | None, as_json: bool) -> None:
    """Give your own focus, themes and the risk entry: asked for at a terminal, or as JSON from a file or "-".

    With a focus, a theme and the risk entry a note can be signed without any AI.
    """
    from notekeeper.bootstrap import taxonomy

    with desk.note(reference) as (vault, _, note):
        review_of(vault, note)
        form = read_form(read_text(source or "-")) if source or not sys.stdin.isatty() else _ask()
        state = finish(vault, note, form, tuple(taxonomy()))
        text = _text(vault, note)
    if as_json:
        say_json(_as_json(reference, state, text))
    else:
        _show(reference, state, text)


def _text(vault: Vault, note: Note) -> str:
    latest = vault.notes.latest(note.id)
    return latest.text if latest else ""


def _ask() -> FinishForm:
    say("Leave a line empty to keep what is there.")
    focus = str(click.prompt("Focus of the session", default="", show_default=False))
    themes: list[OwnThemeForm] = []
    while label := str(click.prompt(f"Theme {len(themes) + 1}", default="", show_default=False)):
        themes.append(OwnThemeForm(label=label))
    fields: dict[str, object] = {"focus": focus or None, "themes": tuple(themes) or None, "risk": ask_risk()}
    return FinishForm.model_validate(fields)


@click.command("sign")
@click.argument("reference")
@click.option("--attest", is_flag=True, help="I have read the attestation and it is true; needed without a terminal.")
@as_json
@pass_desk
def sign_command(desk: Desk, reference: str, attest: bool, as_json: bool) -> None:
    """Sign the note as reviewed. It is closed then; what you did not keep of the draft is destroyed."""
    with desk.note(reference) as (vault, client, note):
        if attest and not note.signed:
            remind(reminder_of(vault, note))
        if not attest:
            if not sys.stdin.isatty():
                raise NotReadyError(f"Signing says: “{ATTESTATION}” If it is true, add --attest. Nothing was signed.")
            _show(reference, review_of(vault, note), _text(vault, note))
            say(ATTESTATION)
            if click.prompt("Type sign to sign", default="", show_default=False, err=True) != "sign":
                raise NotReadyError("Nothing was signed.")
        body = sign(vault, client, note).body
        for sentence in after_signing(vault).said:
            tell(f"notekeeper: {sentence}")
    if as_json:
        say_json({"note": reference, "signed": body.model_dump(mode="json")})
    else:
        kept = f"{len(body.items)} item(s) kept, {body.tally.rejected} rejected, {body.tally.withheld} withheld"
        say(f"Signed: note {reference} by {body.signer.name}. {kept}. The note is closed.")


def _as_json(reference: str, state: ReviewState, text: str) -> dict[str, object]:
    review = state.review
    items = review.draft.items() if review.draft else {}
    return {
        "note": reference,
        "draft": "none" if not state.stored and not state.stale else "stale" if state.stale else "current",
        "items": [
            {
                "item": name,
                "kind": kind_of(item),
                "text": words_of(item),
                "evidence": [piece.model_dump() for piece in item.evidence],
                "decision": _decision(review, name),
            }
            for name, item in items.items()
        ],
        "withheld": [w.model_dump() for w in review.draft.withheld] if review.draft else [],
        "undecided": review.undecided(),
        "own": review.own.model_dump(mode="json"),
        "risk": review.risk.model_dump(mode="json") if review.risk else None,
        "reminder": reminder_as_json(reminder(text, review.risk)),
    }


def _decision(review: Review, name: str) -> dict[str, object] | None:
    found: Decision | None = review.decision(name)
    return found.model_dump(mode="json") if found else None


def _show(reference: str, state: ReviewState, text: str) -> None:
    """Print how a review stands; `text` is the note's newest saved text."""
    review = state.review
    if state.stale:
        say("The note was changed after its draft was made; draft it again, or finish without AI.")
    if review.draft:
        say(f"DRAFT of note {reference}, not signed")
    items = review.draft.items() if review.draft else {}
    for place, (name, item) in enumerate(items.items(), start=1):
        decision = review.decision(name)
        mark = decision.choice.value if decision else "to decide"
        words = decision.text if decision and decision.text else words_of(item)
        say_entry(
            "\n".join([f"{name:3} [{mark}] {kind_of(item)}: {words}", *bars(item.evidence)]),
            f"Item {place} of {len(items)}, named {name}.",
            (kind_of(item).capitalize(), words),
            ("Support", support_words(item)),
            ("State", _standing(decision)),
            *evidence_facts(item.evidence, text),
        )
    if review.own.focus:
        say_entry(f"My focus: {review.own.focus}", ("My focus", review.own.focus))
    for theme in review.own.themes:
        say_entry(
            "\n".join([f"My theme: {theme.label}", *bars(theme.evidence)]),
            ("My theme", theme.label),
            *evidence_facts(theme.evidence, text),
        )
    show_risk(review.risk)
    remind(reminder(text, review.risk))
    if waiting := review.undecided():
        say(f"Still to decide: {', '.join(waiting)}.")


def _standing(decision: Decision | None) -> str:
    """A decision in words."""
    if decision is None:
        return "not decided"
    goes = f", goes to your {_PLACES[decision.destination]}" if decision.destination else ""
    why = f", reason: {decision.reason.value.replace('_', ' ')}" if decision.reason else ""
    return f"{decision.choice.value}{goes}{why}"


_PLACES = {Destination.RECORD: "record", Destination.SUPERVISION: "supervision notes"}


commands = (review, finish_command, sign_command)
