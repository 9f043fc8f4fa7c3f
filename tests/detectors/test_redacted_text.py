"""What redaction left behind: the secrets detector finds nothing new in it, and redacting twice changes nothing more."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas import Alert, Document, Field, Subject
from secassist.detectors import personal_data, secrets
from secassist.masking import redact_subject
from secassist.training.scenarios.documents import generate_documents

SEEDS = st.integers(min_value=0, max_value=2**31)
QUICK = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def texts(seed: int) -> list[str]:
    return [sample.text for sample in generate_documents(seed, 4)]


def subjects(text: str) -> list[Subject]:
    lines = [Field(path=f"record.line{at}", value=line) for at, line in enumerate(text.split("\n"))]
    return [Document(source="t", body=text), Alert(source="t", fields=tuple(lines))]


@QUICK
@given(SEEDS)
def test_nothing_new_is_found_once_all_that_was_found_is_redacted(seed: int) -> None:
    for subject in (s for text in texts(seed) for s in subjects(text)):
        once = redact_subject(subject, secrets.PLUGIN.detect(subject).candidates)
        again = secrets.PLUGIN.detect(once).candidates
        assert [c.value for c in again] == []
        assert redact_subject(once, again) == once


@QUICK
@given(SEEDS)
def test_secrets_with_hints_left_in_place_do_not_make_it_find_more(seed: int) -> None:
    for subject in (s for text in texts(seed) for s in subjects(text)):
        once = redact_subject(subject, [c for c in secrets.PLUGIN.detect(subject).candidates if not c.safe_hint])
        again = [c for c in secrets.PLUGIN.detect(once).candidates if not c.safe_hint]
        assert [c.value for c in again] == []


@QUICK
@given(SEEDS)
def test_secrets_and_personal_data_together_come_to_rest(seed: int) -> None:
    for subject in (s for text in texts(seed) for s in subjects(text)):
        found = [*secrets.PLUGIN.detect(subject).candidates, *personal_data.PLUGIN.detect(subject).candidates]
        once = redact_subject(subject, found)
        again = [*secrets.PLUGIN.detect(once).candidates, *personal_data.PLUGIN.detect(once).candidates]
        assert redact_subject(once, again) == once, [c.value for c in again]


def test_a_forged_mask_hides_no_secret() -> None:
    key = "AKIA" + "Q3EGRWTZ5YB7KDNM"
    for text in (f"[a:****]{key}", f"[aws-access-key:{key}]", f"password=[x:****]{key}trub4dor"):
        found = secrets.PLUGIN.detect(Document(source="t", body=text)).candidates
        assert any(key in c.value for c in found)
