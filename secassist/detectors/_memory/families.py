"""The functions of the C library, and of what is built on it, by what they do to memory."""

import re
from typing import Final

TAKES: Final = {
    "malloc": 0,
    "ALLOCA": 0,
    "alloca": 0,
    "_alloca": 0,
    "xmalloc": 0,
    "calloc": 1,
    "realloc": 1,
    "kmalloc": 0,
    "kzalloc": 0,
}
"""What gives memory, and which argument (from 0) says how much; of calloc the second, for it has two."""
OPENS: Final = frozenset(
    {"fopen", "_wfopen", "freopen", "open", "OPEN", "CreateFileA", "CreateFileW", "_wopen", "tmpfile"}
)
CLOSES: Final = frozenset({"fclose", "close", "CLOSE", "_close", "CloseHandle"})
COPIES: Final = frozenset(
    {
        "strcpy",
        "wcscpy",
        "lstrcpyA",
        "strcat",
        "wcscat",
        "_mbscpy",
        "stpcpy",
        "StrCpyA",
        "lstrcpy",
        "lstrcat",
        "_tcscpy",
    }
)
BOUNDED: Final = {
    "strncpy": 2,
    "wcsncpy": 2,
    "strncat": 2,
    "wcsncat": 2,
    "memcpy": 2,
    "memmove": 2,
    "wmemcpy": 2,
    "wmemmove": 2,
    "snprintf": 1,
    "SNPRINTF": 1,
    "_snprintf": 1,
    "_snwprintf": 1,
    "swprintf": 1,
    "fgets": 1,
    "fgetws": 1,
    "recv": 2,
    "read": 2,
    "memset": 2,
    "wmemset": 2,
}
"""What writes no more than it is told, and which argument (from 0) tells it."""
CHOSEN: Final = frozenset(
    [
        *("atoi", "atol", "atoll", "strtol", "strtoul", "atof", "_wtoi", "strtod", "wcstol"),
        *("rand", "RAND32", "RAND64", "ntohl", "random"),
    ]
)
HARMLESS: Final = re.compile(
    r"(?i)^(?:print\w*|puts|putchar|fput\w*|fprintf|printf|wprintf|strlen|wcslen|strcmp|str\w*cmp|memcmp|mem\w+|str\w+|wcs\w+|wmem\w+|s?n?printf|sizeof|assert|isatty|fread|fwrite|fgets|fseek|ftell|fflush|feof|atoi|rand|time|srand|sleep|usleep)$"
)
WAITS: Final = frozenset({"sleep", "usleep", "Sleep"})
CASTS: Final = frozenset({"reinterpret_cast", "static_cast", "const_cast", "dynamic_cast"})
TEXTS: Final = frozenset({"getenv", "GETENV", "_wgetenv", "secure_getenv"})
MAYBE: Final = frozenset(
    [
        *("strchr", "strrchr", "strstr", "memchr", "wcschr", "wcsstr", "rindex", "index", "strpbrk"),
        *("kcalloc", "kmalloc_array", "vmalloc", "vzalloc", "kvmalloc", "kvzalloc", "devm_kzalloc", "devm_kmalloc"),
        *(
            "kstrdup",
            "kmemdup",
            "kmem_cache_alloc",
            "kmem_cache_zalloc",
            "alloc_skb",
            "dev_alloc_skb",
            "netdev_alloc_skb",
        ),
        *("nlmsg_new", "usb_alloc_urb", "alloc_etherdev", "platform_get_resource", "ioremap", "alloc_workqueue"),
        *("av_malloc", "av_mallocz", "gf_malloc", "gf_strdup", "AcquireMagickMemory", "AcquireQuantumMemory"),
        *(
            "localtime",
            "gmtime",
            "getpwnam",
            "getpwuid",
            "getgrnam",
            "getgrgid",
            "gethostbyname",
            "opendir",
            "setlocale",
        ),
    ]
)
"""Calls that give a pointer or nothing."""
UNSAFE: Final = frozenset({"gets", "_getws", "getwd"})
FREES: Final = {"free": "malloc", "delete": "new", "delete[]": "new[]"}
"""What gives back, and the kind of block it is for."""
SCANS: Final = frozenset({"fscanf", "scanf", "sscanf", "wscanf", "fwscanf"})
PRINTS: Final = frozenset({"sprintf", "vsprintf", "wsprintf"})
ROOTS: Final = frozenset({"sqrt", "sqrtf"})
DUPLICATES: Final = frozenset({"strdup", "wcsdup", "_strdup", "strndup"})
LENGTHS: Final = frozenset({"strlen", "wcslen"})
READS: Final = frozenset({"puts", "strlen", "wcslen", "printLine", "printWLine", "strdup", "atoi", "atol"})
"""Calls that only read what they are given."""
KNOWN: Final = frozenset(TAKES) | frozenset(BOUNDED) | COPIES | frozenset(FREES)
