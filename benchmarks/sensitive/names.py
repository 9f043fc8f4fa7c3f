"""Words that invented people, streets and mailboxes are made of."""

from typing import Final

from benchmarks.sensitive.check_digits import words

GIVEN: Final = words(
    "Emily Oliver Priya Mateo Hannah Declan Aisha Tobias Grace Marcus Ingrid Rafael Chloe Samuel Fatima Liam Noor Victor "
    "Amelia Dmitri Beatriz Jonas Leila Patrick Sofia Ethan Miriam Gareth Yuki Connor Elena Hugo Naomi Stefan Carmen Ravi "
    "Bridget Malik Astrid Dylan Rosa Kenji Felicity Omar Harriet Pavel Nadia Wesley Imogen Andre"
)
FAMILY: Final = words(
    "Carter Whitfield Nakamura Okafor Lindqvist Fernandez Haddad Kowalski Brennan Castellanos Prescott Venkatesan Moreau "
    "Hargreaves Sorensen Abernathy Delgado Marchetti Petrov Ellison Rosenthal McAllister Vance Iyer Bergstrom Thornton "
    "Quigley Alvarez Novak Fitzgerald Chowdhury Lombardi Winslow Dubois Tanaka Obrien Pemberton Schreiber Yilmaz Kaplan "
    "Rutherford Mendes Osei Halvorsen Gallagher Whitaker Zielinski Ashworth Bianchi Sutherland"
)
STREETS: Final = words(
    "Maple Chestnut Harbor Willow Franklin Sycamore Prospect Lakeview Birch Juniper Kensington Meadow Orchard Ridge "
    "Summit Walnut Granite Clover"
)
TOWNS: Final = (
    ("Springfield", "IL", "62704"),
    ("Portland", "OR", "97209"),
    ("Boulder", "CO", "80302"),
    ("Savannah", "GA", "31401"),
    ("Worcester", "MA", "01608"),
    ("Tucson", "AZ", "85719"),
    ("Madison", "WI", "53703"),
    ("Fresno", "CA", "93721"),
)
SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
COMPOUND: Final = ("欧阳", "上官", "司马", "诸葛", "慕容")
FIRST: Final = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英玉萍红玲建国志文雪梅春晓宇浩子轩思琪佳怡俊豪梓涵欣妍晨曦嘉诚"
)
REGIONS: Final = (
    ("110105", "北京市", "朝阳区"),
    ("310115", "上海市", "浦东新区"),
    ("440305", "广东省深圳市", "南山区"),
    ("330106", "浙江省杭州市", "西湖区"),
    ("510107", "四川省成都市", "武侯区"),
    ("420106", "湖北省武汉市", "武昌区"),
    ("320508", "江苏省苏州市", "姑苏区"),
    ("610113", "陕西省西安市", "雁塔区"),
    ("500112", "重庆市", "渝北区"),
    ("370203", "山东省青岛市", "市北区"),
)
ROADS: Final = words(
    "中山路 人民路 解放大道 建设北路 文三路 科技园路 长江西路 新华街 学院南路 滨河东路 锦绣大道 和平里"
)
ESTATES: Final = words("阳光花园 翠湖苑 金色家园 万和城 东方名邸 桂香小区 幸福里 碧水湾")
MAIL_HOSTS: Final = ("gmail.com", "outlook.com", "yahoo.co.uk", "proton.me", "icloud.com", "fastmail.com", "hey.com")
CHINESE_MAIL_HOSTS: Final = ("qq.com", "163.com", "126.com", "sina.com.cn", "foxmail.com", "aliyun.com")
PINYIN: Final = words("zhangwei lina wangfang liuyang chenjie zhaolei sunyan zhouxin wuhao xumin helin gaofei")
MOBILES: Final = words(
    "130 131 133 135 136 137 138 139 147 150 151 152 156 158 159 166 170 173 176 177 180 182 186 188 191 198 199"
)
