"""The Monday list of a vault in which entries were altered past the program."""

from datetime import date

from notekeeper.domain.client_file import FrontSheet
from notekeeper.domain.supervision import Flaggable
from notekeeper.services.access import ask
from notekeeper.services.caseload import ToDo, caseload, monday
from notekeeper.services.corrections import ask_correction
from notekeeper.services.retention import hold, lift_hold
from notekeeper.services.supervision_flags import Target, add_flag
from tests.vault.invented import Sealed, add_client

TODAY = date(2026, 3, 10)


def test_an_altered_entry_hides_no_deadline_of_another_and_none_is_said_to_be_absent(sealed: Sealed) -> None:
    vault = sealed.open()
    for code in ("C014", "C015"):
        client = add_client(vault, code)
        ask(vault, client, "the client", how="letter", asked_on=TODAY, today=TODAY)
        ask_correction(vault, client, "the client", "I was on time.", TODAY, TODAY)
        vault.front_sheets.save(client.id, FrontSheet(ended=date(2015, 3, 4)))
        hold(vault, client, "A letter", TODAY)
        lift_hold(vault, client, "Settled", TODAY)
        add_flag(vault, client, Target("file", Flaggable.FILE, ""))
    vault.close()
    db = sealed.sqlcipher()
    db.execute("DROP TRIGGER file_entry_update")
    db.execute("UPDATE file_entry SET at = '2001' WHERE client_id = (SELECT id FROM client WHERE code = 'C014')")
    db.commit()
    db.close()
    vault = sealed.open()
    lines = monday(caseload(vault, TODAY))
    vault.close()
    for todo in (ToDo.ACCESS_REQUESTS, ToDo.CORRECTIONS, ToDo.RETENTION_DUE, ToDo.FLAGS):
        told = {line.client.code: line.words for line in lines if line.todo is todo}
        assert told.keys() == {"C014", "C015"}
        assert "was altered" in told["C014"]
        assert "altered" not in told["C015"]
