"""Chinese names and addresses: surname lists, administrative regions, and the words that stand before and after them."""
# ruff: noqa: E501 - word lists

import re
from collections.abc import Iterator

from schemas import Severity
from secassist.detectors._secret_hit import Hit

_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金"
    "韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟申"
    "殷詹欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁房滕屈饶解牟艾尤阳时穆农司"
    "卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查"
    "麻苑迟邝官封谈鞠匡惠荆乐冀胥南班储傅阎萧阙谌漆占窦滑冼卞亓练植揭赖涂游邸闻逯隗竺权於衣步占乌呼郗佴蔺"
)
_COMPOUND = (
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "司徒",
    "令狐",
    "夏侯",
    "端木",
    "长孙",
    "宇文",
    "轩辕",
)
_GIVEN = frozenset(
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉力玲鹏华红玉萍建国志海波燕云龙凤林永东成康光天达安岩中茂进有坚和彪博诚先"
    "敬震振壮会思群豪心邦承乐绍功松善厚庆民友裕河哲江浩亮政谦亨奇固之轮翰朗伯宏言若鸣朋斌梁栋维启克伦翔旭泽晨辰士以家致树炎德行时"
    "泰盛雄琛钧冠策腾楠榕风航弘义兴良飞彬富峰仁贵福生元全胜学祥才发武新利清子梓涵宇轩欣怡诗梦琪雨嘉俊佳慧婷雪倩颖晶晓珍莉莲春菊"
    "梅琳素蓉薇瑶雅欢霄枫芸菲寒伊亚宜可姬舒影荔枝思丽珊莎锦黛青珠翠凝馨瑗琰韵融园艺咏卿聪澜纯毓悦昭冰爽琬茗羽希宁瑞圣远明睿然一"
    "依诺萱雯妍璐洁蕾蕊媛婉娴妮娇媚悠柔瑾璇瑜彤桐煜烨炜焕淑淼源润浪洪渊潇潘沛沐泓泉森林楚鑫鸿雁鹤鹭麟骏骁驰凯凡冬夏秋月星昕昊昌"
    "昆昱晖智曦朝权柏根棋楷正毅君吉同向喜大少小山川巍帆帅廷彦忆忠恒恺恩惠意成战承捷教斯方毓万世业丹久乾二亭人仪任传佑琴墨雪佩信修健儒"
)
_BEFORE = re.compile(
    r"(?:姓名|名字|户名|用户|客户|患者|病人|收件人|寄件人|联系人|收货人|申请人|开户人|持卡人|车主|旅客|乘客|员工|同事|学生|老师|经理|医生|先生|"
    r"女士|本人|我是|我叫|名叫|人叫|叫做|叫|这是|就是|问了|找了|见了|约了|通知|提醒|联系|转账到|转账至|转账给|转给|打给|帮我打给|寄给|发给|交给|找|问一下|问|加|搜|给|帮|由|和|与|请|"
    r"核对|核实|信息|订单|报名|存一下|吧|那个|负责人|法人|法定代表人|经办人|签字|签名|审批人|监护人|家长|父亲|母亲|配偶|紧急联系人|甲方|乙方|"
    r"作者|房东|租客|司机|骑手|会员|投保人|被保险人|借款人|担保人|受益人|纳税人|人员|嫌疑人|被告|原告|证人|投诉人|报案人|询问|访客|住户|业主)"
    r"(?:信息|为|是|名|：|:|，|,|、|\s|\(|（|-|“|\"|'|=){0,4}$"
)
_AFTER = re.compile(
    r"(?:的|电话|手机|身份证|证件|护照|微信|银行卡|卡号|住在|住址|地址|在|说|他说|她说|他|她|有没有|能不能|昨天|今天|明天|上周|发来|发的|微信号|这边|那边|账户|账号|申请|先生|女士|老师|同学|经理|医生|总|的卡|完成|"
    r"身份|号码|联系|邮箱|生日|出生|性别|，男|，女|,男|,女|（男|（女|\s?1[3-9]\d{9}|\s?[1-8]\d{16}|于\d)"
)
_START = re.compile("[" + "".join(sorted(_SURNAMES | {name[0] for name in _COMPOUND})) + "]")
_NOT_NAME_WORDS = (
    "高兴 高级 高度 高速 高中 金额 金融 方便 方式 方法 方案 方向 方面 方可 安全 安排 安装 安静 安徽 于是 和平 平台 文件 文本 文章 文化 文明 文字 文档 成功 "
    "成为 成本 时间 时候 时代 时刻 常见 常用 常规 应用 应该 应当 管理 管道 单位 单独 单元 包括 包含 包装 路径 路由 路上 解决 解释 解析 解除 连接 连续 全部 "
    "全国 全面 全文 全程 明天 明白 明确 明显 白天 白色 黄色 黄金 马上 万一 万元 温度 温馨 关于 关键 关系 关闭 关注 任务 任何 任意 向上 向下 程序 程度 程式 "
    "章节 简单 简介 简历 简称 查询 查看 查找 查收 查验 商品 商家 商业 商务 荣誉 边界 边缘 师傅 封装 封面 游戏 游客 盛大 盛行 房间 房屋 房产 房东 池塘 项目 "
    "麻烦 车辆 车主 车牌 车票 车站 车位 司机 毛病 石头 江苏 江西 华为 华东 云南 云端 海南 海口 广东 广州 贵州 贵阳 宁夏 宁波 南京 南昌 南宁 南方 南部 武汉 "
    "常州 温州 苏州 郑州 汪洋 石家 金华 康复 和谐 康熙 古代 古典 农业 农村 农历 农民 党员 党委 席位 乐趣 乐观 乐意 冷静 冷却 冷藏 冷冻 米饭 米粉 宫殿 鲁莽 "
    "童年 童话 雷达 龙头 蓝色 蓝牙 连锁 桂花 柏油 花费 费用 费率 费时 左右 左边 严重 严格 向前 向后 谈话 谈判 谈谈 全额 单号 单据 单价 号码 电话 手机 应急 "
    "任职 任命 余额 余下 尤其 易于 易用 麦克 施工 施行 符合 符号 景点 景色 阳光 阳台 左侧 甘肃 古老 官方 官网 封闭 曲线 时长 时限 时段 路线 路段 路口 明细 "
    "申请 申报 申诉 申明 管辖 管控 戴着 钱包 钱款 田野 汤圆 水平 叶子 段落 顾客 顾问 牛奶 贺卡 柳树 聂姓 游览 侯车 尚未 尚且 兰州 兰花 焦点 焦虑 舒服 舒适 "
    "纪念 纪录 纪律 凌晨 毕业 毕竟 季度 季节 成员 成都 成绩 谷歌 谷物 曲目 冉冉 祝福 祝您 祝贺 宁静 蒙古 华人 华丽 屈服 解答 穆斯 乐园 司法 司令 吉林 吉利 "
    "项链 党组 储存 储备 储蓄 班级 班次 南北 惠州 惠民 匡算 和解 师范 商店 商标 沙发 沙漠 仇恨 荣幸 巫师 桑叶 郎君 从来 麻将 迟到 迟早 官员 封号 佘山 "
    "向您 向他 向我 常常 常驻 严禁 安心 安检 毛利 邮箱 白酒 白名 黄牛 黄页 易购 明年 温暖 水果 金牌 金属 马路 高清 高铁 高考 高温 高效 高危 高端"
)
_NOT_NAMES = frozenset(_NOT_NAME_WORDS.split())

