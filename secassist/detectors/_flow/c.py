"""What is a source, a sink, a cleaner and a fault in C and C++ (but memory, see `_memory`): data only."""
# ruff: noqa: E501 - a row is easier to check in one piece

from typing import Final

from secassist.detectors._flow.rules import RuleSet

C: Final = RuleSet(
    sources=r"^argv\b",
    calls="getenv _wgetenv secure_getenv GETENV gets getc fgetc getchar _wgetenv_s",
    fills={
        "fgets": "0",
        "fgetws": "0",
        "gets": "0",
        "recv": "1",
        "recvfrom": "1",
        "read": "1",
        "fread": "0",
        "scanf": "1",
        "fscanf": "2",
        "wscanf": "1",
        "fwscanf": "2",
        "getline": "0",
        "std.getline": "1",
        "std.cin.getline": "0",
        "RegQueryValueExA": "4",
        "GetEnvironmentVariableA": "1",
        "GetEnvironmentVariableW": "1",
        "InternetReadFile": "1",
        "ReadFile": "1",
        "sscanf": "2",
    },
    sinks=(
        (
            "command-execution",
            "system popen _popen _wpopen _wsystem SYSTEM POPEN WinExec ShellExecuteA ShellExecuteW std.system",
            "0 2",
            "",
        ),
        (
            "command-execution",
            "execl execlp execle execv execvp execve _execl _execlp _execv _execvp _wexecl _wexecv _wexeclp _wexecvp _spawnl _spawnlp _spawnv _spawnvp _wspawnl _wspawnlp _wspawnv _wspawnvp EXECL EXECLP EXECV EXECVP CreateProcessA CreateProcessW",
            "*",
            "",
        ),
        ("unsafe-reflection", "LoadLibraryA LoadLibraryW LoadLibrary dlopen", "0", ""),
        (
            "path-traversal",
            "fopen _wfopen open OPEN FOPEN _wopen CreateFileA CreateFileW CreateFile unlink remove freopen opendir rmdir rename *.open new std.ifstream std.ifstream ifstream std.ofstream ofstream",
            "0",
            "",
        ),
        (
            "sql-execution",
            "mysql_query mysql_real_query sqlite3_exec PQexec sqlite3_prepare_v2 SQLExecDirect",
            "1",
            "built",
        ),
        (
            "ldap-injection",
            "ldap_search_ext_sA ldap_search_s ldap_search_ext_s ldap_search_ext_sW ldap_search ldap_search_ext",
            "1 3",
            "",
        ),
        ("format-string", "printf wprintf printw", "0", "open"),
        ("format-string", "vprintf vwprintf", "0", ""),
        ("format-string", "vfprintf vfwprintf vsprintf", "1", ""),
        ("format-string", "vsnprintf vswprintf _vsnprintf _vsnwprintf", "2", ""),
        ("format-string", "fprintf fwprintf syslog sprintf swprintf dprintf", "1", "open"),
        (
            "format-string",
            "snprintf _snprintf _snwprintf SNPRINTF swprintf",
            "2",
            "open",
        ),
        ("trust-boundary", "SetComputerNameA SetComputerNameW putenv setenv PUTENV", "0", ""),
    ),
    checks=(
        (
            "weak-hash",
            "MD5 SHA1 MD5_Init MD4_Init SHA1_Init MD5_Update SHA1_Update EVP_md5 EVP_sha1 MD2_Init EVP_md4",
            "",
        ),
        (
            "weak-cipher",
            "EVP_des_cbc EVP_des_ecb EVP_des_ede3_cbc EVP_rc4 EVP_rc2_cbc EVP_bf_cbc DES_ecb_encrypt DES_ncbc_encrypt DES_set_key RC4_set_key DES_set_key_checked RC2_set_key BF_set_key",
            "",
        ),
        ("weak-random", "rand srand random drand48 lrand48 std.rand std.srand srandom", ""),
        (
            "old-protocol",
            "SSLv2_method SSLv3_method TLSv1_method TLSv1_1_method SSLv23_method SSLv2_client_method SSLv3_client_method TLSv1_client_method",
            "",
        ),
        ("loose-permissions", "chmod fchmod mkdir", r"1~^(?:511|438|509|436)$"),
        ("loose-permissions", "umask", r"0~^0$"),
        ("loose-permissions", "open", r"2~^(?:511|438|509|436)$"),
        ("certificate-not-checked", "SSL_CTX_set_verify", r"1~^0$"),
    ),
    cleaners=(("all", "atoi atol strtol strtoul atof strtoll std.stoi stoi strlen sizeof wcslen"),),
    copies="strcpy strncpy strcat strncat wcscpy wcsncpy wcscat wcsncat sprintf snprintf memcpy memmove swprintf _snprintf _snwprintf SNPRINTF stpcpy lstrcpyA lstrcatA",
    stops="memset printf puts fputs fprintf printLine printWLine printIntLine fclose free",
)
