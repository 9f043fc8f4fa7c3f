"""What is a source, a sink, a cleaner and a fault in Java: data only."""
# ruff: noqa: E501 - a row is easier to check in one piece

from typing import Final

from secassist.detectors._flow_rules import RuleSet

JAVA: Final = RuleSet(
    calls="*.getParameter *.getParameterValues *.getParameterMap *.getParameterNames *.getHeader *.getHeaders *.getHeaderNames *.getQueryString *.getCookies *.getRequestURI *.getRequestURL *.getPathInfo *.getPart *.getInputStream<req|sock|conn *.getReader<req *.getTheParameter *.getTheValue *.getQueryParameters *.getPathParameters System.getenv *.readLine<in|reader|console|buf *.nextLine *.getRemoteHost *.getHostName *.readUTF *.queryParams<req *.getPayload<req *.getForm *.pathInfo *.getRawPath",
    sources=r"^args\[|^args$",
    requests=r"@(?:RequestParam|PathVariable|RequestBody|RequestHeader|CookieValue|QueryParam|PathParam|FormParam|HeaderParam|MatrixParam|ModelAttribute|BeanParam|RequestPart)\b",
    handlers=r"@(?:RequestMapping|GetMapping|PostMapping|PutMapping|DeleteMapping|PatchMapping|MessageMapping)\b",
    sinks=(
        (
            "sql-execution",
            "*.executeQuery *.executeUpdate *.execute<stat|st$|conn|sql|jdbc|query *.executeLargeUpdate *.addBatch<stat *.prepareStatement *.prepareCall *.createQuery *.createNativeQuery *.createSQLQuery *.query<jdbc|template|conn|runner *.queryForObject *.queryForList *.queryForRowSet *.queryForMap *.queryForLong *.queryForInt *.batchUpdate *.update<jdbc|template|runner *.nativeSQL *.rawQuery *.execSQL *.sqlRestriction *.where<query",
            "0",
            "built",
        ),
        ("command-execution", "*.exec<runtime|Runtime|^r$|rt *.command<builder|pb|process *.load<runtime", "0", ""),
        ("command-execution", "new ProcessBuilder", "*", ""),
        (
            "code-evaluation",
            "*.eval<engine|script|shell|interp *.evaluate<shell|groovy|jexl|mvel *.parse<groovy|shell *.parseClass",
            "0",
            "",
        ),
        (
            "expression-injection",
            "*.parseExpression *.createValueExpression *.createMethodExpression *.createExpression<jexl|engine|el *.createScript *.compileExpression *.getValue<ognl|Ognl Ognl.getValue Ognl.setValue Ognl.parseExpression MVEL.eval MVEL.executeExpression *.findValue<stack *.buildConstraintViolationWithTemplate *.createTemplate<jexl|engine *.execute<jexl",
            "0 1",
            "open",
        ),
        ("unsafe-reflection", "Class.forName *.loadClass *.getMethod *.getDeclaredMethod", "0", ""),
        (
            "path-traversal",
            "new File new FileInputStream new FileOutputStream new FileReader new FileWriter new RandomAccessFile new ZipFile new java.io.File new java.io.FileInputStream new java.io.FileOutputStream Paths.get Path.of *.resolve<path|dir|root|base|folder *.createTempFile<Files *.newInputStream *.newOutputStream *.newBufferedReader *.newBufferedWriter *.readAllBytes<Files *.readAllLines *.readString<Files *.writeString<Files *.getResourceAsStream *.getResource<class|Class|context|servlet|loader *.getRealPath new FileSystemResource new ClassPathResource *.getRequestDispatcher new PrintWriter",
            "*",
            "",
        ),
        (
            "xss",
            "*.println<getWriter|out|writer|pw|response *.print<getWriter|out|writer|pw|response *.write<getWriter|getOutputStream|out|writer|pw|response|resp *.printf<getWriter|out|writer|pw|response *.format<getWriter|out|writer|pw|response *.append<getWriter|response",
            "*",
            "",
        ),
        (
            "open-redirect",
            "*.sendRedirect new RedirectView new ModelAndView Response.seeOther *.temporaryRedirect *.seeOther",
            "0",
            "",
        ),
        ("open-redirect", "*.setHeader *.addHeader", "1", "0=location"),
        ("header-injection", "*.setHeader *.addHeader new HttpHeaders", "1", ""),
        (
            "request-forgery",
            "new URL new java.net.URL new URI *.openConnection *.openStream new HttpGet new HttpPost *.getForObject *.postForObject *.getForEntity *.exchange *.url<builder|request|Request HttpRequest.newBuilder *.target<client *.uri<builder|client URI.create new Socket *.connect<Jsoup Jsoup.connect new InetSocketAddress *.getForEntity",
            "0 1",
            "",
        ),
        (
            "xml-external-entity",
            "*.parse<builder|reader|parser|sax|db|xml|digester *.unmarshal *.build<sax|SAX|builder *.read<sax|SAX|reader *.createXMLStreamReader *.createXMLEventReader *.transform<former *.newTransformer *.newSchema *.evaluate<xpath|XPath|expr *.compile<xslt|Xslt",
            "0",
            "",
        ),
        (
            "xpath-injection",
            "*.evaluate<xpath|xp|XPath *.compile<xpath|xp|XPath *.selectNodes *.selectSingleNode *.valueOf<doc|node|root *.createXPath",
            "0 1",
            "built",
        ),
        (
            "ldap-injection",
            "*.search<ctx|context|ldap|dir|idc|template *.lookup<ctx|context|ldap|dir|template *.setFilter *.searchAll new SearchRequest *.find<ldap *.authenticate<ldap *.list<ctx",
            "0 1",
            "",
        ),
        (
            "unsafe-deserialisation",
            "*.readObject *.readUnshared *.fromXML new ObjectInputStream new XMLDecoder JSON.parseObject *.deserialize *.loadAs<yaml *.load<yaml|Yaml *.readValue<never",
            "0 r",
            "",
        ),
        ("trust-boundary", "*.setAttribute<ession *.putValue<ession", "0 1", ""),
        (
            "log-forging",
            "*.info<log *.warn<log *.error<log *.debug<log *.trace<log *.severe<log *.fine<log *.log<log",
            "*",
            "",
        ),
        (
            "format-string",
            "*.format<out|String|formatter|Formatter|writer|Locale *.printf<out|writer|console String.format",
            "0",
            "",
        ),
        ("regex-injection", "Pattern.compile *.matches<never *.replaceAll *.split", "0", ""),
        (
            "template-injection",
            "*.evaluate<velocity|Velocity *.process<template|engine|thymeleaf new Template *.putTemplate *.getTemplate",
            "0 3",
            "",
        ),
    ),
    returned=(("xss", r"@ResponseBody\b"),),
    checks=(
        (
            "weak-hash",
            "MessageDigest.getInstance java.security.MessageDigest.getInstance",
            r"0~(?i)^(?:md[245]|sha-?1?)$",
        ),
        (
            "weak-hash",
            "DigestUtils.md5 DigestUtils.md5Hex DigestUtils.sha1 DigestUtils.sha1Hex DigestUtils.sha DigestUtils.getMd5Digest DigestUtils.md5DigestAsHex Hashing.md5 Hashing.sha1 DigestUtils.shaHex",
            "",
        ),
        ("weak-hash", "Mac.getInstance SecretKeyFactory.getInstance", r"0~(?i)^(?:hmac-?md5|PBEWith\w*MD5\w*|DES)"),
        (
            "weak-cipher",
            "Cipher.getInstance javax.crypto.Cipher.getInstance",
            r"0~(?i)^(?:des(?:ede)?|rc[245]|blowfish|arcfour|idea)(?:/|$)|^aes$|/ecb/|^aes/ecb",
        ),
        (
            "weak-cipher",
            "KeyGenerator.getInstance javax.crypto.KeyGenerator.getInstance SecretKeyFactory.getInstance",
            r"0~(?i)^(?:des(?:ede)?|rc[245]|blowfish|arcfour)$",
        ),
        ("weak-cipher", "new NullCipher new javax.crypto.NullCipher", ""),
        ("weak-random", "Math.random java.lang.Math.random", ""),
        (
            "weak-random",
            "new Random new java.util.Random ThreadLocalRandom.current RandomStringUtils.random RandomStringUtils.randomAlphanumeric RandomStringUtils.randomAlphabetic RandomStringUtils.randomNumeric RandomUtils.nextInt",
            "",
        ),
        ("insecure-cookie", "*.setSecure", "0=false"),
        ("script-readable-cookie", "*.setHttpOnly", "0=false"),
        (
            "certificate-not-checked",
            "*.setHostnameVerifier<never new NoopHostnameVerifier new AllowAllHostnameVerifier",
            "",
        ),
        ("short-key", "*.initialize *.init<generator|keygen|kpg|keyGen", r"0~^(?:512|768|1024|56|64)$"),
        ("old-protocol", "SSLContext.getInstance", r"0~(?i)^(?:SSL|SSLv[23]|TLSv1(?:\.[01])?)$"),
        (
            "hard-coded-credential",
            "new PasswordAuthentication new UsernamePasswordCredentials DriverManager.getConnection",
            r"1~.{3}",
        ),
        ("hard-coded-credential", "DriverManager.getConnection", r"2~.{3}"),
        ("hard-coded-credential", "*.setPassword<source|Source|conn|user", r"0~.{3}"),
        ("hard-coded-credential", "new SecretKeySpec new PBEKeySpec new KeyParameter", r"0~.{3}"),
        ("object-loader", "*.enableDefaultTyping *.activateDefaultTyping<never new XMLDecoder", ""),
        ("csrf-off", "*.disable<csrf", ""),
        ("no-salt", "new PBEParameterSpec new IvParameterSpec", r"0~.{3}"),
        ("loose-permissions", "*.setReadable *.setWritable *.setExecutable", "0=true & 1=false"),
    ),
    cleaners=(
        (
            "all",
            "Integer.parseInt Integer.valueOf Long.parseLong Long.valueOf Double.parseDouble Float.parseFloat Boolean.parseBoolean UUID.fromString Enum.valueOf Short.parseShort Integer.decode LocalDate.parse",
        ),
        (
            "html htmlq",
            "*.encodeForHTML *.encodeForHTMLAttribute *.htmlEscape HtmlUtils.htmlEscape StringEscapeUtils.escapeHtml StringEscapeUtils.escapeHtml3 StringEscapeUtils.escapeHtml4 *.escapeHtml *.escapeHtml4 Encode.forHtml Encode.forHtmlAttribute Encode.forHtmlContent ESAPI.encoder *.sanitize Jsoup.clean *.forHtml *.escapeXml URLEncoder.encode *.escapeHtml3",
        ),
        ("url path header log", "URLEncoder.encode"),
        ("sql sqlq", "*.encodeForSQL"),
        ("ldap ldapq", "*.encodeForLDAP *.encodeForDN"),
        ("xpath", "*.encodeForXPath"),
        ("shell", "*.encodeForOS"),
        ("path", "FilenameUtils.getName *.getFileName"),
        ("norm", "*.getCanonicalPath *.normalize *.getCanonicalFile *.toRealPath *.normalize"),
    ),
    hardens=(
        ("xml", "*.setFeature *.setAttribute *.setProperty", "0@(?i)secure|external|dtd|entit"),
        ("xml", "*.setFeature *.setAttribute *.setProperty", "0~(?i)secure|external|dtd|entit"),
        ("xml", "*.setExpandEntityReferences", "0=false"),
        ("xml", "*.setEntityResolver *.setXMLResolver *.setURIResolver", ""),
        (
            "code",
            "*.sandbox *.uberspect new SandboxUberspectImpl new JexlSandbox new SimpleEvaluationContext *.forReadOnlyDataBinding *.setSandbox",
            "",
        ),
    ),
    stops="*.getSession *.getRequestDispatcher *.getServletContext *.getAttribute<ession *.getUserPrincipal *.getLocale *.getMethod<req *.getContextPath *.getServerName *.getServletPath",
)
