"""Short names of the weaknesses (MITRE CWE) that detectors and the model speak of."""

NAMES = {
    20: "Improper input validation",
    22: "Path traversal",
    59: "Following of links",
    77: "Command injection",
    78: "OS command injection",
    79: "Cross-site scripting",
    88: "Argument injection",
    89: "SQL injection",
    90: "LDAP injection",
    91: "XML injection",
    94: "Code injection",
    95: "Evaluation of input as code",
    116: "Improper encoding of output",
    117: "Log injection",
    119: "Access outside of a buffer",
    120: "Buffer copy without checking the size",
    125: "Out-of-bounds read",
    190: "Integer overflow",
    200: "Exposure of sensitive information",
    209: "Error message with sensitive information",
    259: "Hard-coded password",
    269: "Improper privilege management",
    276: "Wrong default permissions",
    284: "Improper access control",
    287: "Improper authentication",
    295: "Improper certificate validation",
    306: "Missing authentication",
    312: "Sensitive information in clear text",
    319: "Transmission in clear text",
    321: "Hard-coded cryptographic key",
    326: "Too little encryption strength",
    327: "Broken or risky cryptography",
    328: "Weak hash",
    330: "Random values that can be guessed",
    338: "Weak random number generator",
    352: "Cross-site request forgery",
    377: "Insecure temporary file",
    400: "Uncontrolled use of resources",
    416: "Use after free",
    434: "Upload of dangerous files",
    476: "Null pointer dereference",
    489: "Debug code left active",
    502: "Deserialization of untrusted data",
    522: "Badly protected credentials",
    532: "Sensitive information in a log",
    601: "Open redirect",
    605: "Several binds to one port",
    611: "XML external entity",
    639: "Authorization bypass by a key of the user",
    643: "XPath injection",
    703: "Improper handling of exceptional conditions",
    732: "Wrong permissions of a critical resource",
    754: "Improper check for exceptional conditions",
    770: "Allocation without limits",
    787: "Out-of-bounds write",
    798: "Hard-coded credentials",
    862: "Missing authorization",
    915: "Uncontrolled change of object attributes",
    918: "Server-side request forgery",
    943: "Query injection into a data store",
    1004: "Cookie without HttpOnly",
    1333: "Regular expression of exponential cost",
    1336: "Template injection",
}


def number(cwe: str) -> int | None:
    """78 of "CWE-78"; None for anything else."""
    head, _, digits = cwe.upper().partition("-")
    return int(digits) if head == "CWE" and digits.isascii() and digits.isdigit() and len(digits) < 6 else None


def title(cwe: str) -> str:
    """ "CWE-78 OS command injection"; the text itself if it is no CWE, the number alone if its name is not known."""
    found = number(cwe)
    return cwe if found is None else f"CWE-{found} {NAMES.get(found, '')}".strip()
