"""Retention: the policy, every file by how it stands, the register of destroyed files; and one file's own page.

What always holds: nothing here destroys anything; a reason typed and not used is kept in the vault and is there again;
what a mark says is said in words.
"""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from notekeeper.domain.note import Client
from notekeeper.domain.retention import MAX_REASON, Standing
from notekeeper.errors import NotekeeperError
from notekeeper.services import retention as files
from notekeeper.services.access_log import client_opened
from notekeeper.services.caseload import own_day
from notekeeper.services.destroying import register_line
from notekeeper.tui.base import Page, plain
from notekeeper.tui.table import Lines
from notekeeper.tui.widgets import ShortText


class RetentionPage(Page):
    TITLE = "Retention"
    HELP = (
        "How long files are kept after the work ended, and which have come so far that they can be looked at again. "
        "Nothing is ever destroyed by itself. Enter opens a file's own page, with its period and legal hold. The two "
        "numbers above are the practice's policy; F5 keeps them. A file without the day the work ended is never due; "
        "that day stands on the front sheet. Below stand the files that were destroyed, without any code."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,ctrl+s", "save", "Keep policy", key_display="F5", id="retention.save")
    ]
    DEFAULT_CSS = """
    RetentionPage Horizontal { height: 3; }
    RetentionPage Input { width: 1fr; margin: 0; }
    RetentionPage Lines, RetentionPage Lines:focus { height: 1fr; border: none; background: $background; }
    RetentionPage Lines > .option-list--option-disabled { color: $foreground; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._clients: dict[str, Client] = {}

    def body(self) -> ComposeResult:
        policy = self.vault.retention()
        with Horizontal():
            for name, value, title in (
                ("years", policy.years, "Years after the work ended"),
                ("minors", policy.minors_until, "Under 18: until this age"),
            ):
                field = Input(str(value), select_on_focus=False, max_length=3, id=f"retention-{name}")
                field.border_title = title
                yield field
        yield Lines(id="retention-files", markup=False)

    def on_screen_resume(self) -> None:
        self.show_all()

    def show_all(self) -> None:
        """Read everything anew and show it, with the cursor where it was."""
        try:
            found = files.retention_of_all(self.vault, own_day())
            destroyed = self.vault.destructions.all()
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self._clients = {each.client.id: each.client for each in found}
        options: list[Option] = []
        for standing in Standing:
            here = [each for each in found if each.reckoning.standing is standing]
            options.append(_heading(f"{files.HEADINGS[standing]}: {len(here) or 'none'}"))
            options += [
                Option(plain(f"  {each.client.code}: {files.standing_words(each)}"), id=each.client.id) for each in here
            ]
        options.append(_heading(f"Destroyed: {len(destroyed) or 'none'}"))
        options += [Option(plain(f"  {register_line(each)}"), disabled=True) for each in reversed(destroyed)]
        if any(client.demonstration for client in self.vault.clients.all()):
            options.append(_heading("The demonstration's clients are not listed: nobody has to keep them."))
        shown = self.query_one(Lines)
        at = shown.highlighted
        shown.clear_options()
        shown.add_options(options)
        if places := [place for place, option in enumerate(options) if not option.disabled]:
            shown.highlighted = min(places, key=lambda place: abs(place - (at or 0)))
        shown.focus()
        due = sum(each.reckoning.standing is Standing.DUE for each in found)
        self.banner(f"Retention: {due or 'none'} due for review")

    @on(OptionList.OptionSelected)
    def _open(self, event: OptionList.OptionSelected) -> None:
        self.app.push_screen(FileRetentionPage(self._clients[event.option_id or ""]))

    def action_save(self) -> None:
        try:
            self.keep()
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self.show_all()
        self.tell(files.policy_words(self.vault.retention()))

    def keep(self) -> None:
        typed = tuple(self.query_one(f"#retention-{name}", Input).value.strip() for name in ("years", "minors"))
        policy = self.vault.retention()
        if typed != (str(policy.years), str(policy.minors_until)):
            years, minors = (int(each) if each.isascii() and each.isdigit() else 0 for each in typed)
            files.set_policy(self.vault, years, minors)

    def action_back(self) -> None:
        try:
            self.keep()
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self.dismiss()


class FileRetentionPage(Page):
    TITLE = "Retention of this file"
    HELP = (
        "From which day this file may be looked at again, and why. F5 lays down a period of its own: a number of years "
        "after the work ended, or a day; an empty field goes back to the practice's policy. F8 puts the file on legal "
        "hold, or lifts it; while it holds nothing of the file can be destroyed. Both need a reason in your words, and "
        "both stay in the file with their day. Nothing is ever destroyed by itself."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,ctrl+s", "lay_down", "Lay down period", key_display="F5", id="retention.lay_down"),
        Binding("f8", "hold", "Hold, or lift it", id="retention.hold"),
    ]
    DEFAULT_CSS = """
    FileRetentionPage Input { margin: 0; }
    FileRetentionPage .text { margin: 0 0 1 0; }
    """

    def __init__(self, client: Client) -> None:
        super().__init__()
        self._client = client
        self._kept = ""

    def body(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield Static("", id="retention-stands", classes="text", markup=False)
            period = Input(placeholder="7 for years, or YYYY-MM-DD; empty for the policy", id="retention-period")
            period.border_title = "A period of this file's own"
            yield period
            yield ShortText(most=MAX_REASON, title="Reason, in your words", id="retention-reason")
            yield Static("", id="retention-holds", classes="text", markup=False)

    def on_mount(self) -> None:
        self.banner(f"{self._client.code} · retention of this file")
        try:
            client_opened(self.vault, self._client)
            kept = self.vault.jottings.of(self._typing)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        period, _, reason = kept.partition("\n")
        self.query_one("#retention-period", Input).value = period
        self.query_one(ShortText).load_text(reason)
        self._kept = kept
        self.show_file()
        self.query_one("#retention-period").focus()

    @property
    def _typing(self) -> str:
        return f"{self._client.id}.retention"

    def _typed(self) -> str:
        period = self.query_one("#retention-period", Input).value
        return f"{period}\n{self.query_one(ShortText).text}".rstrip("\n")

    def keep(self) -> None:
        typed = self._typed()
        if typed != self._kept:
            self.vault.jottings.keep(self._typing, self._client.id, typed)
            self._kept = typed

    def show_file(self) -> None:
        """Read how the file stands and say it."""
        stands = files.retention_of(self.vault, self._client, own_day())
        lines = [
            f"{files.HEADINGS[stands.reckoning.standing]}: {files.standing_words(stands)}.",
            files.policy_words(self.vault.retention()),
        ]
        if stands.own is not None:
            lines.append(f"Laid down for this file: {files.own_words(stands.own)}. Reason: {stands.own.reason}")
        holds = [f"Legal hold since {hold.day.isoformat()}: {hold.reason}" for _, hold in stands.holds]
        self.query_one("#retention-stands", Static).update(plain("\n".join(lines)))
        self.query_one("#retention-holds", Static).update(plain("\n".join(holds) or "No legal hold."))

    def _done(self, said: str) -> None:
        self.query_one("#retention-period", Input).value = ""
        self.query_one(ShortText).load_text("")
        self.keep()
        self.show_file()
        self.tell(said)

    def action_lay_down(self) -> None:
        period = self.query_one("#retention-period", Input).value.strip()
        try:
            self.keep()
            years, until = files.read_period(period)
            files.set_own_retention(self.vault, self._client, self.query_one(ShortText).text, years=years, until=until)
            self._done("Kept, with its reason." if period else "Kept: the practice's policy holds for this file.")
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)

    def action_hold(self) -> None:
        reason = self.query_one(ShortText).text
        try:
            self.keep()
            if files.retention_of(self.vault, self._client, own_day()).holds:
                files.lift_hold(self.vault, self._client, reason, own_day())
                self._done("The legal hold is lifted.")
            else:
                files.hold(self.vault, self._client, reason, own_day())
                self._done("On legal hold: nothing of this file can be destroyed until you lift it.")
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)

    def action_back(self) -> None:
        try:
            self.keep()
        except NotekeeperError as error:
            self.tell(f"{error} You are still here, so that nothing is lost.", trouble=True)
            return
        self.dismiss()


def _heading(words: str) -> Option:
    return Option(plain(words).stylize("bold"), disabled=True)
