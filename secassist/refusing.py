"""Refusing: whether free text asks for attack content to be made, and what may be asked for instead."""

import re
from collections.abc import Sequence
from typing import Final


def _set(words: str, sign: str = " ") -> frozenset[str]:
    return frozenset(words.split(sign))


_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_WORD: Final = re.compile(r"[a-z0-9]+(?:['+#-][a-z0-9]+)*|[.!?;:\n]")
_MAKE: Final = _set(
    "write create make build generate code craft develop draft compose produce give send show script program "
    "design prepare assemble forge weaponize obfuscate pack encode compile provide supply need want"
)
_THING: Final = _set(
    "malware ransomware virus viruses trojan trojans worm worms keylogger keyloggers rootkit rootkits botnet "
    "botnets backdoor backdoors exploit exploits payload payloads shellcode dropper droppers stealer stealers "
    "infostealer spyware implant implants webshell webshells beacon cryptolocker encryptor wiper rat loader "
    "bootkit 0day zero-day stalkerware cryptominer skimmer phish"
)
_PAIRS: Final = _set(
    "phishing mail;phishing email;phishing e-mail;phishing message;phishing page;phishing site;phishing website;"
    "phishing sms;phishing text;phishing kit;phishing letter;phishing emails;phishing mails;phishing campaign;"
    "phishing lure;phishing template;phishing link;spear-phishing mail;spear-phishing email;"
    "spear-phishing message;spearphishing mail;spearphishing email;smishing message;smishing text;vishing script;"
    "fake login;fake invoice;fake sign-in;scam email;scam mail;reverse shell;web shell;bind shell;macro virus;"
    "credential harvester;credential stealer;password stealer;cookie stealer;token stealer;attack script;"
    "attack tool;ddos tool;ddos script;ddos bot;brute-force script;brute-force tool;bruteforce script;"
    "password cracker;malicious macro;malicious document;malicious script;malicious code;malicious attachment;"
    "malicious extension;malicious app;malicious package;malicious pdf;malicious link;malicious usb;malicious apk;"
    "command-and-control server;c2 server;c2 implant;c2 agent;sql-injection payload;injection payload;"
    "injection string;xss payload;deepfake voice;deepfake call;logic bomb;fork bomb;rogue ap",
    ";",
)
_HARM: Final = _set(
    "hack bypass evade steal crack exfiltrate infect deface ddos hijack phish spoof sabotage circumvent outsmart "
    "defeat unhook blackmail extort brute-force bruteforce compromise breach smuggle impersonate launder harvest "
    "exploit encrypt poison backdoor weaponize intercept sniff"
)
_VICTIM_ONLY: Final = _set("encrypt intercept sniff impersonate exploit compromise poison harvest spoof")
"""Verbs that administrators use of their own things; they count where it is somebody else's."""
_HARM_PAIRS: Final = (
    "break into",
    "take down",
    "get past",
    "slip past",
    "sneak past",
    "hide from",
    "get around",
    "log into",
    "spread through",
    "spread a",
    "knock offline",
    "escape detection",
    "avoid detection",
    "turn off",
    "switch off",
    "disable",
    "kill",
    "dump",
    "delete",
    "clear",
    "wipe",
    "guess",
)
"""Harmful only in the company of _COVERT words or of a victim."""
_PLAIN_PAIRS: Final = frozenset(
    ("break into", "get past", "slip past", "sneak past", "escape detection", "avoid detection", "knock offline")
)
_COVERT: Final = re.compile(
    r"\b(?:without (?:being |getting |anyone |anybody |them |the (?:soc|user|owner|admin|victim|blue team)\b.{0,12}?)?"
    r"(?:noticed|noticing|caught|detected|detection|knowing|seen|permission|consent|logs?|alerts?|traces?|raising|triggering|"
    r"leaving|seeing|notices?|password)|undetected|unnoticed|secretly|covertly|so (?:that )?(?:my|our) "
    r"(?:payload|malware|tool|implant|attack|ransomware|exploit)|before (?:i|we) (?:run|drop|start|launch) (?:my|the|our) "
    r"(?:payload|malware|tool|implant|attack|ransomware)|cover (?:my|our) tracks)\b"
)
_VICTIM: Final = re.compile(
    r"\b(?:(?:some(?:one|body)(?: else)?|my (?:ex|wife|husband|neighbou?r|boss|colleague|girlfriend|boyfriend|teacher|"
    r"friend|coworker|rival|competitor)|a (?:competitor|rival|victim|bank|hospital|stranger|target|company)|the (?:victim|"
    r"target|competitor|rival|ceo|neighbou?rs?)|other people|another (?:user|company|person)|"
    r"their|his|her|victims|targets|competitors)"
    r"(?:'?s)?)\b"
)
_ASKS: Final = _set(
    "please me i we you one to just now then kindly quickly quietly silently secretly remotely easily simply best "
    "really also and even safely always actually first only"
)
"""Words that stand between a request and its verb."""
_OPENERS: Final = _set(
    "how help teach tell show want need can could would please let's let like i you me explain walk ways way"
)
_STOPS: Final = _set(
    "against about from that when if after before detect detects detecting detection stop stops block blocks "
    "blocking prevent prevents find finds report reports rule rules policy policies playbook playbooks runbook "
    "procedure plan process alert alerts query queries signature signatures yara sigma summary timeline checklist "
    "list guide guideline guidelines notice announcement warning ticket training presentation memo response "
    "analysis assessment inventory advisory exercise remove removing removal inform who what which why where "
    "whether was were is are did should must does do had has access approval permission evidence copy sample "
    "samples hash hashes backup backups overview advice instructions contact form patch protection mitigation "
    "defence defense filter victims affected"
)
_AFTER: Final = _set(
    "report reports rule rules policy playbook playbooks runbook procedure plan alert alerts incident incidents "
    "detection detections analysis response protection mitigation training awareness simulation filter filters "
    "scanner scan scans removal signature signatures sample samples case cases ticket tickets drill reporting "
    "investigation defence defense checklist notice warning attempt attempts attack attacks infection outbreak "
    "prevention hunting hunt sandbox recovery contact team hotline button mailbox guard is was were has query "
    "queries"
)
_HANDS: Final = _set("send give supply")
_HANDED: Final = _set("to at")
"""After what is handed on or wanted, these say where to, and it is no longer the thing that is asked for."""
_REASON: Final = {
    "en": "this asks for attack content, which is not written here; ask how to detect, block, report or recover from it",
    "zh": "该问题要求提供攻击内容，不予回答；可以改问如何检测、阻断、上报或从中恢复",
}
_ZH_MAKE = "写|编写|撰写|制作|生成|开发|编造|构造|搭建|打造|弄|做|起草|伪造|设计|编一|给我|提供|来一|造|要一"
_ZH_THING = (
    "恶意软件|恶意代码|恶意程序|恶意宏|恶意脚本|恶意文档|恶意链接|木马|病毒|蠕虫|勒索软件|勒索病毒|勒索程序|钓鱼邮件|"
    "钓鱼短信|钓鱼网站|钓鱼页面|钓鱼网页|钓鱼链接|钓鱼信|钓鱼模板|漏洞利用|攻击脚本|攻击代码|攻击工具|利用代码|"
    "利用程序|利用脚本|后门|键盘记录|远控|僵尸网络|webshell|shellcode|反弹shell|反弹 shell|免杀|内存马|攻击载荷|"
    "爆破脚本|爆破工具|撞库工具|撞库脚本|盗号|诈骗邮件|诈骗短信|诈骗话术|假登录页|仿冒登录|虚假登录|挖矿程序|间谍软件|"
    "注入语句|注入payload|注入载荷|窃密|ddos工具|ddos脚本|攻击程序|exp"
)
_ZH_DEFENCE = (
    "报告|规则|预案|流程|通报|培训|分析|处置|防护|防范|防御|防止|查杀|排查|检测|告警|应急|事件|演练|清除|阻断|阻止|"
    "拦截|上报|举报|识别|发现|响应|预防|应对|避免|过滤|被|遭|中了|收到|感染后|攻击者|黑客|怎么办|隔离|恢复|通知|工单|"
    "样本|制度|手册|宣传|加固|封禁|防住|谁|哪|是否|负责|总结|清单|防|备份|失败|锁定|阈值|无法|多久|为什么|为何"
)
_ZH_DEFENDS: Final = re.compile(_ZH_DEFENCE)
_ZH_COVERT: Final = re.compile(
    r"而?不(?:会)?被[^，。？！；\n]{0,8}?(?:发现|察觉|检测到?|拦截|抓到|发觉|查到)|(?:而|又)?不(?:会)?(?:触发|引起|产生)[^，。？！；\n]{0,6}?(?:告警|报警|警报|怀疑|注意)|"
    r"不留(?:下)?(?:任何)?(?:痕迹|日志)|(?:绕过|躲避|躲过|规避|逃避|骗过|逃过|避开|瞒过)[^，。？！；\n]{0,8}?(?:检测|查杀|拦截|阻断|防护|审计|识别)|"
    r"在不触发[^，。？！；\n]{0,8}?的情况下"
)
_ZH_DONE_BY_OTHERS: Final = re.compile(
    r"攻击者|黑客|防止|防范|防御|如何检测|怎么检测|怎样检测|应对|如果|被盗|有人|谁|报告|预案|规则"
)
_ZH_PART: Final = re.compile(r"[，。？！；\n]")
_ZH_MADE: Final = re.compile(rf"(?:{_ZH_MAKE})[^，。？！；\n]{{0,24}}?(?:{_ZH_THING})")
_ZH_ASKS: Final = re.compile(
    r"如何|怎么|怎样|怎麼|帮我|教我|教教|我想|我要|请|告诉我|给我|能不能|有什么办法|方法|帮忙|替我|步骤|想要"
)
_ZH_HARM: Final = re.compile(
    r"(?:绕过|躲避|躲过|规避|逃避|骗过|逃过|避开|瞒过)[^，。？！；\n]{0,14}(?:edr|杀毒|杀软|防火墙|检测|查杀|waf|amsi|defender|mfa|双因素|多因素|审计|"
    r"日志|监控|沙箱|验证码|认证|验证|白名单|卡巴斯基|火绒|360|风控|登录|安全软件|门禁|堡垒机|态势感知)|"
    r"(?:入侵|黑进|黑入|黑掉|攻破|攻陷|渗透进|潜入|瘫痪|打瘫|打垮|打挂|ddos|搞垮)[^，。？！；\n]{1,}|"
    r"(?:盗取|窃取|偷取|偷走|盗走|偷看|偷到|盗用|窃听|盗号|偷|骗取|骗到|套取|套出|监听|破解|爆破|撞库|劫持|敲诈|勒索|冒充|植入|传播|散布|投放|篡改)[^，。？！；\n]{0,14}"
    r"(?:密码|口令|账号|账户|帐号|数据|信息|凭据|凭证|cookie|令牌|会话|银行卡|资料|wifi|无线|邮箱|手机|服务器|网站|公司|客户|用户|同事|钱|"
    r"木马|病毒|后门|恶意|勒索软件|流量|通话|微信|聊天|财务|领导|老板|成绩|客服|哈希)|"
    r"(?:关闭|停用|禁用|干掉|结束|清除|删除|抹掉)[^，。？！；\n]{0,16}(?:不被|而不触发|不触发|不留痕迹|悄悄|神不知)|"
    r"不触发[^，。？！；\n]{0,12}(?:关闭|停用|禁用|干掉|结束|清除|删除|抹掉)|"
    r"(?:不被|不留痕迹|悄悄|偷偷|神不知)[^，。？！；\n]{0,16}(?:关闭|停用|禁用|干掉|清除|删除|抹掉|拷走|传出|带走|外传|提权|横向|导出|登录|装|抓取)"
)


