"""Settings, tokens and libraries of C#: each fault and its repair."""
# ruff: noqa: E501 - a row is easier to check in one piece

import pytest

from schemas import CodeUnit
from secassist.detectors.code_flow import PLUGIN

_FILE = "using System;\nclass A {\n  public ActionResult Page(string q) {\n    %s\n  }\n}\n"
PAIRS = [
    ("token-without-end", "var p = new TokenValidationParameters { ValidateLifetime = false };", "var p = new TokenValidationParameters { ValidateLifetime = true };"),
    ("unverified-token", "p.RequireSignedTokens = false;", "p.RequireSignedTokens = true;"),
    ("unverified-token", "var x = decoder.Decode(token, key, verify: false);", "var x = decoder.Decode(token, key, verify: true);"),
    ("object-loader", "var p = new JSONParameters { BadListTypeChecking = false };", "var p = new JSONParameters { BadListTypeChecking = true };"),
    ("directory-listing", "app.UseDirectoryBrowser();", "app.UseStaticFiles();"),
    ("weak-password-rules", "o.Password.RequiredLength = 4;", "o.Password.RequiredLength = 12;"),
    ("attempts-unlimited", "var r = signIn.PasswordSignInAsync(a, b, true, lockoutOnFailure: false);", "var r = signIn.PasswordSignInAsync(a, b, true, lockoutOnFailure: true);"),
    ("fast-password-hash", "var k = new Rfc2898DeriveBytes(word, salt, 1000);", "var k = new Rfc2898DeriveBytes(word, salt, 600000);"),
    ("rsa-padding", "var b = rsa.Encrypt(data, false);", "var b = rsa.Encrypt(data, true);"),
    ("rsa-padding", "var b = rsa.Encrypt(data, RSAEncryptionPadding.Pkcs1);", "var b = rsa.Encrypt(data, RSAEncryptionPadding.OaepSHA256);"),
    ("code-evaluation", "var s = new XsltSettings(false, true);", "var s = new XsltSettings(false, false);"),
    ("cross-origin-wildcard", "b.SetIsOriginAllowed(origin => true);", "b.SetIsOriginAllowed(origin => Known(origin));"),
    ("script-readable-cookie", "var o = new CookieOptions { Secure = true };", "var o = new CookieOptions { Secure = true }; o.HttpOnly = true;"),
    ("insecure-cookie", "var o = new CookieOptions { HttpOnly = true };", "var o = new CookieOptions { HttpOnly = true, Secure = true };"),
    ("xml-injection", 'writer.WriteRaw("<a>" + q + "</a>");', 'writer.WriteRaw("<a>" + SecurityElement.Escape(q) + "</a>");'),
    ("connection-string", 'var c = new SqlConnection("server=a;user id=" + q);', "var c = new SqlConnection(Environment.GetEnvironmentVariable(\"DB\"));"),
    ("request-forgery", "var c = new RestClient(q);", 'var c = new RestClient("https://a.example/" + q);'),
    ("template-injection", "var s = engine.RunCompile(q, key);", 'var s = engine.RunCompile("a @Model.B", key, null, q);'),
    ("command-execution", 'Process.Start("cmd.exe", "/c dir " + folder);', 'Process.Start("git.exe", "log " + folder);'),
    ("trace-shown", "return BadRequest(ex.ToString());", 'return BadRequest("sorry");'),
    ("request-validation-off", "} [ValidateInput(false)] void B() {", "} [ValidateInput(true)] void B() {"),
    ("debug-mode", "app.UseDeveloperExceptionPage();", "if (env.IsDevelopment()) app.UseDeveloperExceptionPage();"),
    ("certificate-not-checked", "c.VerificationFlags = X509VerificationFlags.AllFlags;", "c.VerificationFlags = X509VerificationFlags.NoFlag;"),
    ("unsafe-deserialisation", "var f = TypeFilterLevel.Full;", "var f = TypeFilterLevel.Low;"),
    ("csrf-off", "} [IgnoreAntiforgeryToken] void B() {", "} [ValidateAntiForgeryToken] void B() {"),
    ("hard-coded-credential", 'Membership.CreateUser("ann", "winterabend");', 'Membership.CreateUser("ann", word);'),
]  # fmt: skip


def rules(body: str) -> set[str]:
    return {one.rule for one in PLUGIN.detect(CodeUnit(source="t", path="a.cs", body=_FILE % body)).candidates}


@pytest.mark.parametrize(("rule", "bad", "good"), PAIRS, ids=[f"{rule}-{n}" for n, (rule, _, _) in enumerate(PAIRS)])
def test_the_fault_is_found_and_its_repair_is_not(rule: str, bad: str, good: str) -> None:
    assert rule in rules(bad)
    assert rule not in rules(good)
