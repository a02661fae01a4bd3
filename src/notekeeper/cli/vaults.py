"""`init`, `passphrase`, `signer`, `verify`: the vault as a whole."""

import click

from notekeeper.cli.common import Desk, as_json, pass_desk, say, say_entry, say_json, say_place, tell
from notekeeper.cli.keys import tell_first, typed_shares
from notekeeper.errors import ChainBrokenError
from notekeeper.services.signing import set_signer

RECOVERY = (
    "This is your recovery key. It is shown once and kept nowhere else. It opens the vault when the passphrase is "
    "lost, and so it would for anybody who finds it: write it on paper and keep it where you keep what must not be "
    "lost. Without the passphrase and without this key nobody can open the vault, nor can anybody help you to."
)


@click.command()
@as_json
@pass_desk
def init(desk: Desk, as_json: bool) -> None:
    """Make a new vault, and show its recovery key once."""
    from notekeeper.bootstrap import create_vault, vault_place

    vault, key = create_vault(desk.folder, desk.passphrase("New passphrase", confirm=True))
    vault.close()
    if sentence := vault_place(desk.folder):
        tell(f"notekeeper: {sentence}")
    if as_json:
        say_json({"vault": str(desk.folder), "recovery_key": key})
        return
    say_place("Your vault was made at", desk.folder)
    say()
    say_entry(f"    {key}", ("Recovery key", key))
    say()
    say(RECOVERY)


@click.group()
def passphrase() -> None:
    """Change the passphrase, or set a new one by the recovery key when it is lost."""


@passphrase.command("change")
@as_json
@pass_desk
def change(desk: Desk, as_json: bool) -> None:
    """Give a new passphrase in place of the old one. The recovery key stays as it is."""
    from notekeeper.bootstrap import change_passphrase

    now, new = desk.passphrase("Passphrase now"), desk.passphrase("New passphrase", confirm=True)
    change_passphrase(desk.folder, now, new, tell_first)
    _changed(as_json)


@passphrase.command("reset")
@click.option("--shares", "by_shares", is_flag=True, help="Type enough shares instead, one a line, then an empty line.")
@as_json
@pass_desk
def reset(desk: Desk, by_shares: bool, as_json: bool) -> None:
    """Type the printed recovery key and give a new passphrase. The recovery key stays as it is, and so do shares."""
    from notekeeper.bootstrap import reset_passphrase, reset_passphrase_with_shares

    if by_shares:
        typed = typed_shares(desk)
        reset_passphrase_with_shares(desk.folder, typed, desk.passphrase("New passphrase", confirm=True), tell_first)
        _changed(as_json)
        return
    key, new = desk.passphrase("Recovery key"), desk.passphrase("New passphrase", confirm=True)
    reset_passphrase(desk.folder, key, new, tell_first)
    _changed(as_json)


def _changed(as_json: bool) -> None:
    if as_json:
        say_json({"changed": True})
    else:
        say("The new passphrase opens the vault from now on. Older copies of the vault still open by the old one.")


@click.command()
@click.option("--name", required=True, help="Your name, as it stands under what you sign.")
@click.option("--registration", default="", help="Your registration, if you have one.")
@as_json
@pass_desk
def signer(desk: Desk, name: str, registration: str, as_json: bool) -> None:
    """Give the name that signs, once."""
    with desk.open() as vault:
        kept = set_signer(vault, name, registration)
    say_json(kept.model_dump()) if as_json else say(f"Sign-offs now carry: {kept.name} {kept.registration}".rstrip())


@click.command()
@click.option("--accept", is_flag=True, help="Go on with an older or altered copy that you put there yourself.")
@as_json
@pass_desk
def verify(desk: Desk, accept: bool, as_json: bool) -> None:
    """Check the vault: every page, every revision and sign-off, the log's chain, and the marks kept outside it."""
    with desk.open() as vault:
        if accept:
            vault.accept_state()
        report = vault.verify()
    if as_json:
        say_json(
            {
                "sound": not report.problems,
                "checks": report.checks,
                "problems": report.problems,
                "log_entries": report.log_entries,
                "log_head": report.log_head,
            }
        )
    else:
        for check in report.checks:
            say_entry(f"- {check}", ("Checked", check))
        say(
            f"The log has {report.log_entries} entries. Note its last mark outside the vault, to know this state again:"
        )
        say_entry(f"    {report.log_head}", ("Last mark of the log", report.log_head))
    if report.problems:
        raise ChainBrokenError(
            "The vault is not as it was written: " + " ".join(report.problems) + " Keep it as it is and make a copy."
        )


commands = (init, passphrase, signer, verify)
