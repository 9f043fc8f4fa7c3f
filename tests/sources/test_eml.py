"""Mail: what it says, where it came from, where its links lead."""

import hashlib
import time
from email.message import EmailMessage
from pathlib import Path

import pytest

from schemas import Alert
from secassist.errors import SourceError
from secassist.sources._html import read_html
from secassist.sources.base import Limits, Rejected
from secassist.sources.eml import PLUGIN, message

HTML = """<html><head><style>p {color: red}</style></head><body><p>Dear&nbsp;user,</p>
<p>open <a class="x" href='https://evil.example/login?a=1&amp;b=2'>https://bank.example</a> now</p>
<!-- hidden <a href="x"> --><script>var a = "<a href='y'>";</script><img src="http://t.example/p.gif"></body></html>"""


def mail() -> EmailMessage:
    made = EmailMessage()
    made["Received"] = "from a by b"
    made["Received"] = "from c by d"
    made["Authentication-Results"] = "mx.example; spf=fail smtp.mailfrom=evil.example; dkim=pass; dmarc=fail"
    made["From"] = "银行 <a@bank.example>"
    made["Reply-To"] = "x@evil.example"
    made["Subject"] = "账户 blocked"
    made["Date"] = "Wed, 01 May 2024 12:00:00 +0200"
    made.set_content("See https://plain.example/x today\n")
    made.add_alternative(HTML, subtype="html")
    made.add_attachment(b"MZ\x00\x01", maintype="application", subtype="octet-stream", filename="rechnung.exe")
    return made


def test_everything_of_a_mail_is_a_field():
    alert = message(mail().as_bytes(), "m.eml")
    assert isinstance(alert, Alert)
    assert alert.title == "账户 blocked"
    assert alert.observed_at == "2024-05-01T10:00:00Z"
    assert alert.get("from") == "银行 <a@bank.example>"
    assert alert.get("reply_to") == "x@evil.example"
    assert alert.get("received_count") == "2"
    assert [alert.get(f"auth.{kind}") for kind in ("spf", "dkim", "dmarc")] == ["fail", "pass", "fail"]
    assert alert.get("body") == "See https://plain.example/x today"
    assert "https://bank.example" in (alert.get("body_html") or "")
    links = [(field.path, field.value) for field in alert.fields if field.path.startswith("urls")]
    assert links == [
        ("urls.text", "https://bank.example"),
        ("urls.href", "https://evil.example/login?a=1&b=2"),
        ("urls.href", "http://t.example/p.gif"),
        ("urls.href", "https://plain.example/x"),
    ]
    attached = [field.value for field in alert.fields if field.path.startswith("attachments")]
    digest = hashlib.sha256(b"MZ\x00\x01").hexdigest()
    assert attached == ["rechnung.exe", "application/octet-stream", "4", digest]


def test_html_alone_is_the_body():
    made = EmailMessage()
    made["Subject"] = "x"
    made.set_content(HTML, subtype="html")
    body = message(made.as_bytes(), "m").get("body") or ""
    assert body.split() == ["Dear", "user,", "open", "https://bank.example", "now"]
    assert "color" not in body and "var" not in body and "hidden" not in body


@pytest.mark.parametrize(
    "data",
    [
        b"Subject: =?nonsense?q?=FF?=\nFrom: \xff\xfe\n\nbody \xe4\n",
        b"Subject: x\nContent-Type: text/plain; charset=no-such\nContent-Transfer-Encoding: base64\n\n!!!!\n",
        b"Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\ncut off here",
        b"Subject: x\nContent-Type: message/rfc822\n\nSubject: inner\n\ninner body\n",
        b"Subject: x\nDate: not a date\n\n\n",
        "Subject: Grüße 文\n\nGrüße\n".encode(),
    ],
)
def test_sloppy_mail_is_still_read(data):
    alert = message(data, "m")
    assert alert.fields and alert.model_dump_json()


def test_utf8_headers_are_read_as_they_stand():
    assert message("Subject: Grüße 文\n\nx\n".encode(), "m").title == "Grüße 文"


@pytest.mark.parametrize(
    "data",
    [
        b"no header at all",
        b"Subject: x\n"
        + b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(300)),
        b"Subject: x\n\n" + b"\n" * 1_000_001,
        b"Subject: x\n\n" + b"word " * 400_000,
    ],
)
def test_what_is_no_mail_or_would_exhaust_is_refused(data):
    with pytest.raises(SourceError):
        message(data, "m")


def test_a_refused_mail_is_a_rejection_of_its_file(tmp_path: Path):
    path = tmp_path / "m.eml"
    path.write_bytes(b"no header at all")
    (found,) = PLUGIN.read(path, Limits())
    assert isinstance(found, Rejected) and found.origin == str(path)


@pytest.mark.parametrize("part", ["<", "<a", "<a href=", "<!--", "<script>", "<a href='", "&amp", "</", "<a href=x>"])
def test_html_takes_linear_time(part):
    begun = time.process_time()
    read_html(part * 60_000)
    assert time.process_time() - begun < 2


def test_text_around_a_broken_tag_is_kept():
    assert read_html("1 < 2 and <b>3</b> > 2").text == "1 < 2 and 3 > 2"


def mailbox(*mails: EmailMessage, quiet: str = "\n") -> bytes:
    line = b"From sender@a.example Wed May  1 12:00:00 2024" + quiet.encode()
    return b"\n".join(line + each.as_bytes().replace(b"\n", quiet.encode()) for each in mails)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_each_mail_of_a_mailbox_is_an_alert_and_the_same_as_from_a_file(tmp_path: Path, ending: str):
    other = EmailMessage()
    other["From"], other["Subject"] = "Bea <bea@b.example>", "Lunch"
    other.set_content("Hi,\n\nFrom Monday on at 12:30 in 2024 we meet.\n\nFrom: noon\n")
    path = tmp_path / "box.mbox"
    path.write_bytes(mailbox(mail(), other, mail(), quiet=ending))
    found = list(PLUGIN.read(path, Limits()))
    assert [each.title for each in found] == ["账户 blocked", "Lunch", "账户 blocked"]
    lines = path.read_bytes().split(b"\n")
    begins = [number for number, line in enumerate(lines, 1) if line.startswith(b"From sender@")]
    assert [each.origin for each in found] == [f"{path}:{number}" for number in begins]
    assert found[0].id == found[2].id == message(mail().as_bytes(), "m.eml").id
    assert PLUGIN.sniff(path, path.read_bytes()) > 0.8


def test_one_bad_mail_of_a_mailbox_costs_itself_only(tmp_path: Path):
    bad = EmailMessage()
    bad["From"], bad["Subject"] = "a@a.example", "x"
    bad.set_content("\n".join("boundary=" for _ in range(200)))
    path = tmp_path / "box.mbox"
    path.write_bytes(mailbox(bad, mail()))
    refused, kept = PLUGIN.read(path, Limits())
    assert isinstance(refused, Rejected) and refused.origin == f"{path}:1" and "nested parts" in refused.reason
    assert isinstance(kept, Alert)


def test_mailboxes_are_taken_apart_in_linear_time(tmp_path: Path):
    path = tmp_path / "box.mbox"
    for hostile in (b"From " * 400_000, b"From a\n\n" * 200_000, b"From a 12:30 2024\n\n" * 100_000):
        path.write_bytes(b"From a@a.example Wed May  1 12:00:00 2024\nFrom: a\nSubject: b\n\n" + hostile)
        began = time.process_time()
        list(PLUGIN.read(path, Limits()))
        assert time.process_time() - began < 5
