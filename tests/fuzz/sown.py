"""What the fuzzer starts from: good inputs of every kind, made by the program itself so that they never grow old, and
the inputs kept in seeds/ because a fuzzer once found them worth keeping or the program once failed on them."""

import io
import json
import struct
import zipfile
from datetime import date
from functools import cache
from pathlib import Path

from notekeeper.config import resource
from notekeeper.domain.client_file import FrontSheet
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.engine.frames import Frame, pack
from notekeeper.engine.messages import (
    Advanced,
    Answered,
    Cancel,
    Encode,
    Encoded,
    Failed,
    Load,
    Loaded,
    Message,
    Read,
    SaidTurn,
    Word,
)
from notekeeper.reports import bundle
from notekeeper.reports.comments import comments_json
from notekeeper.services.reviewing import FinishForm, OwnThemeForm
from notekeeper.vault import header
from notekeeper.vault.folder import PAGE
from notekeeper.vault.keys import VaultKey
from tests.fuzz import brought, pipes
from tests.fuzz.targets import RECOVERY_KEY
from tests.reports.invented import report_json
from tests.reports.test_outputs import hostile_report, report_of_three
from tests.supervised import comments_on
from tests.unit.fakes import NOTE

KEPT = Path(__file__).parent / "seeds"


def seeds(target: str) -> list[bytes]:
    """All inputs that the target starts from."""
    folder = KEPT / target
    kept = sorted(path.read_bytes() for path in folder.iterdir()) if folder.is_dir() else []
    return [*_MADE[target](), *kept]


@cache
def _headers() -> list[bytes]:
    made = header.as_bytes(header.new_header(VaultKey(bytes(32)), "velvet lantern ninth orchard", RECOVERY_KEY))
    fields = json.loads(made)
    changed = [
        {**fields, "notekeeper_vault": 99},
        {**fields, "vault_id": "0" * 32},
        {**fields, "passphrase": {**fields["passphrase"], "memory_kib": 10**9}},
        {**fields, "more": None},
    ]
    log = struct.pack(">8I", 0x377F0682, 3_007_000, PAGE, 0, 1, 2, 0, 0) + bytes(2 * (24 + PAGE))
    spoken = [RECOVERY_KEY, RECOVERY_KEY.lower().replace("-", " "), RECOVERY_KEY.replace("0", "O").replace("1", "l")]
    return [made, *(json.dumps(each, indent=1).encode() for each in changed), b"w" + log, *_lead(b"k", spoken)]


def _lead(first: bytes, texts: list[str]) -> list[bytes]:
    return [first + text.encode() for text in texts]


@cache
def _importers() -> list[bytes]:
    sheet = FrontSheet(gp="Dr Imagined", safety_plan="Ring the line.", sessions_planned=12, ending=date(2026, 6, 1))
    risk = RiskEntry(state=RiskState.ASKED_DISCLOSED, words="In own words", action="Told the surgery")
    form = FinishForm(focus="The empty house", themes=(OwnThemeForm(label="Quiet", sentences=(1,)),), risk=risk)
    gold = {
        "id": "g1",
        "text": NOTE,
        "themes": [{"label": "Sleep", "code": "sleep", "evidence": ["Lying awake most nights"]}],
        "identifiers": [{"text": "Friday", "type": "DATE"}],
    }
    talk = {"text": "T: hello\nC: hello", "transcript": True}
    given = {
        brought.model_file: [brought.MODEL_FILE, _wheel(zipfile.ZIP_STORED), _wheel(zipfile.ZIP_DEFLATED)],
        brought.catalogue: [resource("models/catalogue.toml").read_bytes()[:3000]],
        brought.gold: [json.dumps(gold).encode() + b"\n" + json.dumps({**talk, "sessions": [gold]}).encode()],
        brought.text_to_draft: [NOTE.encode(), b"\xef\xbb\xbf- one\r\n- two\x0b three\x85 Dr. Who? (yes.) e.g. no."],
        brought.batch: [json.dumps({"id": 1, "text": NOTE}).encode() + b"\n[]\n{}"],
        brought.forms: [each.model_dump_json().encode() for each in (sheet, risk, form)] + [b"+14 days", b"C014/3"],
        brought.taught: [resource("models/starter/reader.safetensors").read_bytes()[:4000]],
        brought.templates: [NOTE.encode()],
        brought.bundles: [bundle.pack({"report.json": b"{}", "report.html": b"<!doctype html>"})],
        brought.comments: [comments_json(comments_on(("C014/risk", NOTE[:200]), ("C014", "Yes", None)))],
    }
    return [bytes([place]) + each for place, read in enumerate(brought.BROUGHT) for each in given[read]]


def _wheel(method: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr("small/part.json", brought.WHEEL_MEMBER)
    return made.getvalue()


@cache
def _reports() -> list[bytes]:
    made = [report_of_three(), report_of_three(include_risk=True), hostile_report()]
    values = ["Saying no", "<script>\x1b[31m\u202e", "3", "null", '["a", 1]', "{}", "2026-01-05", "=cmd()"]
    fields = [b"f" + bytes([place]) + values[place % len(values)].encode() for place in range(0, 48, 3)]
    return [*(report_json(report).encode() for report in made), *fields]


@cache
def _protocol() -> list[bytes]:
    entry = pipes.small_entry()
    turn = SaidTurn(role="user", text="She lies awake. <|im_start|>")
    messages: list[Message] = [
        Load(request=1, entry=entry, folder="/models", threads=2),
        Encode(request=2, texts=("one", "two")),
        Read(request=3, texts=("one",)),
        Word(request=4, prefix=(turn,), turns=(turn,), grammar='root ::= "x"', max_tokens=8),
        Cancel(request=4),
        Loaded(request=1, sha256="ab" * 32, load_s=0.5, context=2048, threads=2),
        Advanced(request=1, stage="loading", done=1, total=2),
        Encoded(request=2, rows=1, width=2),
        Answered(
            request=4, text="x", complete=True, prompt_tokens=1, prompt_s=0.1, completion_tokens=1, completion_s=0.1
        ),
        Failed(request=4, code="too-long", detail="2049"),
    ]
    bare = [b"\x01" + json.dumps(message.header()).encode() for message in messages]
    whole = [pack(Frame(message.header(), (b"\0\0\x80\x3f" * 2,))) for message in messages]
    ends = [pipes.PIPES.index(end) for end in (pipes.frames, pipes.worker_end, pipes.client_end)]
    rows = [
        b"\x04" + count.to_bytes(2, "little") + b"\x46\x00" + bytes(count * 70 * 4 + more)
        for count in (1, 2)
        for more in (0, 1)
    ]
    return [*bare, *rows, *(bytes([end]) + frame for end in ends for frame in (*whole, b"".join(whole)))]


_MADE = {"header": _headers, "importers": _importers, "reports": _reports, "protocol": _protocol}
