"""Notes as an export holds them: every revision of both parts, typing not saved, drafts, sign-off, addenda.

What always holds: a record of a note bears its number, and so does all within it; a draft of the model says that it is
one; of a note filed under the wrong client there is its stub and nothing else.
"""

import json
from collections.abc import Iterator

from notekeeper.domain.file_export import Record
from notekeeper.domain.holdings import HeldDraft, HeldTyping
from notekeeper.domain.note import Client, Note, NotePart
from notekeeper.domain.signature import Proof
from notekeeper.domain.vault import Vault
from notekeeper.services.caseload import kind_words
from notekeeper.services.held_values import fact, record_of, text, typing

PARTS = {
    NotePart.RECORD: "Record",
    NotePart.PROCESS: "Process notes (kept apart from AI and reports; still personal data)",
}

_SUGGESTIONS = ("focus", "themes", "reflections", "ideas", "withheld", "refused")


def notes_held(vault: Vault, client: Client) -> tuple[Record, ...]:
    """A record for every note, by number. Raises `ChainBrokenError` for one that was altered."""
    drafts, typed = vault.holdings.drafts(client.id), vault.holdings.typing(client.id)
    return tuple(
        _note(
            vault,
            note,
            [each for each in drafts if each.note_id == note.id],
            [each for each in typed if each.note_id == note.id],
        )
        for note in vault.notes.of_client(client.id)
    )


def stubs_held(vault: Vault, client: Client) -> tuple[Record, ...]:
    """A record without content for every note that was filed under the wrong client."""
    return tuple(
        Record(kind="stub", title=f"Note {note.number}", note=note.number, fields=(fact("date", note.date),))
        for note in vault.notes.stubs(client.id)
    )


def saved_texts(vault: Vault, client: Client) -> dict[str, str]:
    """Every saved text of the client's notes, by the id of its revision."""
    return {
        revision.id: revision.text
        for note in vault.notes.of_client(client.id)
        for part in NotePart
        for revision in vault.notes.revisions(note.id, part)
    }


def _note(vault: Vault, note: Note, drafts: list[HeldDraft], typed: list[HeldTyping]) -> Record:
    parts = [
        *_texts(vault, note),
        *(typing("Typed for this note and not added", each, note.number) for each in typed),
        *(_draft(note, each) for each in drafts),
        *(_review(vault, note) if not note.signed else ()),
        *_signed(vault, note),
        *_addenda(vault, note),
    ]
    return Record(
        kind="note",
        title=f"Note {note.number}, {kind_words(note.kind)}, {note.date.isoformat()}",
        at=note.created_at,
        note=note.number,
        fields=(
            fact("number", note.number),
            fact("date", note.date),
            fact("kind", kind_words(note.kind), "Kind of note"),
            fact("signed", note.signed),
        ),
        parts=tuple(parts),
    )


def _texts(vault: Vault, note: Note) -> Iterator[Record]:
    for part in NotePart:
        for revision in vault.notes.revisions(note.id, part):
            yield Record(
                kind="revision",
                title=f"{PARTS[part]}, revision {revision.number}",
                at=revision.saved_at,
                note=note.number,
                revision=revision.id,
                fields=(fact("part", part.value), fact("number", revision.number), text("text", revision.text)),
            )
        working = vault.notes.working(note.id, part)
        if working is not None:
            yield Record(
                kind="unsaved",
                title=f"{PARTS[part]}, typed and not saved",
                at=working.saved_at,
                note=note.number,
                fields=(fact("part", part.value), text("text", working.text)),
            )


def _draft(note: Note, held: HeldDraft) -> Record:
    """A draft with its decisions; what was destroyed is said to be."""
    made_by = {} if held.draft is None else {"provenance": held.draft.provenance.model_dump(mode="json")}
    facts = record_of("facts", "How it was made", {**made_by, **json.loads(held.facts)}, note=note.number)
    made = [facts]
    if held.draft is not None:
        made.append(
            record_of(
                "suggestions",
                "Suggestions of a language model, not part of the record",
                {name: getattr(held.draft, name) for name in _SUGGESTIONS},
                note=note.number,
                revision=held.revision_id,
            )
        )
    made += [
        record_of("decision", f"Decision on {each.item}", each, at=each.at, note=note.number) for each in held.decisions
    ]
    ended = (
        (fact("ended", held.ended[0], "Content destroyed because"), fact("ended_at", held.ended[1], "Destroyed at"))
        if held.ended
        else ()
    )
    return Record(
        kind="ai_draft",
        title="AI draft, not signed" if held.draft is not None else "AI draft, its content destroyed",
        at=held.made_at,
        note=note.number,
        fields=ended,
        parts=tuple(made),
    )


def _review(vault: Vault, note: Note) -> Iterator[Record]:
    own, risk = vault.reviews.own(note.id), vault.reviews.risk(note.id)
    newest = vault.notes.latest(note.id)
    if own.focus or own.themes:
        yield record_of(
            "own_view",
            "Therapist's own view, not signed",
            own,
            note=note.number,
            revision=newest.id if newest else None,
        )
    if risk is not None:
        yield record_of("risk", "Risk entry, not signed", risk, note=note.number)


def _signed(vault: Vault, note: Note) -> Iterator[Record]:
    signed = vault.signoffs.of_note(note.id)
    if signed is None:
        return
    body = signed.body
    made = record_of("sign_off", "Sign-off", body, at=body.signed_at, note=note.number, revision=body.revision_id)
    proof = vault.signoffs.proof(note.id)
    yield made.model_copy(update={"parts": (*made.parts, *_proved(note, proof))})


def _addenda(vault: Vault, note: Note) -> Iterator[Record]:
    proofs = vault.addenda.proofs(note.id)
    for added, proof in zip(vault.addenda.of_note(note.id), proofs, strict=True):
        risk = (record_of("risk", "Risk entry recorded later", added.risk, note=note.number),) if added.risk else ()
        signer = record_of("signer", "Signer", added.signer, note=note.number)
        yield Record(
            kind="addendum",
            title=f"Addendum {added.number}",
            at=added.added_at,
            note=note.number,
            fields=(fact("number", added.number), *((text("text", added.text),) if added.text else ())),
            parts=(signer, *risk, *_proved(note, proof)),
        )


def _proved(note: Note, proof: Proof | None) -> tuple[Record, ...]:
    """The signature with the very bytes it is over, which are ASCII."""
    if proof is None:
        return ()
    fields = (
        fact("public_key", proof.public_key),
        fact("signature", proof.signature),
        fact("signed_bytes", proof.signed.decode("utf-8"), "The bytes that are signed"),
    )
    return (Record(kind="signature", title="Signature (Ed25519)", note=note.number, fields=fields),)
