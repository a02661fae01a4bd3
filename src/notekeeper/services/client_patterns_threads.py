"""Changing how a client's themes are linked over sessions: merged, split off, renamed, and taken back.

What always holds: an edit is a further entry, and what was there before is found again when it is taken back; it names
the notes it rests on; nothing is changed while somebody does not agree to patterns.
"""

from collections.abc import Sequence

from notekeeper.domain.entry import EntryKind
from notekeeper.domain.note import Client
from notekeeper.domain.pattern import (
    SignedTheme,
    SignedThemes,
    ThemeName,
    ThreadEdit,
    ThreadMerge,
    ThreadRename,
    ThreadSplit,
)
from notekeeper.domain.pattern_review import pattern_label
from notekeeper.domain.thread_edit import KeptThreadEdit, MadeEdit
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.services.client_patterns import ClientPatterns, FollowedThread, patterns_of

_NONE = "Nothing was changed."


def merge_threads(vault: Vault, client: Client, one: str, other: str) -> ThreadEdit:
    """Make one thread of two. Raises `UsageError`, `AgreementMissingError`."""
    seen = patterns_of(vault, client)
    first, second = thread_named(seen, one), thread_named(seen, other)
    if first == second:
        raise UsageError(f"A thread is merged with another one. {_NONE}")
    themes = seen.themes
    edit = ThreadMerge(one=_names(themes, first.thread.themes), other=_names(themes, second.thread.themes))
    return _keep(vault, client, edit)


def split_thread(vault: Vault, client: Client, name: str, numbers: Sequence[int]) -> ThreadEdit:
    """Let the themes of these sessions leave their thread, to be one of their own. Raises `UsageError`,
    `AgreementMissingError`."""
    seen = patterns_of(vault, client)
    found = thread_named(seen, name)
    wanted = set(numbers)
    if not wanted or not wanted <= set(found.numbers):
        held = ", ".join(map(str, found.numbers))
        raise UsageError(f"{found.name} is noted in session(s) {held}. Name those that leave it. {_NONE}")
    called = seen.themes.numbers()
    leaving = [theme for theme in found.thread.themes if called[theme.session] in wanted]
    if len(leaving) == len(found.thread.themes):
        raise UsageError(f"Some of its sessions must stay in the thread. {_NONE}")
    return _keep(vault, client, ThreadSplit(themes=_names(seen.themes, leaving)))


def rename_thread(vault: Vault, client: Client, name: str, label: str) -> ThreadEdit:
    """Give a thread a label of one's own. Raises `UsageError`, `AgreementMissingError`."""
    seen = patterns_of(vault, client)
    found = thread_named(seen, name)
    edit = ThreadRename(themes=_names(seen.themes, found.thread.themes), label=pattern_label(label))
    return _keep(vault, client, edit)


def undo_edit(vault: Vault, client: Client) -> MadeEdit:
    """Take back the edit made last that stands; the edit. Raises `UsageError`, `AgreementMissingError`."""
    standing = [each for each in patterns_of(vault, client).edits if not each.undone]
    if not standing:
        raise UsageError(f"No edit of this client's threads stands, so there is none to take back. {_NONE}")
    last = standing[-1]
    vault.entries.add(client.id, EntryKind.THREAD_EDIT, KeptThreadEdit(notes=last.notes), last.id)
    return last


def thread_named(seen: ClientPatterns, name: str) -> FollowedThread:
    """The thread of this name, T1… in either case. Raises `UsageError`."""
    for each in seen.threads:
        if each.name.casefold() == name.casefold():
            return each
    raise UsageError(f"There is no thread {name[:12]!r}. `notekeeper thread list` names them. {_NONE}")


def edit_words(edit: ThreadEdit) -> str:
    """What an edit did, with the labels it named, as it stands in a sentence."""
    match edit:
        case ThreadMerge():
            return f"merged {edit.one[0].label} with {edit.other[0].label}"
        case ThreadSplit():
            return f"split off {', '.join(dict.fromkeys(name.label for name in edit.themes))}"
        case ThreadRename():
            return f"renamed {edit.themes[0].label} to {edit.label}"


def _keep(vault: Vault, client: Client, edit: ThreadEdit) -> ThreadEdit:
    names = (*edit.one, *edit.other) if isinstance(edit, ThreadMerge) else edit.themes
    notes = tuple(dict.fromkeys(name.note for name in names))
    vault.entries.add(client.id, EntryKind.THREAD_EDIT, KeptThreadEdit(notes=notes, edit=edit))
    return edit


def _names(signed: SignedThemes, themes: Sequence[SignedTheme]) -> tuple[ThemeName, ...]:
    return tuple(signed.name_of(theme) for theme in themes)