def refusal(text: str, language: str = "en") -> str | None:
    """Why a request is refused and what may be asked instead, in this language; None where it asks for no attack.

    It looks at what is asked to be made or done, never at topics alone: questions about attacks, their detection and
    their handling pass. Linear in the length of the text.
    """
    lowered = text.lower()
    refused = _chinese(lowered) if _HAN.search(lowered) else _english(lowered)
    return _REASON["zh" if language == "zh" else "en"] if refused else None


def _english(text: str) -> bool:
    plain = text.replace("’", "'").replace("brute force", "brute-force").replace("spear phishing", "spear-phishing")
    words = _WORD.findall(plain)
    if any(_made(words, at) for at in range(len(words))):
        return True
    if _DEFENSIVE.search(_COVERT.sub("", text)):
        return False
    covert = bool(_COVERT.search(text))
    victim = covert or bool(_VICTIM.search(text))
    return any(_harmed(words, at, covert=covert, victim=victim) for at in range(len(words)))


def _requested(words: Sequence[str], at: int) -> bool:
    """Whether the verb at this place is what the writer wants: it opens a sentence, or follows "how do I", "help me to"."""
    back = at - 1
    while back >= 0 and words[back] in _ASKS | {"do", "can", "could", "would", "should", "might"} and at - back < 8:
        back -= 1
    if back < 0 or words[back] in (".", "!", "?", ";", ":", "\n"):
        return True
    return words[back] in _OPENERS


