"""`recovery`, `rekey`, `shares`: what opens the vault besides the passphrase, and a new key for all of it.

What always holds: a new recovery key counts only when it was typed back; what a person must write down is printed once
and kept nowhere.
"""

from contextlib import AbstractContextManager

import click

from notekeeper.cli.common import Desk, as_json, pass_desk, say, say_entry, say_json, tell
from notekeeper.domain.vault import PreparedKey
from notekeeper.errors import WillError, WrongPassphraseError

_ROW = 6  # words of a share on a line
_TRIES = 5
_EARLIER = (
    "Backups made before still open by the earlier key, and the header file of one of them opens this vault by it too. "
    "If somebody may know that one, run `notekeeper rekey`, make a new backup and destroy the older ones."
)
_REKEYED = (
    "The vault has a new key, and every page was encrypted anew. The passphrase is the same; the recovery key is the "
    "one you typed back; shares of the earlier key have ended, so make new ones if you gave some away. Backups made "
    "before still open by the ways in that they had: make a new backup, then destroy those that somebody could open."
)
_SHARES = (
    "Write each share on paper and give each to another person. They are shown once and kept nowhere. Shares made "
    "earlier have ended; backups made while they held still open by them, and by the header file of one of those this "
    "vault too, until `notekeeper rekey`. Whoever has enough shares and this computer or a backup can read everything; "
    "one share alone tells nothing."
)


@click.group()
def recovery() -> None:
    """The printed recovery key: try it, or have a new one."""


@recovery.command("new")
@as_json
@pass_desk
def new(desk: Desk, as_json: bool) -> None:
    """Show a new recovery key. It takes the place of the present one when you have typed it back."""
    from notekeeper.bootstrap import new_recovery_key

    _typed_back(desk, new_recovery_key(desk.folder, desk.passphrase(), tell_first), as_json)
    if as_json:
        say_json({"changed": True})
    else:
        say(f"The new recovery key opens the vault from now on, and the earlier one does not. {_EARLIER}")


@recovery.command("check")
@as_json
@pass_desk
def check(desk: Desk, as_json: bool) -> None:
    """Type the recovery key from your paper and learn whether it opens this vault. Nothing is changed."""
    from notekeeper.bootstrap import check_recovery_key

    check_recovery_key(desk.folder, desk.passphrase("Recovery key"))
    say_json({"opens": True}) if as_json else say("This recovery key opens the vault. Nothing was changed.")


@click.command()
@as_json
@pass_desk
def rekey(desk: Desk, as_json: bool) -> None:
    """Give the vault a new key and encrypt all of it anew, as when somebody may have had the old one. The passphrase
    stays; there is a new recovery key, which you type back first; shares end. Needs as much room as the vault takes."""
    from notekeeper.bootstrap import new_vault_key

    _typed_back(desk, new_vault_key(desk.folder, desk.passphrase(), tell_first), as_json)
    say_json({"rekeyed": True}) if as_json else say(_REKEYED)


@click.group()
def shares() -> None:
    """Shares of a recovery for people you trust: some of them together open the vault, one alone does not."""


@shares.command("make")
@click.option("--needed", type=int, required=True, help="How many open the vault together, at least 2.")
@click.option("--count", type=int, required=True, help="How many to make, at most 16.")
@as_json
@pass_desk
def make(desk: Desk, needed: int, count: int, as_json: bool) -> None:
    """Print shares of 23 words each. Making new ones ends the earlier ones."""
    from notekeeper.bootstrap import split_recovery

    made = split_recovery(desk.folder, desk.passphrase(), needed, count, tell_first)
    if as_json:
        say_json({"needed": needed, "shares": made})
        return
    for number, share in enumerate(made, start=1):
        words, name = share.split(), f"Share {number} of {count}"
        rows = [" ".join(words[at : at + _ROW]) for at in range(0, len(words), _ROW)]
        say_entry("\n    ".join((name, *rows)) + "\n", (name, share))
    say(f"Any {needed} of these {count} shares open the vault. {_SHARES}")


@shares.command("withdraw")
@as_json
@pass_desk
def withdraw(desk: Desk, as_json: bool) -> None:
    """End all shares. Backups made while they held still open by them."""
    from notekeeper.bootstrap import withdraw_shares

    ended = withdraw_shares(desk.folder, desk.passphrase(), tell_first)
    if as_json:
        say_json({"withdrawn": ended})
    elif ended:
        say(
            "The shares open this vault no more. Backups made while they held still open by them, and the header file "
            "of one of them opens this vault by them too, until `notekeeper rekey`."
        )
    else:
        say("This vault has no shares. Nothing was changed.")


def tell_first(sentence: str) -> None:
    """What is to be said about the vault itself, beside what the command does."""
    tell(f"notekeeper: {sentence}")


def typed_shares(desk: Desk) -> list[str]:
    """Shares as typed, until an empty line; at a terminal until there are enough, each looked at when it is typed."""
    typed: list[str] = []
    while True:
        prompt = f"Share {len(typed) + 1} (Enter alone when there are no more)"
        share = desk.passphrase(prompt, shown=True)
        if not share.strip():
            return typed
        typed.append(share)
        if desk.passphrase_fd is None and not _more(typed):
            return typed


def _more(typed: list[str]) -> int:
    """How many more are to be typed. The last one is taken back, and said why, when it cannot be right."""
    from notekeeper.bootstrap import shares_missing

    try:
        return shares_missing(typed)
    except WillError as error:
        tell(str(error))
        typed.pop()
        return 1


def _typed_back(desk: Desk, preparing: AbstractContextManager[PreparedKey], as_json: bool) -> None:
    """Show the new key and let it count when it is typed back. At a terminal it can be typed again."""
    with preparing as prepared:
        if as_json:
            say_json({"recovery_key": prepared.shown})
        else:
            say("Your new recovery key. Write it on paper now; it counts when you have typed it back from there.")
            say()
            say_entry(f"    {prepared.shown}", ("Recovery key", prepared.shown))
            say()
        for left in reversed(range(_TRIES)):
            try:
                prepared.confirm(desk.passphrase("The new recovery key, from your paper"))
            except WrongPassphraseError as error:
                if desk.passphrase_fd is not None or not left:
                    raise
                tell(str(error))
            else:
                return


commands = (recovery, rekey, shares)
