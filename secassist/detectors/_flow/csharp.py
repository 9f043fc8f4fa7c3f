"""What is a source, a sink, a cleaner and a fault in C#: data only."""
# ruff: noqa: E501 - a row is easier to check in one piece

from typing import Final

from secassist.detectors._flow.rules import RuleSet

CSHARP: Final = RuleSet(
    sources=r"(?:^|\.)Request(?:\.(?:QueryString|Form|Params|Cookies|Headers|Query|Path|Url|RawUrl|ServerVariables|InputStream|Body|UserAgent|UrlReferrer|Files|PathInfo))?(?:\[|\.|$)|\b(?:HttpContext\.)?Request\[|(?:^|\.)(?:tb|txt|textBox|box|input|user|name|search|data|text)\w*\.Text$|^args\[|\bRouteData\.Values\b|\bEnvironment\.GetCommandLineArgs",
    calls="Console.ReadLine Environment.GetEnvironmentVariable *.ReadLine<reader|Console|stream *.ReadToEnd<Request|reader *.QueryString *.Get<QueryString|Form *.GetCommandLineArgs",
    requests=r"From(?:Query|Body|Route|Form|Header)\b",
    handlers=r"^(?:Http(?:Get|Post|Put|Delete|Patch)|Route|WebMethod|AcceptVerbs)\b",
    sinks=(
        (
            "sql-execution",
            "new SqlCommand new OleDbCommand new MySqlCommand new OracleCommand new SqliteCommand new NpgsqlCommand new SqlDataAdapter new MySqlDataAdapter new OleDbDataAdapter new OdbcCommand new EntityCommand *.ExecuteSqlCommand *.SqlQuery *.FromSqlRaw *.ExecuteSqlRaw *.ExecuteSqlRawAsync *.ExecuteReader<helper|Helper *.ExecuteNonQuery<helper|Helper *.ExecuteScalar<helper|Helper *.ExecuteDataset *.ExecuteQuery *.Query<conn|db|Connection *.Execute<conn|db|Connection *.CreateSQLQuery *.QueryAsync *.ExecuteAsync *.ExecuteDataSet *.MakeSqlCommand",
            "0 1 2",
            "built",
        ),
        ("command-execution", "Process.Start *.Start<Process", "0 1", ""),
        ("command-execution", "new ProcessStartInfo new System.Diagnostics.ProcessStartInfo", "0 1", ""),
        (
            "code-evaluation",
            "*.CompileAssemblyFromSource *.EvaluateAsync *.RunAsync<Script CSharpScript.EvaluateAsync CSharpScript.RunAsync *.Eval *.AddScript *.CreateScript",
            "0 1",
            "",
        ),
        ("unsafe-reflection", "Type.GetType Assembly.Load Assembly.LoadFrom Activator.CreateInstance", "0", ""),
        (
            "path-traversal",
            "File.ReadAllText File.ReadAllBytes File.WriteAllText File.WriteAllBytes File.Open File.OpenRead File.OpenWrite File.OpenText File.Create File.Delete File.Copy File.Move File.AppendAllText File.Exists File.ReadAllLines File.ReadLines File.CreateText File.AppendText Directory.Delete Directory.CreateDirectory Directory.GetFiles Directory.Exists new FileStream new StreamReader new StreamWriter new FileInfo new DirectoryInfo *.MapPath<never *.TransmitFile *.WriteFile *.PhysicalFile *.SaveAs *.ExtractToFile",
            "0 1",
            "",
        ),
        (
            "xss",
            "*.Write<Response|writer|Writer *.WriteLine<Response|HtmlTextWriter *.Raw<Html new HtmlString new MvcHtmlString *.Content<^this$|Controller|^$ *.WriteAsync<Response *.AppendHtml *.WriteLiteral new StringContent",
            "0",
            "",
        ),
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
            "*.Deserialize<ormatter|erializer *.ReadObject *.DeserializeObject<never *.UnsafeDeserialize *.Deserialize<JavaScript",
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
        ("regex-injection", "new Regex Regex.IsMatch<never", "0", ""),
        ("code-evaluation", "new XslCompiledTransform<never", "0", ""),
    ),
    assigned=(
        ("sql-execution", r"\.CommandText$"),
        ("ldap-injection", r"\.Filter$"),
        ("command-execution", r"\.(?:FileName|Arguments)$"),
        ("xss", r"\.(?:InnerHtml|Text)$"),
        ("open-redirect", r"\.RedirectLocation$"),
    ),
    set_to=(
        ("insecure-cookie", r"\.?(?:Secure|requireSSL|RequireSSL)$", r"^false$"),
        ("script-readable-cookie", r"\.?HttpOnly$", r"^false$"),
        ("weak-cipher", r"\.Mode$", r"ECB"),
        ("xml-parser-open", r"\.?ProhibitDtd$", r"^false$"),
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
    ),
    cleaners=(
        (
            "all",
            "int.Parse Int32.Parse long.Parse double.Parse decimal.Parse bool.Parse Guid.Parse new Guid Convert.ToInt32 Convert.ToInt64 Convert.ToDouble Convert.ToBoolean DateTime.Parse Enum.Parse int.TryParse Convert.ToInt16 Convert.ToDecimal",
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
        ("log", "*.Replace"),
    ),
    guards=(("url", "*.IsLocalUrl Url.IsLocalUrl *.IsLocalUrl *.IsWellFormedUriString<never"),),
    stops="*.ExecuteReader *.ExecuteScalar *.Fill new SqlConnection",
)
