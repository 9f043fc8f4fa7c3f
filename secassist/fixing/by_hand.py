"""What to do by hand where no rewrite was accepted: one sentence for each weakness and language; data only."""
# ruff: noqa: E501 - a sentence is easier to check in one piece

from collections.abc import Iterator

from secassist.fixing.base import Proposal, Wanted

_FAMILY = {"typescript": "javascript", "tsx": "javascript", "cpp": "c"}
_SENTENCES: tuple[tuple[str, dict[str, str]], ...] = (
    ("89 564", {
        "": "Write the statement as a constant and bind every value as a parameter; take names of tables and columns from a list of known ones.",
        "python": "Write the statement as a constant and pass the values as the second argument of execute(); take names of tables and columns from a list of known ones.",
        "java": "Use a PreparedStatement with ? for every value; take names of tables and columns from a list of known ones.",
        "go": "Pass the values as further arguments of Query or Exec with placeholders; take names of tables and columns from a list of known ones.",
        "php": "Prepare the statement (PDO or mysqli) and bind every value; take names of tables and columns from a list of known ones.",
        "csharp": "Put @names into the statement and add each value to the command's Parameters; take names of tables and columns from a list of known ones.",
        "javascript": "Use the driver's placeholders and pass the values as an array; take names of tables and columns from a list of known ones.",
        "c": "Use the driver's prepared statements (sqlite3_bind_*, PQexecParams, mysql_stmt_bind_param).",
    }),
    ("943", {"": "Build the query from fixed operators and make sure that each value is a plain text or number, not an object of the caller's."}),
    ("77 78 88", {
        "": "Start a fixed program with a list of arguments, without a shell; where the caller chooses the program, look it up in a list of known ones.",
        "python": "Call subprocess.run with a list and without shell=True; where the caller chooses the program, look it up in a dictionary of known ones.",
        "java": "Give ProcessBuilder a fixed program and each argument on its own; where the caller chooses the program, look it up in a map of known ones.",
        "go": "Give exec.Command a fixed program and each argument on its own, with -- before values; look a chosen program up in a map of known ones.",
        "php": "Use proc_open with an array (PHP 7.4), or escapeshellarg for each argument; look a chosen program up in an array of known ones.",
        "csharp": "Set FileName to a fixed program and add each value to ProcessStartInfo.ArgumentList; look a chosen program up in a dictionary of known ones.",
        "javascript": "Use child_process.execFile or spawn with a fixed program and an array, without the shell option; look a chosen program up in a list of known ones.",
        "c": "Use execv or posix_spawn with a fixed absolute path and an argument array instead of system and popen.",
    }),
    ("1336", {
        "": "Keep the template's text constant and hand the values to it as its variables; never build a template from text of the caller's.",
        "python": "Keep the template's text constant and pass values as its context (render_template('page.html', name=name)); never put them into the template's text. Escaping them for HTML does not help.",
    }),
    ("94 95 917", {
        "": "Do not run text of the caller's: parse the few forms that are needed, or look them up in a table of known ones.",
        "python": "Replace eval and exec by ast.literal_eval for values, getattr on a list of known names, or a dictionary of functions.",
        "java": "Look the expression up among known ones; if it must be free, use SpEL's SimpleEvaluationContext, a JEXL sandbox, or a script engine with a class filter.",
        "javascript": "Use JSON.parse for data and a table of functions for actions; templates of Angular and others must be constants that only take values.",
        "csharp": "Look the code up among known pieces; an expression tree or a small parser does what a compiler call was needed for.",
        "php": "Replace eval by a table of functions; preg_replace_callback takes the place of the /e modifier.",
    }),
    ("79 80 116", {
        "": "Escape the value for the place where the page puts it, or let the template engine do it; put none into scripts, styles or unquoted attributes.",
        "javascript": "Use textContent or elements; where markup is wanted, clean it with DOMPurify; check that addresses begin with https: before they become href or src.",
        "go": "Write the page with html/template, which escapes by place, instead of Fprintf, Write or template.HTML.",
        "java": "Let the template escape it (JSTL c:out, Thymeleaf th:text), or use OWASP's Encode.forHtml and its siblings for the place.",
        "php": "Use htmlspecialchars with ENT_QUOTES for text and quoted attributes, json_encode with JSON_HEX_TAG in scripts.",
        "csharp": "Let Razor encode it (no Html.Raw), or use HtmlEncoder, JavaScriptEncoder or UrlEncoder for the place.",
        "python": "Render a template with autoescape on, or use markupsafe.escape; keep values out of scripts and unquoted attributes.",
    }),
    ("22 23 36 73 98", {
        "": "Decide which folder is meant, resolve the path, and refuse it unless it lies in that folder.",
        "python": "Resolve the path (Path.resolve) and refuse it unless is_relative_to(folder); for names alone use os.path.basename.",
        "java": "Resolve it as folder.resolve(name).normalize() and refuse it unless startsWith(folder); for names alone use getFileName().",
        "go": "Open it through os.OpenRoot(folder) (Go 1.24), or refuse names for which filepath.IsLocal says no, then join them to the folder.",
        "javascript": "Resolve it with path.resolve(folder, name) and refuse it unless it starts with the folder and path.sep; for names alone use path.basename.",
        "csharp": "Make it full with Path.GetFullPath and refuse it unless it starts with the full folder and a separator.",
        "php": "Compare realpath() of the file with realpath() of the folder, or use basename() where a name is enough.",
        "c": "Open the folder once and the name with openat() and O_NOFOLLOW, refuse names with / or .., or compare realpath() of both.",
    }),
    ("20", {
        "": "Check the whole value and not a part of it: parse it first, compare the parsed part with a list, and anchor patterns at both ends.",
        "javascript": "Parse the address with new URL() and compare its hostname with a list; in patterns escape the dots and anchor both ends.",
    }),
    ("118", {"": "Compare the index or bound with the length before it is used, and answer with an error where it lies beyond."}),
    ("200", {"": "Leave the value out of what is sent; after a redirect send headers with secrets to the same host only."}),
    ("209", {"": "Log the details of the error, and answer with a general message and a number to find it by."}),
    ("131 193", {"": "Make room for everything that is written, the ending zero included, and compare indices with < the number of elements, not <=."}),
    ("252 253", {"": "Look at the result before what it was asked for is used, and compare it with the value that the call documents for failure."}),
    ("367", {"": "Open the file first and ask the open handle (fstat, O_NOFOLLOW, O_EXCL) instead of asking about a name that may change in between."}),
    ("467 468", {"": "Take the size of what is pointed at (sizeof *pointer, or count * sizeof element), and let pointer arithmetic count elements, not bytes."}),
    ("481 482", {"": "Write == where two values are compared and = where one is set; put an assignment that is meant in brackets of its own."}),
    ("570", {"": "Say what the condition was meant to ask: as it stands it is never true, so that what it guards never runs."}),
    ("617", {"": "Answer bad input with an error and keep assertions for what only a mistake of the program itself can bring about."}),
    ("667 764", {"": "Release the lock on every way out, once, and take no lock that is held already; one exit behind a label makes that easy to see."}),
    ("685 686", {"": "Give the call as many arguments, and of the types, as its format or its declaration asks for; let the compiler check formats."}),
    ("918", {
        "": "Decide which hosts may be asked, compare the parsed host with that list before the request, and follow no redirects to others.",
        "java": "Compare new URI(text).getHost() with a list of hosts before connecting, allow https only, and switch redirects off.",
        "go": "Compare url.Parse(text).Hostname() with a list of hosts, and refuse private addresses in the Dialer's Control function.",
        "javascript": "Compare new URL(text).hostname with a list of hosts, allow https: only, and set redirect: 'error'.",
    }),
    ("601", {"": "Go only to paths of this site, or to hosts of a list that the parsed address is compared with."}),
    ("611 776 827", {
        "": "Switch document types and external entities off in the parser.",
        "java": "Set http://apache.org/xml/features/disallow-doctype-decl to true on the factory; for libraries that make their own parser (Simple XML, Digester) hand them one that was made so.",
        "csharp": "Read with XmlReader.Create and settings with DtdProcessing.Prohibit and XmlResolver = null.",
        "php": "Leave LIBXML_NOENT and LIBXML_DTDLOAD out; libxml 2.9 loads no entities by itself.",
        "python": "Parse with defusedxml, or with lxml's XMLParser(resolve_entities=False, no_network=True).",
        "c": "Leave XML_PARSE_NOENT and XML_PARSE_DTDLOAD out; set an entity resolver that gives nothing.",
    }),
    ("643 91", {
        "": "Bind the values as variables of the expression, or refuse those with quotes.",
        "java": "Set an XPathVariableResolver and write $name in the expression.",
        "python": "Write $name in the expression and give lxml's xpath() the value by keyword.",
        "csharp": "Compile the expression with variables (XsltContext), or choose the node with LINQ to XML.",
        "go": "The libraries have no variables: choose the nodes with a constant expression and compare the text in Go.",
    }),
    ("90", {
        "": "Escape each value for a filter (RFC 4515) or a name (RFC 4514) with the library's own function.",
        "java": "Use JNDI's search(name, filter, arguments, controls) with {0}, or Filter.createEqualityFilter, LdapEncoder or ESAPI.",
        "csharp": "Escape \\ * ( ) and NUL of the value as RFC 4515 says (AntiXss: Encoder.LdapFilterEncode).",
        "c": "Escape \\ * ( ) and NUL of the value as \\5c \\2a \\28 \\29 \\00 before it is put into the filter.",
        "go": "Use ldap.EscapeFilter for filters and ldap.EscapeDN for names; ask for users by a checked login name.",
        "php": "Use ldap_escape with LDAP_ESCAPE_FILTER or LDAP_ESCAPE_DN.",
        "python": "Use escape_filter_chars of ldap.filter or ldap3.utils.conv.",
    }),
    ("502", {
        "": "Take a format that holds values only (JSON), or allow a list of known classes.",
        "java": "Set an ObjectInputFilter that names the expected classes before the first readObject (JEP 290), register the classes with Kryo or XStream, or take JSON.",
        "csharp": "BinaryFormatter and its kin cannot be made safe: serialise with System.Text.Json or DataContractSerializer and known types.",
        "python": "Take json; where objects are needed, an Unpickler whose find_class allows known names only, or sign the data with hmac.",
        "php": "Take json_decode, or unserialize with allowed_classes.",
        "javascript": "Take JSON.parse, and yaml.load of js-yaml 4 or its JSON_SCHEMA.",
    }),
    ("327 326 1240", {
        "": "Move to AES-256 in GCM mode (or ChaCha20-Poly1305) with a fresh nonce for each message, and to TLS 1.2 or later; data that was written before has to be converted once.",
        "java": 'Use Cipher.getInstance("AES/GCM/NoPadding") with a GCMParameterSpec and 12 random bytes for each message; convert what was written before.',
        "go": "Use aes.NewCipher with cipher.NewGCM and a random nonce; the key has 16 or 32 bytes, so keys and data have to be converted.",
        "csharp": "Use AesGcm (or Aes.Create() with CBC and an HMAC) with a fresh IV; the key has 32 bytes, so keys and data have to be converted.",
        "python": "Use AESGCM or Fernet of the cryptography package; the key has another length, so keys and data have to be converted.",
        "c": "Use EVP_aes_256_gcm() with a fresh 12-byte IV; keys and data have to be converted.",
        "php": "Use sodium_crypto_secretbox, or openssl_encrypt with aes-256-gcm and a random IV.",
        "javascript": "Use crypto.createCipheriv with aes-256-gcm and a random 12-byte IV.",
    }),
    ("328 916", {
        "": "Take SHA-256 or later, and for passwords a slow hash (Argon2id, scrypt, bcrypt); old digests do not match any more.",
        "c": "For passwords use a slow hash (crypt with $y$, libsodium's crypto_pwhash_str); elsewhere EVP_Digest with EVP_sha256() instead of the MD4, MD5 and SHA1 functions: digests become 32 bytes long, so make room for them.",
        "python": "For passwords use a slow hash with a salt per user (argon2-cffi, hashlib.scrypt, or hashlib.pbkdf2_hmac with 600,000 rounds) and hash old ones anew at the next login; for the rest use hashlib.sha256.",
        "php": "For passwords use password_hash and password_verify and hash old ones anew at the next login; for the rest use hash('sha256', ...).",
        "javascript": "For passwords use crypto.scrypt with a random salt per user and hash old ones anew at the next login; for the rest use SHA-256.",
        "java": "For passwords use Argon2id, bcrypt, or PBKDF2WithHmacSHA256 with 600,000 rounds and a salt per user, and hash old ones anew at the next login; for the rest use SHA-256.",
        "go": "For passwords use golang.org/x/crypto's argon2 or bcrypt and hash old ones anew at the next login; for the rest use sha256.Sum256.",
        "csharp": "For passwords use Rfc2898DeriveBytes.Pbkdf2 with SHA-256, 600,000 rounds and a salt per user, and hash old ones anew at the next login; for the rest use SHA256.",
    }),
    ("330 331 335 338", {
        "": "Draw from the system's source where the number guards anything.",
        "java": "Use java.security.SecureRandom.",
        "go": "Use crypto/rand: rand.Text() or rand.Int(rand.Reader, max).",
        "csharp": "Use RandomNumberGenerator.GetInt32, GetBytes or Fill.",
        "php": "Use random_int and random_bytes.",
        "javascript": "Use crypto.randomUUID, crypto.randomInt or crypto.getRandomValues.",
        "python": "Use the secrets module.",
        "c": "Use getrandom(), arc4random() or BCryptGenRandom().",
    }),
    ("259 321 547 798", {
        "": "Take the secret from the environment or a vault, and change the one that stood in the code: it is known to everybody who has it.",
    }),
    ("295 297 322", {
        "": "Let the library check certificates and host names; for a private authority add its certificate to the trusted ones.",
        "java": "Drop the trust-all manager and host verifier; load the private authority's certificate into a KeyStore.",
        "go": "Drop InsecureSkipVerify and InsecureIgnoreHostKey; set RootCAs, or use knownhosts.New for SSH.",
        "csharp": "Drop the callback; install the private authority's certificate, or compare its thumbprint in the callback.",
    }),
    ("345 346", {
        "": "Ask who sent it before it is believed, and name whom it is for.",
        "javascript": "Compare event.origin with the origins that may send, and name the receiver's origin in postMessage instead of *.",
    }),
    ("99", {"": "Put the value in by the builder of the library (SqlConnectionStringBuilder), which quotes it, and check it against a list."}),
    ("307", {"": "Lock the account, or wait longer and longer, after a few wrong passwords."}),
    ("521", {"": "Ask for at least 8, better 12 characters, and refuse passwords that are known to have leaked."}),
    ("91", {"": "Write elements and texts by the writer's own calls, which escape, or escape the value before."}),
    ("243", {"": "Call chdir(\"/\") right after chroot(), and give up the rights of root."}),
    ("480", {"": "Write ~ where bits are turned and && or || where conditions are joined; put brackets around what ! is meant for."}),
    ("444", {"": "Set no Transfer-Encoding and no Content-Length by hand; the server's library frames the answer."}),
    ("548", {"": "Serve one folder that holds what everybody may have, and switch the listing of folders off."}),
    ("613", {"": "Give the token an end and check it."}),
    ("780", {"": "Encrypt with OAEP (RSAEncryptionPadding.OaepSHA256)."}),
    ("1007", {"": "Delete the signs that turn the direction of writing, or write them as escapes where a text needs them."}),
    ("352", {"": "Ask for a token that only pages of this site have before anything is changed (the framework's CSRF protection)."}),
    ("614 1004 1275 315", {"": "Set Secure, HttpOnly and SameSite where the cookie is made."}),
    ("113 93", {"": "Refuse line breaks in the value before it becomes a header."}),
    ("117", {"": "Take line breaks out of the value before it is logged, or log it as a field of a structured record."}),
    ("134", {"": "Write the format as a constant and pass the value as an argument."}),
    ("377 378 379", {
        "": "Let the library make the file with a name that nobody can guess.",
        "go": "Use os.CreateTemp, and os.MkdirTemp for folders.",
        "python": "Use tempfile.NamedTemporaryFile or TemporaryDirectory.",
        "c": "Use mkstemp(), and mkdtemp() for folders.",
        "java": "Use Files.createTempFile.",
    }),
    ("276 732", {"": "Give rights to the owner only (0600 for files, 0700 for folders)."}),
    ("119 120 121 122 242 676 787", {
        "": "Hand the size of the target to the copy (snprintf, strlcpy), or grow the target to what is copied; in C++ take std::string or std::vector.",
    }),
    ("124 125 126 127 129 786", {"": "Check the index or the count against the size of the buffer before it is read or written."}),
    ("190 191 194 195 197 680 839", {"": "Compare the value with the bounds of its type before the calculation, or use __builtin_add_overflow and its siblings; keep sizes in size_t."}),
    ("369", {"": "Refuse 0 before dividing by it."}),
    ("401 772 775 404", {"": "Decide who owns it and give it back on every way out; in C++ hold it in std::unique_ptr or a container."}),
    ("415 416 590 761 762 675", {"": "Decide who owns the memory, release it once behind its last use and the way it was taken; in C++ hold it in std::unique_ptr or std::vector."}),
    ("457 908", {"": "Give the variable a value where it is declared."}),
    ("476 690", {"": "Ask whether the pointer is NULL before it is followed."}),
    ("400 606 789 770", {"": "Decide on the largest size, count or time that is allowed, and refuse more before the work begins."}),
    ("208", {
        "": "Compare secrets with a function that takes as long for any input.",
        "javascript": "Compare hashes of both with crypto.timingSafeEqual; what is no secret may stay as it is.",
    }),
    ("915 1321", {"": "Copy only the fields that are expected, refuse __proto__, constructor and prototype as keys, or use a Map."}),
    ("470", {"": "Look the class or function up in a table of known ones."}),
    ("489 215", {"": "Take the switch from the environment, off by default."}),
    ("494 829", {"": "Pin what is fetched: name a full commit hash or digest and compare it."}),
    ("118", {"": "Ask for the length first and leave the work where the index or bound does not lie below it."}),
    ("209", {"": "Answer with a fixed sentence and a number to ask about; write the error itself to the log only."}),
    ("155", {"": "List the files in the program and hand them over after --, instead of letting the shell expand *."}),
    ("319 284", {"": "Take the encrypted protocol (TLS, SSH, SFTP, SNMPv3) and authenticate both sides."}),
    ("347", {"": "Verify the signature with a fixed algorithm and key before anything in the token is used."}),
    ("501", {"": "Check the value before it is kept in the session."}),
    ("605 668 1327", {"": "Listen on 127.0.0.1, or on the one address that is meant, taken from the configuration."}),
    ("759 760", {"": "Draw the salt or nonce at random for each use and store it beside the result."}),
    ("942", {"": "Answer with the one origin that is allowed, from a list, instead of *."}),
    ("1333", {"": "Rewrite the expression without repetition inside repetition, bound the input's length, or use a linear-time engine (RE2)."}),
)  # fmt: skip


def sentence(cwe: str, language: str) -> str:
    """What to do about a weakness in a language; "" where nothing is known."""
    number = cwe.removeprefix("CWE-")
    known = next((said for numbers, said in _SENTENCES if number in numbers.split()), {})
    return known.get(_FAMILY.get(language, language)) or known.get("", "")


class ByHand:
    """Tells a person what to do, where no change was accepted before."""

    name = "advice"
    last_resort = True

    def propose(self, wanted: Wanted) -> Iterator[Proposal]:
        """At most one piece of advice."""
        told = sentence(wanted.cwe, wanted.language)
        if told:
            yield Proposal("by-hand", (), f"By hand: {told}")
