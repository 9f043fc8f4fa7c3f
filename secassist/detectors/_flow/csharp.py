"""What is a source, a sink, a cleaner and a fault in C#: data only."""
# ruff: noqa: E501 - a row is easier to check in one piece

from typing import Final

from secassist.detectors._flow.rules import RuleSet

CSHARP: Final = RuleSet(
    sources=r"(?:^|\.)Request(?:\.(?:QueryString|Form|Params|Cookies|Headers|Query|Path|Url|RawUrl|ServerVariables|InputStream|Body|UserAgent|UrlReferrer|Files|PathInfo))?(?:\[|\.|$)|\b(?:HttpContext\.)?Request\[|(?:^|\.)(?:tb|txt|textBox|box|input|user|name|search|data|text)\w*\.Text$|\b\w{1,30}(?:TextBox|Textbox|Input)\.Text$|\b(?:\w{0,12}[eE]ntry)\.(?:FullName|Key)$|^args\[|\bRouteData\.Values\b|\bEnvironment\.GetCommandLineArgs",
    calls="BindProperty Console.ReadLine Environment.GetEnvironmentVariable *.ReadLine<reader|Console|stream *.ReadToEnd<Request|reader *.QueryString *.Get<QueryString|Form *.GetCommandLineArgs",
    requests=r"From(?:Query|Body|Route|Form|Header)\b|^(?:FormCollection|IFormCollection|IFormFile)\b",
    fills={"*.TryGetValue<Request\\.|Query|Form$|Headers|Cookies": "1"},
    handlers=r"^returns (?:\w+\.)*(?:Task<)?(?:\w+\.)*I?(?:Action|View|Json|Content|File|PartialView|Redirect)Result\b|^(?:(?:Http|Map)(?:Get|Post|Put|Delete|Patch)|Route|WebMethod|AcceptVerbs)\b",
    sinks=(
        (
            "sql-execution",
            "new SqlCommand new OleDbCommand new MySqlCommand new OracleCommand new SqliteCommand new NpgsqlCommand new SqlDataAdapter new MySqlDataAdapter new OleDbDataAdapter new OdbcCommand new EntityCommand *.FromSqlRaw *.ExecuteSqlRaw *.ExecuteSqlRawAsync *.ExecuteSqlCommand *.SqlQuery *.SqlQueryRaw *.Query<conn|db|Connection *.QueryFirst<conn|db|Connection *.QueryFirstOrDefault<conn|db|Connection *.QuerySingle<conn|db|Connection *.QuerySingleOrDefault<conn|db|Connection *.Execute<conn|db|Connection *.ExecuteScalar<conn|db|Connection *.CreateSQLQuery *.QueryAsync *.ExecuteAsync",
            "0",
            "built",
        ),
        (
            "sql-execution",
            "*.ExecuteReader<helper|Helper *.ExecuteNonQuery<helper|Helper *.ExecuteScalar<helper|Helper *.ExecuteDataset *.ExecuteQuery *.ExecuteDataSet *.MakeSqlCommand",
            "0 1 2",
            "built",
        ),
        ("command-execution", "Process.Start *.Start<Process", "0 1", "argv"),
        ("command-execution", "new ProcessStartInfo new System.Diagnostics.ProcessStartInfo", "0 1", "argv"),
        (
            "code-evaluation",
            "*.CompileAssemblyFromSource *.Eval *.AddScript *.CreateScript",
            "0 1",
            "",
        ),
        ("expression-injection", "*.EvaluateAsync *.RunAsync<Script", "0", ""),
        ("unsafe-reflection", "Type.GetType Assembly.Load Assembly.LoadFrom Activator.CreateInstance", "0", ""),
        (
            "path-traversal",
            "File.ReadAllText File.ReadAllBytes File.ReadAllTextAsync File.ReadAllBytesAsync File.WriteAllText File.WriteAllBytes File.WriteAllTextAsync File.WriteAllLines File.Open File.OpenRead File.OpenWrite File.OpenText File.Create File.Delete File.AppendAllText File.AppendAllLines File.Exists File.ReadAllLines File.ReadLines File.CreateText File.AppendText Directory.Delete Directory.CreateDirectory Directory.GetFiles Directory.EnumerateFiles Directory.Exists new FileStream new FileInfo new DirectoryInfo",
            "0",
            "",
        ),
        ("path-traversal", "new StreamReader new StreamWriter", "0", r"0@^(?!.*(?:Body|Stream)$)"),
        (
            "path-traversal",
            "File.Copy File.Move File.Replace Directory.Move *.MapPath<never *.TransmitFile *.WriteFile *.PhysicalFile *.SaveAs *.ExtractToFile",
            "0 1",
            "",
        ),
        (
            "xss",
            "*.Write<Response|writer|Writer *.WriteLine<Response|HtmlTextWriter *.Raw<Html new HtmlString new MvcHtmlString *.Content<^this$|Controller|^$ *.WriteAsync<Response *.AppendHtml *.WriteLiteral new StringContent",
            "0",
            "",
        ),
        ("xss", "*.WriteLine<writer *.WriteLineAsync<writer *.WriteAsync<writer", "0", "markup"),
        (
            "open-redirect",
            "*.Redirect *.RedirectPermanent Redirect RedirectPermanent *.Transfer *.RedirectToAbsoluteUrl",
            "0",
            "",
        ),
        ("open-redirect", "*.AddHeader *.AppendHeader *.Add<Headers", "1", "0=Location"),
        (
            "request-forgery",
            "*.GetAsync *.GetStringAsync *.PostAsync *.DownloadString *.DownloadData *.DownloadFile WebRequest.Create HttpWebRequest.Create *.OpenRead<client|Client new HttpRequestMessage *.GetByteArrayAsync *.GetStreamAsync *.UploadString",
            "0 1",
            "",
        ),
        ("xml-external-entity", "*.LoadXml<never *.Load<never", "0", ""),
        (
            "xpath-injection",
            "*.SelectNodes *.SelectSingleNode *.Compile<XPath|xpath|nav|Navigator *.Evaluate<nav|xpath|Navigator *.Select<nav|Navigator XPathExpression.Compile *.XPathSelectElement *.XPathEvaluate *.XPathSelectElements",
            "0 1",
            "",
        ),
        ("ldap-injection", "new DirectorySearcher new DirectoryEntry new SearchRequest", "0 1", ""),
        (
            "unsafe-deserialisation",
            "*.Deserialize<ormatter|erializer *.ReadObject<^(?!.*json) *.DeserializeObject<never *.UnsafeDeserialize *.Deserialize<JavaScript",
            "0",
            "",
        ),
        (
            "log-forging",
            "*.Info<log *.Warn<log *.Error<log *.Debug<log *.Trace<log *.LogInformation *.LogWarning *.LogError *.Log<log *.WriteEntry",
            "*",
            "",
        ),
        ("format-string", "String.Format string.Format *.AppendFormat<sb|builder|Builder", "0", ""),
        ("regex-injection", "new Regex", "0", ""),
        ("regex-injection", "Regex.IsMatch Regex.Match Regex.Matches Regex.Split Regex.Replace", "1", ""),
        ("code-evaluation", "new XslCompiledTransform<never", "0", ""),
    ),
    assigned=(
        ("sql-execution", r"\.CommandText$"),
        ("ldap-injection", r"\.Filter$"),
        ("command-execution", r"\.(?:FileName|Arguments)$"),
        ("xss", r"\.(?:InnerHtml|Text)$"),
        ("open-redirect", r"(?i)\.redirectlocation$|\bheaders\[location\]$|\bheaders\.location$"),
        ("trust-boundary", r"(?i)\bsession\["),
    ),
    set_to=(
        ("insecure-cookie", r"\.?(?:Secure|requireSSL|RequireSSL)$", r"^false$"),
        ("script-readable-cookie", r"\.?HttpOnly$", r"^false$"),
        ("weak-cipher", r"\.Mode$", r"ECB"),
        ("xml-parser-open", r"\.?ProhibitDtd$", r"^false$"),
        ("insecure-cookie", r"(?i)\bheaders\[set-cookie\]$", r"(?s)^[^;]{1,400};(?!.*;\s{0,3}secure\b)"),
        (
            "certificate-not-checked",
            r"Certificate\w{0,20}Validation\w{0,20}Callback$|ServerCertificateValidationCallback$|RemoteCertificateValidationCallback$",
            r"^true$",
        ),
        ("certificate-not-checked", r"\.?CheckCertificateRevocationList<never$", r"^false$"),
    ),
    checks=(
        (
            "weak-hash",
            "MD5.Create SHA1.Create new MD5CryptoServiceProvider new SHA1CryptoServiceProvider new SHA1Managed MD5.HashData SHA1.HashData new HMACMD5 new HMACSHA1 new MD5Cng new SHA1Cng System.Security.Cryptography.MD5.Create",
            "",
        ),
        ("weak-hash", "HashAlgorithm.Create CryptoConfig.CreateFromName", r"0~(?i)^(?:md5|sha1)$"),
        (
            "weak-cipher",
            "new DESCryptoServiceProvider new TripleDESCryptoServiceProvider new RC2CryptoServiceProvider DES.Create TripleDES.Create RC2.Create new DesCryptoServiceProvider",
            "",
        ),
        ("weak-random", "new Random new System.Random", ""),
        (
            "object-loader",
            "new BinaryFormatter new NetDataContractSerializer new LosFormatter new ObjectStateFormatter new SoapFormatter new SimpleTypeResolver",
            "",
        ),
        ("xml-parser-open", "new XmlTextReader", "0? & !DtdProcessing & !XmlResolver"),
        ("short-key", "new RSACryptoServiceProvider new DSACryptoServiceProvider RSA.Create", r"0~^(?:512|768|1024)$"),
        ("hard-coded-credential", "new NetworkCredential new PasswordAuthentication", r"1~.{3}"),
        ("insecure-cookie", "new HttpCookie", "!Secure & 1?"),
        (
            "hard-coded-credential",
            "new SqlConnection new NpgsqlConnection new MySqlConnection new OracleConnection new OleDbConnection new OdbcConnection",
            r"0~(?i)\b(?:password|pwd)\s{0,3}=\s{0,3}[^;{\s]{3}",
        ),
        ("loose-permissions", "File.SetUnixFileMode", r"1@\bOtherWrite\b"),
    ),
    cleaners=(
        (
            "all",
            "int.Parse Int32.Parse long.Parse double.Parse decimal.Parse bool.Parse Guid.Parse new Guid Guid.NewGuid Guid.TryParse Convert.ToInt32 Convert.ToInt64 Convert.ToDouble Convert.ToBoolean DateTime.Parse Enum.Parse int.TryParse Convert.ToInt16 Convert.ToDecimal",
        ),
        (
            "all",
            "nameof Path.GetRandomFileName",
        ),
        (
            "html htmlq",
            "*.HtmlEncode *.HtmlAttributeEncode *.Encode<Html|encoder|AntiXss *.UrlEncode Uri.EscapeDataString WebUtility.HtmlEncode HttpUtility.HtmlEncode *.JavaScriptStringEncode",
        ),
        ("url path header log", "*.UrlEncode Uri.EscapeDataString"),
        ("path", "Path.GetFileName"),
        ("norm", "Path.GetFullPath"),
        ("ldap ldapq", "*.LdapFilterEncode *.LdapEncode *.LdapDistinguishedNameEncode"),
        ("regex", "Regex.Escape"),
    ),
    guards=(("url", "*.IsLocalUrl Url.IsLocalUrl *.IsLocalUrl *.IsWellFormedUriString<never"),),
    stops="*.ExecuteReader *.ExecuteScalar *.Fill new SqlConnection",
)