_PROVINCES = (
    "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 "
    "台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门"
)
_CITIES = (
    "广州 深圳 珠海 佛山 东莞 中山 惠州 汕头 杭州 宁波 温州 绍兴 嘉兴 金华 台州 南京 苏州 无锡 常州 徐州 南通 扬州 盐城 武汉 宜昌 襄阳 长沙 株洲 "
    "湘潭 岳阳 成都 绵阳 德阳 西安 咸阳 宝鸡 郑州 洛阳 开封 济南 青岛 烟台 潍坊 临沂 合肥 芜湖 福州 厦门 泉州 漳州 南昌 九江 赣州 石家庄 唐山 保定 "
    "太原 大同 沈阳 大连 鞍山 长春 哈尔滨 大庆 昆明 曲靖 大理 贵阳 遵义 南宁 桂林 柳州 海口 三亚 兰州 天水 西宁 银川 乌鲁木齐 呼和浩特 包头 拉萨"
)
_H = "[\u4e00-\u9fa5]"
_REGION = "|".join(sorted((_PROVINCES + " " + _CITIES).split(), key=len, reverse=True))
_TAIL = (
    rf"(?:(?:{_H}{{1,12}}|[A-Za-z0-9]{{1,4}})?(?:大道|路|街道|街|巷|弄|胡同|里|道|村|镇|乡|区|园|小区|花园|广场|大厦|公寓|苑|城|中心)){{0,5}}"
    rf"(?:{_H}{{0,3}}\d{{1,5}}(?:[\-之]\d{{1,4}})?(?:号院|号楼|号|弄|巷|栋|幢|座|单元|楼|层|室|房|户|组|队|#)){{0,6}}"
)
_ADDRESS = re.compile(
    rf"(?:{_REGION})(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)?"
    rf"(?:{_H}{{2,8}}?(?:市|自治州|地区|盟)){{0,2}}(?:{_H}{{1,8}}?(?:区|县|旗|市)){{0,1}}{_TAIL}"
)
_STREET = re.compile(
    rf"(?:{_H}{{1,6}}?(?:区|县|镇)){{0,2}}{_H}{{1,6}}?(?:大道|路|街|巷|弄|胡同|村|庄|里)\d{{1,5}}(?:号院|号楼|号|弄){_TAIL}"
)
_CUE = re.compile(r"^.{0,6}?(?:地址|住址|住在|位于|寄到|送到|送达|居住地|搬到|前往|家在|住|在|到|给)[是为在：:]?")


