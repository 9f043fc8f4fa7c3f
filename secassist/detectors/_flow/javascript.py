"""What is a source, a sink, a cleaner and a fault in JavaScript and TypeScript: data only."""
# ruff: noqa: E501 - a row is easier to check in one piece

from typing import Final

from secassist.detectors._flow.rules import RuleSet

_REQUEST = r"(?:^|\.)(?:req|request|_req|ctx\.request|ctx\.req)\.(?:query|params?|body|headers|cookies|url|originalUrl|files?|rawBody|path|hostname|signedCookies)\b"
JAVASCRIPT: Final = RuleSet(
    sources=_REQUEST
    + r"|^ctx\.(?:query|params|path|url)\b|(?:^|\b(?:window|document|self|top|parent|this)\.)location(?:\.(?:href|hash|search|pathname|toString\(\)))?$|^location\.|\bdocument\.(?:URL|documentURI|referrer|cookie|location)\b|^window\.name$|\bprocess\.argv\b|^event\.(?:queryStringParameters|multiValueQueryStringParameters|pathParameters|rawQueryString|body|headers|Records)\b|^(?:e|ev|evt|event|msg|message)\.data\b|\.searchParams\b|\bwindow\.location\b",
    calls="*.param<^req|request *.get<^req$|request$|searchParams|URLSearchParams|^ctx$|^ctx\\.cookies$ *.header<^req$|request *.useParams useSearchParams prompt *.val<\\$",
    handlers=r"@(?:Get|Post|Put|Delete|Patch)\b",
    requests=r"@(?:Query|Body|Param|Headers)\b",
    fills={},
    sinks=(
        (
            "sql-execution",
            "*.query<db|conn|pool|sql|client|knex|sequelize|pg|mysql|database|session *.execute<db|conn|pool|sql|client|knex|mysql *.raw<knex|db|sequelize *.exec<db|sqlite *.run<db|sqlite *.all<db|sqlite *.each<db|sqlite *.$queryRawUnsafe *.$executeRawUnsafe *.whereRaw *.orWhereRaw *.havingRaw *.orderByRaw *.groupByRaw *.joinRaw",
            "0 sql text",
            "built",
        ),
        ("sql-execution", "new Sequelize.literal Sequelize.literal sequelize.literal", "0", "built"),
        (
            "nosql-query",
            "*.find<model|users?|collection|db|mongo|doc|[A-Z]\\w+$ *.findOne *.findOneAndUpdate *.updateOne *.updateMany *.deleteOne *.deleteMany *.findOneAndDelete *.findOneAndRemove *.countDocuments *.$where",
            "0",
            "",
        ),
        (
            "command-execution",
            "child_process.exec child_process.execSync exec execSync *.exec<^cp$|child|shell|ssh *.execSync<^cp$|child|shell shelljs.exec execa.command execa.shell *.command<execa cross-spawn.sync",
            "0",
            "built",
        ),
        (
            "command-execution",
            "child_process.spawn child_process.spawnSync child_process.execFile child_process.execFileSync child_process.fork *.spawn<^cp$|child *.spawnSync *.execFile<^cp$|child spawn spawnSync execFile execFileSync execa fork",
            "0 1",
            "argv",
        ),
        (
            "code-evaluation",
            "*.$eval *.$evalAsync *.$apply *.$applyAsync *.$watch *.$watchCollection *.$watchGroup $compile $parse $interpolate importScripts *.importScripts",
            "0",
            "",
        ),
        (
            "code-evaluation",
            "eval window.eval Function new Function *.runInNewContext *.runInThisContext *.runInContext vm.runInNewContext new vm.Script setTimeout setInterval execScript *.globalEval *.compileFunction *.compile<handlebars|Handlebars|pug|jade|ejs",
            "0 1",
            "",
        ),
        ("unsafe-reflection", "require import", "0", ""),
        (
            "template-injection",
            "*.render<pug|jade|ejs|nunjucks|mustache|Mustache|swig|dot|lodash|_$ *.compile<pug|jade|ejs|nunjucks|handlebars|Handlebars *.renderString *.template<^_$|lodash",
            "0",
            "",
        ),
        (
            "path-traversal",
            "fs.readFile fs.readFileSync fs.writeFile fs.writeFileSync fs.createReadStream fs.createWriteStream fs.unlink fs.unlinkSync fs.readdir fs.readdirSync fs.stat fs.statSync fs.open fs.openSync fs.appendFile fs.appendFileSync fs.rename fs.renameSync fs.mkdir fs.mkdirSync fs.rmdir fs.rm fs.rmSync fs.existsSync fs.exists fs.access fs.lstat fs.lstatSync fs.copyFile fs.realpath fs.chmod *.readFile<fs *.readFileSync<fs *.createReadStream *.createWriteStream *.writeFile<fs *.writeFileSync<fs *.sendFile *.sendfile *.download<^res *.unlink<fs fs/promises.readFile *.existsSync",
            "0",
            "",
        ),
        (
            "xss",
            "*.send<^res|response|status *.write<^res|response|document *.end<^res|response *.writeln<document document.write document.writeln *.html<\\$|jQuery|jq|el|this|[a-z] *.append<\\$|jQuery|jq *.prepend<\\$|jQuery|jq *.after<\\$|jQuery *.before<\\$|jQuery *.replaceWith<\\$|jQuery *.wrap<\\$|jQuery *.insertAdjacentHTML *.parseHTML<\\$|jQuery $ jQuery *.bypassSecurityTrustHtml *.createContextualFragment *.appendTo<\\$|jQuery *.prependTo *.insertAfter *.insertBefore",
            "0 1",
            "",
        ),
        (
            "open-redirect",
            "*.redirect<^res|response|ctx|reply|this *.assign<location *.replace<location window.open *.navigate<router|page|^this *.push<never *.location<^res",
            "0 1",
            "",
        ),
        ("open-redirect", "*.setHeader *.header<^res *.writeHead", "1 Location location", "0=Location"),
        ("open-redirect", "*.writeHead", "Location location", ""),
        (
            "request-forgery",
            "axios axios.get axios.post axios.put axios.delete axios.head axios.patch axios.request fetch node-fetch request request.get request.post request.put got got.get got.post http.get http.request https.get https.request needle needle.get needle.post superagent.get superagent.post *.openStream urllib.request *.get<axios|http|superagent|got *.post<axios|http|superagent *.goto<page phin undici.request undici.fetch",
            "0 1 url uri host hostname",
            "",
        ),
        (
            "xml-external-entity",
            "libxmljs.parseXml libxmljs.parseXmlString *.parseXml *.parseXmlString *.parseXmlAsync libxmljs2.parseXml *.parseFromString<libxml",
            "0",
            "noent=true",
        ),
        (
            "xpath-injection",
            "xpath.select xpath.select1 xpath.evaluate xpath.parse *.evaluate<document|xpath *.find<xml|doc *.select<xpath",
            "0",
            "",
        ),
        ("ldap-injection", "*.search<ldap|client|directory", "0 1 filter", ""),
        (
            "unsafe-deserialisation",
            "*.unserialize yaml.load js-yaml.load jsyaml.load *.load<yaml serialize-javascript.deserialize v8.deserialize",
            "0",
            "",
        ),
        (
            "log-forging",
            "console.log console.info console.warn console.error console.debug *.info<log *.warn<log *.error<log *.debug<log",
            "*",
            "",
        ),
        (
            "log-forging",
            "fs.appendFile fs.appendFileSync fs.promises.appendFile *.appendFile<fs",
            "1",
            r"0@\.log$",
        ),
        ("format-string", "util.format console.log<never", "0", ""),
        ("regex-injection", "new RegExp RegExp", "0", ""),
        ("resource-size", "Buffer.alloc Buffer.allocUnsafe new Buffer *.repeat<never", "0", ""),
        (
            "prototype-pollution",
            "*.merge<^_$|lodash|extend|deep *.defaultsDeep *.extend<\\$|jQuery|never *.set<^_$|lodash deepmerge lodash.merge",
            "1 2",
            "",
        ),
        ("mail-injection", "*.sendMail", "to subject from", ""),
    ),
    assigned=(
        ("xss", r"\.(?:innerHTML|outerHTML|srcdoc|__html)$|jsx\.dangerouslySetInnerHTML$"),
        ("open-redirect", r"(?:^|\.)location(?:\.href)?$"),
        ("xss", r"^jsx\.(?:href|src)$|\.(?:src)$"),
        ("trust-boundary", r"^(?:(?:req|request|ctx)\.)?session\."),
    ),
    set_to=(
        ("certificate-not-checked", r"NODE_TLS_REJECT_UNAUTHORIZED", r"^0$"),
        ("certificate-not-checked", r"rejectUnauthorized", r"^false$"),
        ("insecure-cookie", r"cookie\.secure$", r"^false$"),
    ),
    checks=(
        (
            "weak-hash",
            "crypto.createHash crypto.createHmac createHash createHmac *.createHash *.createHmac<never",
            r"0~(?i)^(?:md[245]|sha-?1|rsa-(?:md5|sha1)|ripemd160)$",
        ),
        ("weak-hash", "CryptoJS.MD5 CryptoJS.SHA1 md5 sha1 *.MD5<Crypto *.SHA1<Crypto", ""),
        (
            "weak-cipher",
            "*.createCipheriv *.createDecipheriv createCipheriv *.createCipher *.createDecipher",
            r"0~(?i)^(?:des|rc[24]|bf|blowfish|aes-?\d{3}-ecb|id-aes\d{3}-ecb|camellia-\d+-ecb|aes\d{3}-ecb|cast|seed)",
        ),
        (
            "weak-cipher",
            "*.createCipher *.createDecipher CryptoJS.DES.encrypt CryptoJS.TripleDES.encrypt CryptoJS.RC4.encrypt CryptoJS.Rabbit.encrypt",
            "",
        ),
        ("weak-random", "Math.random", ""),
        ("weak-random", "crypto.pseudoRandomBytes *.pseudoRandomBytes", ""),
        ("insecure-cookie", "*.cookie<^res|response *.set<cookie|Cookie", "secure=false"),
        ("insecure-cookie", "session express-session cookie-session cookieSession", "secure=false"),
        (
            "script-readable-cookie",
            "*.cookie<^res|response session express-session cookie-session cookieSession",
            "httpOnly=false",
        ),
        (
            "certificate-not-checked",
            "https.request https.get new https.Agent tls.connect *.request *.get *.connect new Agent",
            "rejectUnauthorized=false",
        ),
        (
            "short-key",
            "*.generateKeyPairSync *.generateKeyPair crypto.generateKeyPairSync",
            r"modulusLength~^(?:512|768|1024)$",
        ),
        ("xml-parser-open", "*.parseXml *.parseXmlString *.parseXmlAsync libxmljs.parseXml", "noent=true"),
        ("autoescape-off", "nunjucks.configure *.compile<andlebars *.configure<nunjucks", "autoescape=false"),
        ("autoescape-off", "*.compile<andlebars", "noEscape=true"),
        ("code-evaluation", "eval new Function", "0?"),
        ("unverified-token", "jsonwebtoken.decode *.decode<^jwt$|jsonwebtoken", ""),
        (
            "hard-coded-credential",
            "jsonwebtoken.sign jsonwebtoken.verify *.sign<^jwt$|jsonwebtoken",
            r"1~^(?!-----BEGIN PUBLIC).{4,}",
        ),
        ("loose-permissions", "fs.chmod fs.chmodSync *.chmod<fs *.chmodSync<fs", r"1~^(?:511|438|0?777|0?666)$"),
    ),
    cleaners=(
        ("all", "*.bind"),
        (
            "all",
            "parseInt parseFloat Number *.toFixed BigInt Boolean *.isInteger Math.floor Math.round uuid.validate Date.now *.toISOString *.randomUUID randomUUID *.getTime *.getDay *.getFullYear",
        ),
        (
            "html htmlq",
            "escape escapeHtml escape-html *.escapeHtml *.escape<^_$|lodash|validator|he$ he.encode he.escape *.sanitize<purify|Purify DOMPurify.sanitize sanitizeHtml sanitize-html encodeURIComponent encodeURI *.text<\\$|jQuery *.escapeHTML xss xss.filterXSS *.encode<he$|entities html-entities.encode JSON.stringify *.json<res",
        ),
        ("url path header log shell", "encodeURIComponent querystring.escape"),
        (
            "sql sqlq",
            "mysql.escape *.escape<conn|pool|mysql|sqlstring|db|client *.escapeId SqlString.escape *.escapeLiteral *.escapeIdentifier",
        ),
        ("shell", "shell-quote.quote shellescape shell-escape shellQuote.quote *.quote<shell"),
        ("path", "path.basename *.basename sanitize-filename sanitizeFilename"),
        ("norm", "path.normalize path.resolve fs.realpathSync *.normalize<path *.resolve<path"),
        ("regex", "escapeRegExp *.escapeRegExp _.escapeRegExp escape-string-regexp lodash.escapeRegExp *.escapeRegExp"),
        ("nosql", "String *.toString mongo-sanitize sanitize *.sanitize"),
        ("code log", "JSON.stringify"),
        ("ldap", "new EqualityFilter new SubstringFilter new PresenceFilter"),
    ),
    cleans_if=(("html htmlq", "*.replace *.replaceAll", r"0~^(?:<|&lt;|\[[^\]]{0,20}<[^\]]{0,20}\])$"),),
    hardens=(
        (
            "html",
            "*.setHeader *.header *.set *.writeHead *.type *.contentType",
            r"1~(?i)application/(?:json|xml|octet)|text/(?:plain|csv)|image/",
        ),
        ("html", "*.type *.contentType", r"0~(?i)^(?:json|text|txt|application/json|text/plain)$"),
        (
            "html",
            "*.writeHead *.set *.header",
            r"Content-Type~(?i)application/(?:json|xml|octet)|text/(?:plain|csv)|image/",
        ),
        (
            "plain",
            "*.setHeader *.header *.set",
            r"0~(?i)^content-type$ & 1~(?i)application/(?:json|xml|octet)|text/(?:plain|csv)|image/",
        ),
        (
            "plain",
            "*.writeHead *.set *.header",
            r"content-type~(?i)application/(?:json|octet)|text/(?:plain|csv)|image/",
        ),
        ("plain", "*.writeHead", r"Content-Type~(?i)application/(?:json|octet)|text/(?:plain|csv)|image/"),
        ("plain", "*.type *.contentType", r"0~(?i)^(?:json|text|txt|application/json|text/plain)$"),
        ("url", "*.isLocalUrl", ""),
    ),
    guards=(("url", "isLocalUrl isSafeRedirect *.isLocalUrl"),),
)
