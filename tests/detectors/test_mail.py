"""Mail: senders, links, attachments and words; mailing lists and plain letters are not accused."""

from schemas import Alert, Field
from secassist.detectors.mail import PLUGIN


def mail(source: str = "eml", **fields: str | list[str]) -> Alert:
    items = {"from": "Ann <ann@shop.example>", "subject": "Minutes", "body": "See you on Monday.", **fields}
    leaves = [
        (name.replace("__", "."), v)
        for name, value in items.items()
        for v in (value if isinstance(value, list) else [value])
    ]
    return Alert(source=source, fields=tuple(Field(path=name, value=value) for name, value in leaves))


def rules(alert: Alert, noteworthy: bool = True) -> set[str]:
    return {s.rule for s in PLUGIN.detect(alert).signals if s.noteworthy or not noteworthy}


def test_a_plain_letter_says_nothing():
    assert rules(mail(reply_to="ann@shop.example", return_path="<bounce@mail.shop.example>"), noteworthy=False) == set()


def test_a_mailing_list_is_context_only():
    alert = mail(reply_to="list@lists.example.org", return_path="<owner@lists.example.org>")
    assert rules(alert) == set()
    assert rules(alert, noteworthy=False) == {"mail:reply-to", "mail:return-path"}


def test_replies_to_a_free_mailbox():
    assert "mail:reply-to" in rules(mail(reply_to="ceo.office@gmail.com"))


def test_an_address_in_the_shown_name():
    assert "mail:display-name" in rules(mail(**{"from": '"boss@bank.example" <x@other.example>'}))


def test_lookalike_and_foreign_letters():
    assert "mail:sender-lookalike" in rules(mail(**{"from": "a <a@paypal-service.example>"}))
    assert "mail:sender-lookalike" in rules(mail(**{"from": "a <a@xn--pple-43d.example>"}))
    assert "mail:link-lookalike" in rules(mail(urls__href="http://micros0ft.login.example/x"))


def test_link_text_that_lies():
    alert = mail(
        urls=["https://www.bank.example/login", "http://evil.example/login", "click", "https://shop.example/a"]
    )
    (signal,) = PLUGIN.detect(alert).signals
    assert signal.rule == "mail:link-mismatch"
    assert signal.lines == (5,)
    assert signal.severity.rank == 3
    assert rules(mail(urls__text="https://shop.example/a", urls__href="https://www.shop.example/b")) == set()


def test_bare_addresses_user_parts_and_code_links():
    assert "mail:link-address" in rules(mail(urls__href="http://192.0.2.7/a"))
    assert "mail:link-address" in rules(mail(urls__href="http://3221225991/a"))
    assert "mail:link-user-part" in rules(mail(urls__href="http://bank.example@evil.example/"))
    assert "mail:link-shortened" in rules(mail(urls__href="https://bit.ly/abc"), noteworthy=False)


def test_attachments():
    assert "mail:attachment-disguised" in rules(mail(attachments__name="invoice.pdf.exe"))
    assert "mail:attachment-runs" in rules(mail(attachments__name="update.js"))
    assert "mail:attachment-macros" in rules(mail(attachments__name="list.xlsm"))
    assert "mail:attachment-page" in rules(mail(attachments__name="Voice.html"))
    assert rules(mail(attachments=["minutes.pdf", "photo.jpg"])) == set()


def test_pressure_and_credentials():
    text = "Your mailbox is full.\nVerify your account within 24 hours or it will be suspended."
    (signal,) = [s for s in PLUGIN.detect(mail(body=text)).signals if s.rule == "mail:pressure-and-credentials"]
    assert signal.lines == (3, 4)
    assert "mail:pressure-and-credentials" in rules(mail(subject="紧急通知", body="请点击此处验证您的账号"))
    assert "mail:pressure" not in rules(mail(body="This is urgent, please call."))


def test_forms_and_remote_images():
    assert "mail:form" in rules(mail(body_html='<form action="http://x"><input type="password"></form>'))
    assert "mail:remote-image" in rules(mail(body_html='<img src="http://x/p.gif">'), noteworthy=False)


def test_failed_sender_checks():
    assert "mail:auth-failed" in rules(mail(auth__spf="fail", auth__dkim="none"))
    assert "mail:auth-weak" in rules(mail(auth__spf="softfail"), noteworthy=False)


def test_only_mails_are_looked_at():
    other = Alert(
        source="json", fields=(Field(path="from", value="a@b.example"), Field(path="body", value="verify your account"))
    )
    assert PLUGIN.detect(other).signals == ()
    assert rules(mail(source="json", reply_to="x@gmail.com")) == {"mail:reply-to"}


def test_a_shown_name_that_a_free_mailbox_borrows():
    assert "mail:display-office" in rules(mail(**{"from": "PayPal Service <x1@gmail.com>"}))
    assert "mail:display-office" in rules(mail(**{"from": "财务部 <x1@163.com>"}))
    assert rules(mail(**{"from": "PayPal Service <service@paypal.com>"})) == set()
    assert rules(mail(**{"from": "Ann Miller <ann.miller@gmail.com>"})) == set()


def test_requests_for_money():
    boss = mail(**{"from": "Bob <bob.boss@gmail.com>"}, body="Are you available?\nPlease buy some gift cards for me.")
    assert "mail:payment-request" in rules(boss)
    assert "mail:payment-request" in rules(mail(subject="紧急", body="请马上付款到新收款账户"))
    assert "mail:payment-request" not in rules(mail(body="The gift card counter closes at five."))