def address_hits(text: str) -> Iterator[Hit]:
    """From the region down to the room; only what names at least a street number, a building or a room."""
    end = -1
    if "号" not in text and "室" not in text and "栋" not in text and "路" not in text and "村" not in text:
        return
    for match in _ADDRESS.finditer(text):
        value = match[0]
        if len(value) >= 8 and re.search(r"\d|村|路|街|镇|小区|大厦", value):
            end = match.end()
            yield Hit(match.start(), end, "address", value, 1, Severity.MEDIUM, certain=any(c.isdigit() for c in value))
    for match in _STREET.finditer(text):
        if match.start() < end and end > 0:
            continue
        cue = _CUE.match(match[0])
        start = match.start() + (cue.end() if cue else 0)
        yield Hit(start, match.end(), "address", text[start : match.end()], 2, Severity.MEDIUM)


def name_hits(text: str) -> Iterator[Hit]:
    """Names of 2 to 4 characters that begin with a surname and stand beside a word that people are named by.

    Linear: each surname looks at 10 characters before it and 20 after it, and at words around it only if a character of
    given names follows.
    """
    done = 0
    for match in _START.finditer(text):
        start = match.start()
        if start < done:
            continue
        end = _name_end(text, start)
        if end:
            done = end
            yield Hit(start, end, "person", text[start:end], 2, Severity.LOW)


def _name_end(text: str, start: int) -> int:
    """Where a name that begins here ends, or 0."""
    compound = text[start : start + 2] in _COMPOUND
    if not compound and text[start] not in _SURNAMES:
        return 0
    given = start + (2 if compound else 1)
    ends = [end for end in (given + 2, given + 1) if _may_be_given(text[given:end], end - given)]
    if not ends or text[start : start + 2] in _NOT_NAMES:
        return 0
    before = bool(_BEFORE.search(text[max(0, start - 10) : start]))
    opened = before or start == 0 or not _is_han(text[start - 1])
    fitting = (end for end in ends if text[end - 2 : end] not in _NOT_NAMES and _fits(text, given, end, before, opened))
    return next(fitting, 0)


def _is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fa5"


def _may_be_given(part: str, length: int) -> bool:
    return len(part) == length and not _GIVEN.isdisjoint(part) and all(_is_han(char) for char in part)


def _fits(text: str, given: int, end: int, before: bool, opened: bool) -> bool:
    known = sum(char in _GIVEN for char in text[given:end])
    closed = end == len(text) or not _is_han(text[end])
    after = bool(_AFTER.match(text, end))
    if end - given == 2 and known == 1 and not (before and (closed or after)):
        return False
    if before:
        return closed or after or (end - given == known and end - given == 2)
    whole = known == end - given
    return opened and (after or (whole and (closed or end - given == 2)))
