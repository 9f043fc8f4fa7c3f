"""The words that the sheet of an investigation is labelled with, in English and Chinese."""

WORDS = {
    "known": ("What is known", "已知情况"),
    "linked": ("What is linked", "关联情况"),
    "next": ("What to find out next", "下一步需要查明"),
    "progress": ("How far it is", "进展"),
    "rests": ("rests on", "依据"),
    "proved": ("proved by code", "代码已证实"),
    "techniques": ("techniques", "技术"),
    "hinted": ("its title speaks of", "标题文字涉及"),
    "entities": ("named in the input", "输入中出现的对象"),
    "no_verdict": ("no verdict", "无判定"),
    "no_time": ("the input tells no time; set the period in your search", "输入未给出时间，请在查询中自行设定时间范围"),
    "line": ("line", "行"),
    "masked": ("masked", "已掩码"),
    "more": ("{} more", "另有 {} 项"),
    "none_linked": ("Nothing else that is stored shares a rare value with it.", "没有其他已存记录与其共享罕见值。"),
    "capped": ("{} of {} shown, those that share most and are nearest in time; --linked N shows more.",
               "显示 {} / {} 条（共享最多、时间最近者优先）；--linked N 可显示更多。"),
    "read": ("{} other stored inputs were read, the newest first.", "已读取 {} 条其他已存输入（从新到旧）。"),
    "older": ("Older ones were not read.", "更早的未读取。"),
    "unchecked": ("{} older ones with such a value were counted and not looked at closely.",
                  "另有 {} 条较早记录含有此类值，仅计数，未逐条核对。"),
    "common": ("{} {} links nothing: it stands in at least {} of them.", "{} {} 不作为关联依据：至少出现在其中 {} 条。"),
    "rarity": ("A value links while it stands in at most {} of them.",
               "仅当某值出现在不超过 {} 条记录中时才作为关联依据。"),
    "shares": ("shares", "共享"),
    "here": ("this one", "本条"),
    "why": ("why", "原因"),
    "if_yes": ("yes", "是"),
    "if_no": ("no", "否"),
    "to_attack": ("points to an attack", "指向攻击"),
    "to_false_alarm": ("points to a false alarm", "指向误报"),
    "to_allowed": ("points to an allowed activity", "指向授权行为"),
    "to_no_effect": ("speaks against an attack that had an effect", "说明攻击未产生效果"),
    "no_query": ("no query in {}: {}", "未生成 {} 查询：{}"),
    "told": ("The input says {}", "输入已表明：{}"),
    "told_only": ("whoever wrote the input may have written this there; it is not counted",
                  "该内容可能由输入的作者写入，不计入结果"),
    "answered": ("answered {} by {}", "{1} 回答：{0}"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "unknown": ("unknown", "未知"),
    "tally": ("{} of {} answered: {} for an attack, {} against, {} unknown.",
              "已回答 {} / {}：{} 项支持攻击，{} 项反对，{} 项未知。"),
    "tally_told": ("Answered by the input itself, for an attack: {}.", "另有 {} 项由输入本身表明，支持攻击。"),
    "open": ("Next: question {}. Answer with: secassist investigate {} --answer {} yes|no|unknown --note TEXT",
             "下一个：问题 {}。回答命令：secassist investigate {} --answer {} yes|no|unknown --note TEXT"),
    "settled_attack": ("Settled by weight: what is open could not turn it any more; the answers speak for an attack.",
                       "按权重已有定论：剩余问题无法改变结果；回答支持攻击。"),
    "settled_harmless": ("Settled by weight: what is open could not turn it any more; the answers speak against an attack.",
                         "按权重已有定论：剩余问题无法改变结果；回答不支持攻击。"),
    "settled_balanced": ("The answers contradict each other, or say nothing: look into that before you decide.",
                         "回答相互矛盾或未能说明问题：请先查明再作决定。"),
    "verdict_stands": ("The verdict stands until a person corrects it; answers alone change nothing.",
                       "在人工更正之前判定不变；回答本身不改变判定。"),
    "floor": ("A detector proved {}: check what the answers say against it before you correct it.",
              "检测器已证实：{}；更正前请与回答对照核查。"),
    "weights": ("Order and weights of questions are our judgement, not a measured probability.",
                "问题的顺序与权重为人工判断，并非测得的概率。"),
    "all": ("{} further questions fit less; --all shows them.", "另有 {} 个相关性较低的问题；--all 可全部显示。"),
}  # fmt: skip


KINDS = {
    "host": "主机", "user": "用户", "address": "地址", "source": "来源地址", "target": "目的地址", "domain": "域名",
    "url": "链接", "hash": "哈希", "process": "程序", "parent": "父程序", "command": "命令", "file": "文件",
    "registry": "注册表项",
    "sender": "发件人", "reply": "回复地址", "recipient": "收件人", "subject": "主题", "service": "服务", "key": "访问密钥",
    "action": "操作", "path": "路径", "agent": "客户端", "bucket": "存储桶", "mailbox": "邮箱", "pod": "Pod",
    "changed": "被更改账户", "group": "组", "container": "容器", "principal": "服务主体", "resource": "云资源",
    "attachment": "附件", "cve": "漏洞编号", "secret": "密钥凭据",
}  # fmt: skip
"""What kinds of values are called in Chinese; in English they are called by their names."""


def kind(language: str, name: str) -> str:
    """The word for a kind of value."""
    return KINDS.get(name, name) if language == "zh" else name


def word(language: str, name: str, *values: object) -> str:
    """The words in one of the languages, with the values put in."""
    pair = WORDS[name]
    return pair[1 if language == "zh" else 0].format(*values)
