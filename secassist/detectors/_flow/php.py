"""What is a source, a sink, a cleaner and a fault in PHP: data only."""
# ruff: noqa: E501 - a row is easier to check in one piece

from typing import Final

from secassist.detectors._flow.rules import RuleSet

PHP: Final = RuleSet(
    sources=r"^\$_(?:GET|POST|REQUEST|COOKIE|SERVER|FILES|SESSION|ENV)\b|^\$HTTP_(?:GET|POST|RAW)|^\$argv\b",
    calls="getallheaders apache_request_headers fgets fread fgetc fscanf shell_exec popen stream_get_contents system exec passthru unserialize getenv filter_input filter_input_array *.getInput<never *.input<request *.query<request$ *.get<request|input|query *.getParam *.getQuery *.getPost file_get_contents import_request_variables socket_read curl_exec readline",
    sinks=(
        (
            "sql-execution",
            "mysql_query mysqli_query mysql_db_query mysql_unbuffered_query pg_query pg_send_query sqlite_query sqlite_exec odbc_exec mssql_query db2_exec oci_parse mysqli_multi_query mysqli_real_query mysqli_prepare pg_prepare sqlsrv_query *.query *.exec *.prepare *.multi_query *.real_query *.get_results *.get_row *.get_var *.whereRaw *.selectRaw *.raw<DB",
            "0 1",
            "",
        ),
        (
            "command-execution",
            "system exec shell_exec passthru popen proc_open pcntl_exec mail<never ssh2_exec",
            "0",
            "",
        ),
        (
            "code-evaluation",
            "eval assert create_function preg_replace<never call_user_func call_user_func_array usort<never array_map<never register_shutdown_function ob_start<never",
            "0",
            "",
        ),
        ("unsafe-reflection", "new $", "0", ""),
        ("file-inclusion", "include", "0", ""),
        (
            "path-traversal",
            "fopen file_get_contents file_put_contents readfile unlink file copy rename opendir mkdir rmdir fputs<never move_uploaded_file highlight_file show_source parse_ini_file scandir is_file<never touch symlink simplexml_load_file new SplFileObject",
            "0",
            "",
        ),
        ("xss", "echo print exit print_r die vprintf trigger_error user_error", "*", ""),
        ("xss", "printf", "*", "format"),
        ("open-redirect", "http_redirect wp_redirect *.redirect redirect", "0", ""),
        ("open-redirect", "header", "0", "location"),
        ("request-forgery", "curl_init fsockopen get_headers", "0", ""),
        ("request-forgery", "curl_setopt", "2", ""),
        ("xpath-injection", "*.xpath *.query<xpath *.evaluate<xpath xpath_eval *.registerXPathNamespace", "0", "built"),
        ("ldap-injection", "ldap_search ldap_list ldap_read ldap_compare ldap_add ldap_delete ldap_bind", "1 2", ""),
        ("unsafe-deserialisation", "unserialize yaml_parse", "0", ""),
        ("xml-external-entity", "simplexml_load_string<never *.loadXML<never", "0", ""),
        ("mail-injection", "mail mb_send_mail", "0 1 3", ""),
        ("log-forging", "error_log syslog", "0 1", ""),
    ),
    checks=(
        ("weak-hash", "md5 sha1 md5_file sha1_file hash<never", "0?"),
        ("weak-hash", "hash hash_init hash_hmac", r"0~(?i)^(?:md[245]|sha1|crc32b?|adler32)$"),
        (
            "weak-cipher",
            "mcrypt_encrypt mcrypt_decrypt mcrypt_module_open mcrypt_cbc mcrypt_ecb mcrypt_ofb mcrypt_cfb",
            "",
        ),
        ("weak-cipher", "openssl_encrypt openssl_decrypt", r"1~(?i)^(?:des|rc[24]|bf|.*-ecb)"),
        ("weak-random", "rand mt_rand srand mt_srand lcg_value uniqid array_rand str_shuffle shuffle", ""),
        ("insecure-cookie", "setcookie setrawcookie", "5=false"),
        ("insecure-cookie", "setcookie setrawcookie", "2? & !5 & !secure"),
        ("script-readable-cookie", "setcookie setrawcookie", "6=false"),
        ("certificate-not-checked", "curl_setopt", "1~never"),
        ("xml-parser-open", "libxml_disable_entity_loader", "0=false"),
        ("debug-mode", "phpinfo", ""),
        ("loose-permissions", "chmod mkdir", r"1~^(?:511|438|777|666)$"),
        ("code-evaluation", "preg_replace", r"0~(?i)^(.).*\1[imsxADSUXu]*e[imsxADSUXu]*$ & 2?"),
        ("code-evaluation", "eval create_function", "0*"),
    ),
    cleaners=(
        (
            "all",
            "intval floatval doubleval boolval is_numeric count strlen crc32 ip2long date number_format hash password_hash sha256 round floor",
        ),
        (
            "html",
            "htmlspecialchars htmlentities strip_tags esc_html urlencode rawurlencode http_build_query nl2br<never e json_encode",
        ),
        ("htmlq", "esc_attr urlencode rawurlencode base64_encode bin2hex"),
        ("url path header log", "urlencode rawurlencode http_build_query"),
        ("sqlq xpathq ldap codeq", "urlencode rawurlencode"),  # no shell: who chooses an argument chooses what is read
        ("codeq", "addslashes mysql_real_escape_string mysqli_real_escape_string *.real_escape_string"),
        (
            "sqlq",
            "mysql_real_escape_string mysqli_real_escape_string mysql_escape_string addslashes pg_escape_string sqlite_escape_string *.real_escape_string *.escape_string",
        ),
        ("sql", "*.quote pg_escape_literal pg_escape_identifier *.quoteInto esc_sql"),
        ("shell", "escapeshellarg"),
        ("path", "basename"),
        ("norm", "realpath"),
        ("ldap ldapq", "ldap_escape"),
        ("object", "json_decode shell_exec system exec passthru fgets fread popen"),
    ),
    hardens=(("object", "unserialize", "allowed_classes=false"),),
    cleans_if=(
        ("all", "filter_var filter_input", r"1@FILTER_(?:VALIDATE_(?:INT|FLOAT|BOOL|IP|REGEXP)|SANITIZE_NUMBER)"),
        ("all", "filter_input", r"2@FILTER_(?:VALIDATE_(?:INT|FLOAT|BOOL|IP)|SANITIZE_NUMBER)"),
        ("html htmlq", "filter_var", r"1@FILTER_SANITIZE_(?:SPECIAL|FULL_SPECIAL)"),
        ("html", "filter_var", r"1@FILTER_SANITIZE_(?:STRING|EMAIL|STRIPPED|ENCODED)"),
        ("html", "filter_var", r"1@FILTER_VALIDATE_EMAIL"),
        ("ldap xpath", "str_replace", "0?"),
        ("all", "settype", r"1~(?i)^(?:int|float|bool|double)"),
        ("sqlq codeq", "filter_var", r"1@FILTER_SANITIZE_(?:MAGIC|ADD)"),
        ("xpathq", "filter_var", r"1@FILTER_SANITIZE_(?:SPECIAL|FULL_SPECIAL)"),
        ("htmlq", "htmlspecialchars htmlentities", r"1@ENT_QUOTES"),
        ("sqlq xpathq", "htmlspecialchars htmlentities", r"1@ENT_QUOTES"),
        ("sqlq xpathq js", "preg_replace", r"0~^(.)\\?'\1\w*$ & 1~^$"),
        ("sqlq xpathq js", "str_replace", r"0~^'$ & 1~^$"),
        ("all", "preg_replace", r"0~^(.)\[?(?:\\W|\^\\?[\w\- \\]{1,40}|\[\^[\w\- ]{1,40}\])\]?[+*]?\1\w*$ & 1~^$"),
    ),
    stops="fopen opendir mysql_query mysqli_query pg_query *.query mysql_fetch_array ldap_search ldap_connect curl_init *.xpath simplexml_load_file preg_match count sizeof strpos in_array is_array file_exists is_file feof pclose fclose",
)
