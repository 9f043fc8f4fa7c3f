"""What is a source, a sink, a cleaner and a fault in Ruby: data only."""
# ruff: noqa: E501 - a row is easier to check in one piece

from typing import Final

from secassist.detectors._flow.rules import RuleSet

RUBY: Final = RuleSet(
    sources=r"^(?:params|cookies)\b|^request\.(?:headers|env|body|url|path|query_string|user_agent|referer|fullpath|host|params|GET|POST)\b|^ARGV\b|^ENV\b",
    calls="gets STDIN.gets $stdin.gets STDIN.read $stdin.read request.env",
    sinks=(
        (
            "sql-execution",
            "*.where *.find_by_sql *.execute<conn|db|sql|statement *.order<never *.exec_query *.select_all *.joins *.group<never *.having *.pluck<never *.update_all *.delete_all *.exists? *.query<db|client|conn|mysql *.count_by_sql *.find_by *.exec<conn|pg|db *.reorder<never *.calculate *.from",
            "0",
            "built",
        ),
        (
            "command-execution",
            "system exec spawn Open3.capture2 Open3.capture3 Open3.popen3 Open3.capture2e IO.popen Kernel.system Kernel.exec Process.spawn popen *.popen",
            "0",
            "built",
        ),
        (
            "code-evaluation",
            "eval instance_eval class_eval module_eval Kernel.eval *.instance_eval *.class_eval *.constantize ERB.new *.safe_constantize",
            "0 r",
            "",
        ),
        ("unsafe-reflection", "*.send *.public_send send public_send *.const_get *.method", "0", ""),
        (
            "path-traversal",
            "File.open File.read File.new File.write File.readlines File.delete File.unlink IO.read IO.readlines Dir.glob Dir.entries Dir.chdir FileUtils.rm FileUtils.rm_rf FileUtils.cp FileUtils.mv send_file Pathname.new Kernel.open open File.binread",
            "0",
            "",
        ),
        (
            "request-forgery",
            "Net::HTTP.get Net.HTTP.get Net.HTTP.get_response Net.HTTP.post_form URI.open HTTParty.get HTTParty.post RestClient.get RestClient.post Faraday.get Faraday.new *.open<URI|uri",
            "0",
            "",
        ),
        ("xss", "raw *.html_safe", "0 r", "open"),
        ("xss", "render", "inline html text plain<never", ""),
        ("open-redirect", "redirect_to redirect", "0", ""),
        (
            "unsafe-deserialisation",
            "YAML.load Marshal.load YAML.unsafe_load Oj.load Psych.load Marshal.restore CSV.load",
            "0",
            "",
        ),
        ("xml-external-entity", "Nokogiri.XML<never REXML.Document.new<never LibXML.XML.Document.string", "0", ""),
        (
            "xpath-injection",
            "*.xpath *.at_xpath REXML.XPath.first REXML.XPath.each REXML.XPath.match XPath.first XPath.match",
            "0 1",
            "",
        ),
        ("ldap-injection", "Net.LDAP.Filter.construct *.search<ldap|conn Filter.construct", "0 filter", ""),
        ("log-forging", "*.info<log *.warn<log *.error<log *.debug<log", "0", ""),
        ("regex-injection", "Regexp.new Regexp.compile", "0", ""),
    ),
    set_to=(("certificate-not-checked", r"\.verify_mode$", r"VERIFY_NONE"),),
    checks=(
        (
            "weak-hash",
            "Digest.MD5.hexdigest Digest.SHA1.hexdigest Digest.MD5.digest Digest.SHA1.digest Digest.MD5.new Digest.SHA1.new Digest.MD5.base64digest OpenSSL.Digest.MD5.new OpenSSL.Digest.SHA1.new",
            "",
        ),
        ("weak-hash", "OpenSSL.Digest.new OpenSSL.HMAC.hexdigest", r"0~(?i)^(?:md[245]|sha-?1)$"),
        ("weak-cipher", "OpenSSL.Cipher.new *.Cipher.new", r"0~(?i)^(?:des|rc[24]|bf|aes-\d+-ecb)"),
        ("weak-random", "rand Random.rand Random.new Kernel.rand *.sample *.shuffle<never", ""),
        ("csrf-off", "skip_before_action", r"0~verify_authenticity_token"),
        ("certificate-not-checked", "Net.HTTP.start Faraday.new RestClient.Request.execute", "verify=false"),
        ("object-loader", "YAML.unsafe_load", ""),
        ("insecure-cookie", "*.set_cookie", "secure=false"),
    ),
    cleaners=(
        ("all", "*.to_i *.to_f Integer Float *.to_sym<never *.count *.length"),
        (
            "html htmlq",
            "h html_escape ERB.Util.html_escape CGI.escapeHTML sanitize strip_tags CGI.escape *.to_json escape_html",
        ),
        ("shell", "Shellwords.escape *.shellescape Shellwords.join"),
        ("path", "File.basename *.basename"),
        ("norm", "File.expand_path File.realpath"),
        (
            "sql",
            "*.sanitize_sql *.sanitize_sql_for_conditions *.quote sanitize_sql sanitize_sql_array *.quote_column_name",
        ),
        ("regex", "Regexp.escape"),
        ("url", "url_for"),
        ("object", "YAML.safe_load JSON.parse"),
    ),
)
