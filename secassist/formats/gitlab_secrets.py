"""GitLab secret detection: secrets and personal data, as `artifacts:reports:secret_detection` takes them."""

from collections.abc import Sequence

from schemas import Analysis, FindingKind, Report
from secassist.errors import UsageError
from secassist.formats import _gitlab


class GitLabSecrets:
    """One report; values show by their mask, and findings of a history name their commit."""

    name = "gitlab_secrets"
    summary = "GitLab secret detection report: secrets and personal data."
    suffix = ".json"

    def analyses(self, analyses: Sequence[Analysis]) -> str:
        """Findings that are no weaknesses, real or unsure."""
        return _gitlab.report(analyses, "secret_detection", lambda finding: finding.kind is not FindingKind.WEAKNESS)

    def report(self, report: Report) -> str:
        """Always raises UsageError."""
        raise UsageError(f"GitLab's format holds no report ({len(report.cases)} cases); export the analyses instead")


PLUGIN = GitLabSecrets()
