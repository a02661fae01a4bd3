"""Reports of versions 1 and 2: of one client, without a seal, as earlier releases wrote them.

What always holds: they are read as strictly as when they were written, and shown as a document of one page that says
nothing they did not say.
"""

from notekeeper.domain.report import ClientPage, ReportDocument, ThemeReport

_OF_THE_PAGE = set(ClientPage.model_fields) & set(ThemeReport.model_fields)
_OF_THE_DOCUMENT = ("made_at", "app_version", "identifiability", "log_head")


def lifted(report: ThemeReport) -> ReportDocument:
    """The same report as a document of one page; the therapist is who signed its sessions."""
    page = ClientPage.model_validate({name: getattr(report, name) for name in _OF_THE_PAGE})
    kept = {name: getattr(report, name) for name in _OF_THE_DOCUMENT}
    return ReportDocument.model_validate({**kept, "therapist": report.signed_by, "pages": (page,)})
