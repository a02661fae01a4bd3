"""`pattern`: the patterns of a client over signed sessions, their review one by one, and the signature."""

import sys

import click

from notekeeper.cli.client_patterns_shown import (
    patterns_as_json,
    say_decided,
    show_review,
    show_signed,
    waiting_words,
)
from notekeeper.cli.common import Desk, as_json, pass_desk, read_text, say, say_json, tell, typed_or_read
from notekeeper.cli.drafts import progress_line
from notekeeper.domain.pattern import PatternKind
from notekeeper.domain.pattern_review import ATTESTATION
from notekeeper.domain.review import RejectReason
from notekeeper.errors import NotReadyError, UsageError
from notekeeper.services.backups import after_signing
from notekeeper.services.client_patterns import LESS_MENTION, patterns_of
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
from notekeeper.services.client_patterns_wording import require_wordable, word_patterns
from notekeeper.services.consent import permit_to_word_patterns


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
        show_review(seen)


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
    show_review(seen)
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
    say_decided(seen, name, as_json=as_json)


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
        words = typed_or_read("Label" if is_label else "Your sentence", source)
        given = {"label": words} if is_label else {"statement": words}
        seen = edit_pattern(vault, client, name, **given)
    say_decided(seen, name, as_json=as_json)


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
    say_decided(seen, name, as_json=as_json)


@pattern.command("reopen")
@click.argument("code")
@click.argument("name")
@as_json
@pass_desk
def reopen(desk: Desk, code: str, name: str, as_json: bool) -> None:
    """Take your decision on a pattern back, so that it awaits one again."""
    with desk.file(code) as (vault, client):
        seen = reopen_pattern(vault, client, name)
    say_decided(seen, name, as_json=as_json)


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
        say(f"Added: O{len(seen.review.own)}, {seen.review.own[-1].label}. {waiting_words(seen)}")


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
        say(f"Taken away: O{int(number)}. {waiting_words(seen)}")


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
            show_review(seen)
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
        show_signed(body, notes, stands=body is signed[-1])
    say(f"{len(signed)} signature(s) on patterns. {LESS_MENTION}")


commands = (pattern,)
