"""The JSON schemas of a report file and of an exported client's file, for those who read one with other programs.

`python -m notekeeper.reports.schema` prints what docs/report.schema.json holds, and with the argument `client-file`
what docs/client-file.schema.json holds.
"""

import json
import sys

from notekeeper.domain import file_export
from notekeeper.domain.report import FORMAT_VERSION, SealedReport


def report_schema() -> str:
    """The schema as JSON text (JSON Schema 2020-12), ending with a newline."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **SealedReport.model_json_schema(mode="serialization"),
        "title": f"notekeeper theme report, format version {FORMAT_VERSION}",
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def client_file_schema() -> str:
    """As `report_schema`, of `domain.file_export.FileDocument`."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **file_export.FileDocument.model_json_schema(mode="serialization"),
        "title": f"notekeeper client's file, format version {file_export.FORMAT_VERSION}",
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    made = client_file_schema() if sys.argv[1:] == ["client-file"] else report_schema()
    sys.stdout.buffer.write(made.encode("utf-8"))
