"""How one command line looks in the records of different sensors: bare, Sysmon, Security log, ECS, EDR, sudo, audit."""

import random
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from secassist.training.scenarios.names import Names

_PARENTS: dict[str, tuple[tuple[str, str], ...]] = {
    "office": (
        (r"C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE", r'"WINWORD.EXE" /n "{docname}.docm"'),
        (r"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE", r'"EXCEL.EXE" "{docname}.xlsm"'),
        (r"C:\Program Files\Microsoft Office\root\Office16\OUTLOOK.EXE", r'"OUTLOOK.EXE" /eml "{docname}.eml"'),
        (r"C:\Program Files\WPS Office\office6\wps.exe", r'"wps.exe" "{docname}.doc"'),
    ),
    "agent": (
        (r"C:\Windows\CCM\CcmExec.exe", "CcmExec.exe"),
        (r"C:\Program Files\Puppet Labs\Puppet\bin\ruby.exe", "puppet agent --onetime"),
        (r"{appexe}", '"{appexe}" --service'),
        (r"C:\Windows\System32\svchost.exe", "svchost.exe -k netsvcs -p -s Schedule"),
    ),
    "web": (
        (r"C:\Windows\System32\inetsrv\w3wp.exe", 'w3wp.exe -ap "{app}Pool" -v "v4.0"'),
        (r"D:\tomcat\bin\tomcat9.exe", "tomcat9.exe //RS//{app}"),
    ),
    "windows": (
        (r"C:\Windows\System32\cmd.exe", "cmd.exe"),
        (r"C:\Windows\explorer.exe", "C:\\Windows\\explorer.exe"),
        (r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe", "powershell.exe"),
        (r"C:\Windows\System32\cmd.exe", "cmd /c start.bat"),
    ),
    "linux": (("/usr/bin/bash", "-bash"), ("/usr/bin/sh", "sh -c"), ("/usr/sbin/sshd", "sshd: {user}@pts/0")),
    "linux_web": (
        ("/usr/sbin/apache2", "/usr/sbin/apache2 -k start"),
        ("/usr/sbin/php-fpm8.2", "php-fpm: pool www"),
        ("/usr/bin/java", "java -jar {app}.jar"),
    ),
    "linux_agent": (
        ("/usr/sbin/cron", "/usr/sbin/CRON -f"),
        ("/usr/bin/python3", "python3 /usr/bin/ansible-playbook site.yml"),
        ("/usr/lib/systemd/systemd", "/usr/lib/systemd/systemd --system"),
    ),
}


@dataclass(frozen=True)
class Process:
    """A started process; paths and command are filled already."""

    platform: str
    command: str
    image: str
    parent: str
    parent_command: str
    user: str
    host: str


def process(names: Names, platform: str, command: str, parent: str, user: str) -> Process:
    """A process with invented surroundings; `parent` and `user` name a pool, "" means the usual one."""
    choices = _PARENTS[parent or platform]
    image, parent_command = names.rng.choice(choices)
    account = names.fill("{" + (user or names.rng.choice(("user", "user", "user", "admin", "svc"))) + "}")
    host = names.fill("{ws}" if platform == "windows" and parent != "web" else "{lhost}")
    return Process(
        platform,
        command,
        _image(platform, command),
        names.fill(image),
        names.fill(parent_command),
        account,
        host,
    )


def _image(platform: str, command: str) -> str:
    """The program's path as a sensor would resolve it from the command line."""
    if platform != "windows":
        first = command.split(maxsplit=1)[0]
        return first if first.startswith("/") else f"/usr/bin/{first}"
    first = _windows_program(command)
    if "\\" in first:
        return first
    folder = "WindowsPowerShell\\v1.0\\" if "powershell" in first.lower() else ""
    return f"C:\\Windows\\System32\\{folder}{first}"


def _windows_program(command: str) -> str:
    head = command.strip('"')
    end = head.lower().find(".exe")
    if end >= 0 and (" " not in head[:end] or head[1:3] == ":\\"):
        return head[: end + 4]
    return head.split()[0].strip('"') + ".exe"


def bare(names: Names, p: Process) -> dict[str, Any]:
    """The command alone, as in a collection of commands."""
    if p.platform == "windows":
        shell = (
            "powershell" if p.command.lower().startswith("powershell") else names.rng.choice(("command_prompt", "cmd"))
        )
    else:
        shell = names.rng.choice(("sh", "bash"))
    return {"kind": "command", "shell": shell, "platforms": [p.platform], "command": p.command}


def sysmon(names: Names, p: Process) -> dict[str, Any]:
    """Sysmon event 1."""
    event = {
        "EventID": 1,
        "Channel": "Microsoft-Windows-Sysmon/Operational",
        names.rng.choice(("Hostname", "Computer")): p.host,
        "UtcTime": names.fill("{t_win}"),
        "ProcessId": names.fill("{pid}"),
        "Image": p.image,
        "CommandLine": p.command,
        "User": f"{names.fill('{netbios}')}\\{p.user}",
        "ParentImage": p.parent,
        "ParentCommandLine": p.parent_command,
        "IntegrityLevel": names.rng.choice(("Medium", "High", "System")),
        "ProcessGuid": "{" + names.fill("{guid}") + "}",
    }
    return {"log_type": "windows", "event": event}


def security(names: Names, p: Process) -> dict[str, Any]:
    """Security event 4688."""
    event = {
        "EventID": 4688,
        "Channel": "Security",
        "Computer": p.host,
        "TimeCreated": names.fill("{t_ms}"),
        "SubjectUserName": p.user,
        "SubjectDomainName": names.fill("{netbios}"),
        "NewProcessId": names.fill("{hexlong}"),
        "NewProcessName": p.image,
        "ParentProcessName": p.parent,
        "CommandLine": p.command,
        "TokenElevationType": names.rng.choice(("%%1936", "%%1937", "%%1938")),
    }
    return {"log_type": "windows", "event": event}


def ecs(names: Names, p: Process) -> dict[str, Any]:
    """An Elastic Common Schema process event."""
    event = {
        "@timestamp": names.fill("{t_ms}"),
        "event": {"category": ["process"], "type": ["start"], "action": "exec"},
        "host": {"name": p.host, "os": {"type": p.platform}},
        "user": {"name": p.user},
        "process": {
            "pid": int(names.fill("{pid}")),
            "executable": p.image,
            "command_line": p.command,
            "parent": {"executable": p.parent, "command_line": p.parent_command},
        },
    }
    return {"log_type": "ecs.process", "event": event}


def camel(names: Names, p: Process) -> dict[str, Any]:
    """Endpoint telemetry with camelCase names."""
    event = {
        "eventTime": names.fill("{t_iso}"),
        "deviceName": p.host,
        "accountName": p.user,
        "actionType": "ProcessCreated",
        "fileName": p.image.rsplit("\\", 1)[-1].rsplit("/", 1)[-1],
        "folderPath": p.image,
        "processCommandLine": p.command,
        "initiatingProcessFileName": p.parent,
        "initiatingProcessCommandLine": p.parent_command,
    }
    return {"log_type": "edr.DeviceProcessEvents", "event": event}


_TITLES = (
    ("Suspicious process execution", "A process was started that is seldom seen on this device."),
    ("Unusual command line", "A command line matched a behaviour that attackers and administrators both use."),
    ("可疑进程行为", "终端检测到一条需要人工确认的命令。"),
    ("Living-off-the-land binary used", "A built-in system program was started with notable arguments."),
    ("异常命令执行", "该命令与已知的检测规则部分匹配，请研判。"),
    ("Process creation anomaly", "The process tree differs from the baseline of this device group."),
)


def edr_alert(names: Names, p: Process) -> dict[str, Any]:
    """An endpoint alert with a title that fits harmful and harmless processes alike."""
    title, description = names.rng.choice(_TITLES)
    alert = {
        "AlertName": title,
        "Description": description,
        "ProviderName": names.rng.choice(("MDATP", "EDR", "Endpoint")),
        "StartTime": names.fill("{t_win}"),
        "CompromisedEntity": p.host,
    }
    entities = [
        {"Type": "account", "Name": p.user},
        {"Type": "process", "CommandLine": p.command, "ProcessId": names.fill("{pid}"), "ImageFile": {"Name": p.image}},
        {"Type": "process", "CommandLine": p.parent_command, "ImageFile": {"Name": p.parent}},
    ]
    names.rng.shuffle(entities)
    return {"log_type": "SecurityAlert", "alert": alert, "entities": entities}


def sudo_lines(names: Names, p: Process) -> dict[str, Any]:
    """auth.log lines of a sudo call."""
    lines = [
        f"{names.stamp('sys')} {p.host} sudo[{names.fill('{pid}')}]: {p.user} : TTY=pts/0 ; PWD=/home/{p.user} ; "
        f"USER=root ; COMMAND={p.command}",
        f"{names.stamp('sys', 'tf')} {p.host} sudo[{names.fill('{pid}')}]: pam_unix(sudo:session): "
        f"session opened for user root(uid=0) by {p.user}(uid={names.fill('{uid}')})",
    ]
    return {"log_type": "syslog", "lines": lines}


def audit_event(names: Names, p: Process) -> dict[str, Any]:
    """A Linux audit record as a shipper parses it."""
    event = {
        "@timestamp": names.fill("{t_ms}"),
        "host": p.host,
        "type": "EXECVE",
        "auid": names.fill("{uid}"),
        "acct": p.user,
        "exe": p.image,
        "proctitle": p.command,
        "ppid": names.fill("{pid}"),
        "parent_exe": p.parent,
        "success": "yes",
        "key": names.rng.choice(("exec", "rootcmd", "susp_activity")),
    }
    return {"log_type": "auditd", "event": event}


def runtime_event(names: Names, p: Process) -> dict[str, Any]:
    """A container or host runtime event in snake_case."""
    event = {
        "time": names.fill("{t_iso}"),
        "priority": "Notice",
        "hostname": p.host,
        "output_fields": {
            "proc_cmdline": p.command,
            "proc_pname": p.parent,
            "proc_pcmdline": p.parent_command,
            "user_name": p.user,
            "container_id": names.fill("{hexsix}{hexsix}") if names.rng.random() < 0.4 else "host",
        },
    }
    return {"log_type": "runtime", "event": event}


Carrier = Callable[[Names, Process], dict[str, Any]]
_WINDOWS: tuple[Carrier, ...] = (bare, bare, bare, sysmon, sysmon, security, ecs, camel, edr_alert)
_LINUX: tuple[Carrier, ...] = (bare, bare, bare, ecs, camel, edr_alert, audit_event, runtime_event)


def carry(names: Names, p: Process, context: bool) -> dict[str, Any]:
    """The process in a randomly chosen record; `context` forbids those that do not show the parent."""
    pool = [c for c in (_WINDOWS if p.platform == "windows" else _LINUX) if not (context and c is bare)]
    if p.platform == "linux" and not context and is_plain(p.command):
        pool.append(sudo_lines)
    return names.rng.choice(pool)(names, p)


def is_plain(command: str) -> bool:
    """Whether sudo could have run it as one command, without a shell."""
    try:
        return not any(token in ("|", "&&", ";", ">", "||", "&") for token in shlex.split(command))
    except ValueError:
        return False


def shuffled(rng: random.Random, record: dict[str, Any]) -> dict[str, Any]:
    """The same record with its fields in another order, at the top level and one below."""
    keys = list(record)
    rng.shuffle(keys)
    return {key: shuffled(rng, record[key]) if isinstance(record[key], dict) else record[key] for key in keys}