def _made(words: Sequence[str], at: int) -> bool:
    if words[at] not in _MAKE or not _requested(words, at):
        return False
    for place in range(at + 1, min(at + 10, len(words))):
        word, both = words[place], " ".join(words[place : place + 2])
        if both in _PAIRS or word in _THING:
            after = words[place + (2 if both in _PAIRS else 1) :][:2]
            return not (_AFTER | (_HANDED if words[at] in _HANDS else frozenset())) & set(after)
        if word in _STOPS or not word[0].isalnum():
            return False
    return False


def _harmed(words: Sequence[str], at: int, *, covert: bool, victim: bool) -> bool:
    word, both = words[at], " ".join(words[at : at + 2])
    theirs = word in _VICTIM_ONLY
    strong = (word in _HARM and not theirs and both != "crack down") or both in _PLAIN_PAIRS
    weak = theirs or both in _HARM_PAIRS or word in _HARM_PAIRS
    return (strong or (weak and (covert or (theirs and victim)))) and _requested(words, at)


_DEFENSIVE: Final = re.compile(
    r"\b(?:prevent|detect(?:s|ing|ed)?|stop(?:s|ping)?|block(?:s|ing|ed)?|defend|mitigat\w{1,5}|protect\w{0,4}|"
    r"break[- ]glass|approv\w{1,4}|policy|allowed|attackers?|adversar\w{1,4}|report(?:ed)?)\b"
)


def _chinese(text: str) -> bool:
    return any(_chinese_part(part) for part in _ZH_PART.split(text))


def _chinese_part(part: str) -> bool:
    covert = bool(_ZH_COVERT.search(part))
    if (_ZH_DONE_BY_OTHERS if covert else _ZH_DEFENDS).search(_ZH_COVERT.sub("", part).replace("防火墙", "")):
        return False
    return bool(_ZH_MADE.search(part) or (_ZH_ASKS.search(part) and _ZH_HARM.search(part)))
