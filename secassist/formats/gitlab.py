"""GitLab SAST: weaknesses in code, as `artifacts:reports:sast` takes them."""

from collections.abc import Sequence

from schemas import Analysis, FindingKind, Report
from secassist.errors import UsageError
from secassist.formats import _gitlab


class GitLab:
    """One report; secrets are left to `gitlab_secrets`, since GitLab takes each type as an artifact of its own."""

    name = "gitlab"
    summary = "GitLab SAST report: weaknesses in code."
    suffix = ".json"

    def analyses(self, analyses: Sequence[Analysis]) -> str:
        """Findings that are weaknesses, real or unsure."""
        return _gitlab.report(analyses, "sast", lambda finding: finding.kind is FindingKind.WEAKNESS)

    def report(self, report: Report) -> str:
        """Always raises UsageError."""
        raise UsageError(f"GitLab's format holds no report ({len(report.cases)} cases); export the analyses instead")


PLUGIN = GitLab()
