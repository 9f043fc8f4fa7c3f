"""Names that the protocol knows and that abuse knows: methods, versions, and headers that override or give away."""

from schemas import Severity

PLAIN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
DAV_METHODS = frozenset(
    {
        "PROPFIND",
        "PROPPATCH",
        "MKCOL",
        "COPY",
        "MOVE",
        "LOCK",
        "UNLOCK",
        "SEARCH",
        "REPORT",
        "CHECKOUT",
        "CHECKIN",
        "MERGE",
        "MKACTIVITY",
        "ACL",
        "BIND",
        "PURGE",
    }
)
VERSIONS = frozenset({"0.9", "1.0", "1.1", "2", "2.0", "3", "3.0"})
CLIENT_HEADERS = frozenset(
    {
        "x-forwarded-for",
        "x-real-ip",
        "x-client-ip",
        "x-originating-ip",
        "x-remote-ip",
        "x-remote-addr",
        "x-custom-ip-authorization",
        "true-client-ip",
        "x-forwarded-host",
        "x-host",
        "client-ip",
    }
)
REWRITES = {
    "proxy": (Severity.MEDIUM, "A Proxy header, which a CGI program takes for its own proxy setting"),
    "x-original-url": (Severity.MEDIUM, "A header that names another path than the request line"),
    "x-rewrite-url": (Severity.MEDIUM, "A header that names another path than the request line"),
    "x-middleware-subrequest": (Severity.HIGH, "A header that makes a web framework skip its checks"),
    "lock-token": (Severity.LOW, "A WebDAV header"),
    "translate": (Severity.LOW, "A header that asks for the source of a script"),
    "request-range": (Severity.LOW, "A header for ranges that is long out of use"),
    "x-http-method-override": (Severity.LOW, "A header that names another method than the request line"),
    "x-http-method": (Severity.LOW, "A header that names another method than the request line"),
    "x-method-override": (Severity.LOW, "A header that names another method than the request line"),
    "content-range": (Severity.LOW, "A header of answers in a request"),
}
SCANNER_HEADERS = frozenset(
    [
        "x-scanner",
        "acunetix-product",
        "acunetix-aspect",
        "acunetix-aspect-password",
        "x-wipp",
        "x-ratproxy-loop",
        "bytescan",
    ]
)
