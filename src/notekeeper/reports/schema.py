"""The JSON schema of a report file, for those who read one with other programs.

`python -m notekeeper.reports.schema` prints what docs/report.schema.json holds.
"""

import json
import sys

from notekeeper.domain.report import FORMAT_VERSION, ThemeReport


def report_schema() -> str:
    """The schema as JSON text (JSON Schema 2020-12), ending with a newline."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **ThemeReport.model_json_schema(mode="serialization"),
        "title": f"notekeeper theme report, format version {FORMAT_VERSION}",
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(report_schema().encode("utf-8"))
