"""Settings, headers and tokens of Go's web libraries: each fault and its repair."""
# ruff: noqa: E501 - a row is easier to check in one piece

import pytest

from schemas import CodeUnit
from secassist.detectors.code_flow import PLUGIN

_FILE = """package main

import (
\t"crypto/tls"
\t"net/http"
\t"net/mail"
\t"net/smtp"
)

func h(w http.ResponseWriter, r *http.Request, c *smtp.Client, b []byte) {
%s
}
"""
PAIRS = [
    (
        "framed-twice",
        'w.Header().Set("Transfer-Encoding", "chunked"); w.Header().Set("Content-Length", "9")',
        'w.Header().Set("Content-Type", "text/plain"); w.Header().Set("Content-Length", "9")',
    ),
    ("framed-twice", 'a := w.Header(); a.Set("Content-Length", "9"); a.Set("Transfer-Encoding", "chunked")', 'a := w.Header(); a.Set("Content-Length", "9"); b := r.Header; b.Set("Transfer-Encoding", "chunked")'),
    (
        "secret-redirected",
        "use(&http.Client{CheckRedirect: func(req *http.Request, via []*http.Request) error { req.Header = via[0].Header; return nil }})",
        "use(&http.Client{CheckRedirect: func(req *http.Request, via []*http.Request) error { return http.ErrUseLastResponse }})",
    ),
    (
        "secret-redirected",
        'x.CheckRedirect = func(req *http.Request, via []*http.Request) error { req.Header.Set("Authorization", token); return nil }',
        'x.CheckRedirect = func(req *http.Request, via []*http.Request) error { req.Header.Set("Accept", "text/html"); return nil }',
    ),
    ("origin-unchecked", "u := websocket.Upgrader{CheckOrigin: func(r *http.Request) bool { return true }}", "u := websocket.Upgrader{ReadBufferSize: 9}"),
    ("resumed-unchecked", "x := &tls.Config{VerifyPeerCertificate: check}", "x := &tls.Config{VerifyPeerCertificate: check, VerifyConnection: again}"),
    ("weak-cipher", "x := &tls.Config{CipherSuites: []uint16{tls.TLS_RSA_WITH_AES_128_GCM_SHA256}}", "x := &tls.Config{CipherSuites: []uint16{tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}}"),
    ("old-protocol", "x := &tls.Config{MinVersion: tls.VersionTLS10}", "x := &tls.Config{MinVersion: 0}"),
    ("rsa-padding", "rsa.EncryptPKCS1v15(rand.Reader, key, b)", "rsa.EncryptOAEP(sha256.New(), rand.Reader, key, b, nil)"),
    ("csrf-off", 'x.AuthCodeURL("state")', "x.AuthCodeURL(made())"),
    ("csrf-off", 'p.AddInsecureBypassPattern("/")', 'p.AddInsecureBypassPattern("/hooks/a")'),
    ("unverified-token", "p.ParseUnverified(t, claims)", "p.ParseWithClaims(t, claims, key)"),
    ("hard-coded-credential", 't.SignedString([]byte("winterabend"))', "t.SignedString(key)"),
    ("insecure-cookie", 'http.SetCookie(w, &http.Cookie{Name: "session", Value: v})', 'http.SetCookie(w, &http.Cookie{Name: "theme", Value: v})'),
    ("script-readable-cookie", 'http.SetCookie(w, &http.Cookie{Name: "auth", Value: v, Secure: true})', 'http.SetCookie(w, &http.Cookie{Name: "auth", Value: v, Secure: true, HttpOnly: true})'),
    ("cross-origin-wildcard", 'x := cors.Options{AllowedOrigins: []string{"*"}, AllowCredentials: true}', 'x := cors.Options{AllowedOrigins: []string{"https://a.example"}, AllowCredentials: true}'),
    ("mail-injection", 'smtp.SendMail("a:25", nil, "a@a.example", []string{r.FormValue("to")}, b)', 'smtp.SendMail("a:25", nil, "a@a.example", []string{"b@a.example"}, b)'),
    ("mail-injection", 'c.Rcpt(r.FormValue("to"))', 'to, err := mail.ParseAddress(r.FormValue("to")); use(err); c.Rcpt(to.Address)'),
    ("xpath-injection", 'xmlpath.Compile("//a[b=\'" + r.FormValue("c") + "\']")', 'xmlpath.Compile("//a[b=1]")'),
    ("sql-execution", 'db.Joins("left join b on c = " + r.FormValue("d"))', 'db.Joins("left join b on c = ?", r.FormValue("d"))'),
    ("path-traversal", 'c.SaveUploadedFile(f, "/srv/" + r.FormValue("a"))', 'c.SaveUploadedFile(f, "/srv/" + filepath.Base(r.FormValue("a")))'),
    ("archive-extraction", "p := filepath.Join(to, f.Name)\n\tos.Create(p)", "p := filepath.Join(to, f.Name)\n\tif !strings.HasPrefix(p, to) {\n\t\treturn\n\t}\n\tos.Create(p)"),
]  # fmt: skip


def rules(body: str) -> set[str]:
    return {one.rule for one in PLUGIN.detect(CodeUnit(source="t", path="a.go", body=_FILE % body)).candidates}


@pytest.mark.parametrize(("rule", "bad", "good"), PAIRS, ids=[f"{rule}-{n}" for n, (rule, _, _) in enumerate(PAIRS)])
def test_the_fault_is_found_and_its_repair_is_not(rule: str, bad: str, good: str) -> None:
    assert rule in rules(bad)
    assert rule not in rules(good)
