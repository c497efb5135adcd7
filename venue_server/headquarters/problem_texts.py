"""The sentences of the sealing tool's rules, Chinese and English, each with the way to mend it."""

from typing import NamedTuple

from venue_server.headquarters.problems import Problem, Rule


class Text(NamedTuple):
    """What is wrong and how to mend it."""

    zh: str
    en: str
    mend_zh: str
    mend_en: str


_R = Rule
TEXTS: dict[Rule, Text] = {
    _R.ORDER_INVALID: Text(
        "封装参数不合规则",
        "the sealing order breaks a rule",
        "按提示修改命令参数",
        "change the option named",
    ),
    _R.PACKAGE_UNREADABLE: Text(
        "无法读取内容包",
        "the package cannot be read",
        "提供 QTI 3.0 内容包文件夹或 .zip 文件",
        "give a QTI 3.0 content package as a folder or a .zip file",
    ),
    _R.PACKAGE_UNSAFE: Text(
        "内容包含有不安全的条目",
        "the package holds an unsafe entry",
        "删除该条目（不得有越界路径、符号链接、加密或异常压缩）并重新打包",
        "remove the entry (no paths outside, links, encryption or extreme compression) and repack",
    ),
    _R.MANIFEST_MISSING: Text(
        "缺少 imsmanifest.xml",
        "imsmanifest.xml is missing",
        "把 imsmanifest.xml 放在内容包根目录",
        "put imsmanifest.xml at the root of the package",
    ),
    _R.XML_MALFORMED: Text(
        "XML 格式错误",
        "the XML is malformed",
        "改正该行的 XML 语法",
        "mend the XML syntax at that line",
    ),
    _R.DOCTYPE: Text(
        "不允许文档类型声明（DOCTYPE）",
        "a document type declaration is not allowed",
        "删除 DOCTYPE，实体改写为字符",
        "remove the DOCTYPE and write entities as characters",
    ),
    _R.QTI_VERSION: Text(
        "不是 QTI 3.0 内容",
        "this is not QTI 3.0 content",
        "先在命题单位转换为 QTI 3.0 再封装：由命题系统导出 QTI 3.0，或用独立程序 "
        "qti-convert（PyPI：citolab-qti-convert）：qti-convert upgrade 旧包.zip 新包.zip；"
        "转换后须人工核对试题与答案",
        "convert it to QTI 3.0 where it is authored, then seal: export QTI 3.0 from the authoring "
        "system, or use the separate program qti-convert (PyPI: citolab-qti-convert): qti-convert "
        "upgrade OLD.zip NEW.zip; people must compare items and keys afterwards",
    ),
    _R.NO_ITEMS: Text(
        "内容包中没有试题",
        "the package holds no items",
        "加入至少一道 QTI 3.0 试题",
        "add at least one QTI 3.0 item",
    ),
    _R.TEST_UNKNOWN: Text(
        "没有指定的试卷（assessment test）",
        "there is no such assessment test",
        "用内容包中存在的试卷标识",
        "use an identifier of a test that is in the package",
    ),
    _R.FILE_MISSING: Text(
        "引用的文件不在内容包中",
        "a referenced file is not in the package",
        "补上该文件或改正引用（注意大小写）",
        "add the file or mend the reference (letter case counts)",
    ),
    _R.HREF_OUTSIDE: Text(
        "引用指向内容包之外",
        "a reference leads outside the package",
        "改为包内的相对路径",
        "use a relative path inside the package",
    ),
    _R.EXTERNAL_REFERENCE: Text(
        "引用了外部地址",
        "an external address is referenced",
        "把内容放入包内，或删除该链接；考试机不联网",
        "bring the content into the package or remove the link; stations have no network",
    ),
    _R.DUPLICATE_ID: Text(
        "标识重复",
        "an identifier is used twice",
        "改用不重复的标识",
        "make the identifiers unique",
    ),
    _R.WRONG_ROOT: Text(
        "文件的根元素不对",
        "the file has another root element than expected",
        "引用正确的文件",
        "refer to the right file",
    ),
    _R.BRANCHING: Text(
        "不支持条件或分支（自适应试卷）",
        "pre-conditions and branch rules (adaptive tests) are never supported",
        "删除条件与分支，改为固定顺序",
        "remove the conditions and branches; use a fixed sequence",
    ),
    _R.SELECTION: Text(
        "抽题规则无法执行",
        "the selection rule cannot be carried out",
        "使 select 不大于题数且不允许重复抽取",
        "let select be at most the number of children, without replacement",
    ),
    _R.ADAPTIVE: Text(
        "不支持自适应试题",
        "adaptive items are never supported",
        '改为普通试题（adaptive="false"）',
        'make it an ordinary item (adaptive="false")',
    ),
    _R.TEMPLATE: Text(
        "不支持模板变量生成的试题",
        "template processing is never supported",
        "把模板展开成固定的试题",
        "turn the template into fixed items",
    ),
    _R.NEVER_SUPPORTED: Text(
        "不支持此类交互",
        "this kind of interaction is never supported",
        "改用受支持的题型",
        "use a supported type of item",
    ),
    _R.NOT_YET: Text(
        "目前尚不支持此类内容",
        "this is not supported yet",
        "改用受支持的题型：单选、多选、判断、填空、简答、下拉选择、匹配、排序、拖入填空、关联、"
        "选词、热点、图上匹配、图上选点、滑块、播放",
        "use a supported type: choice, text entry, extended text, inline choice, match, order, "
        "gap match, associate, hottext, hotspot, graphic gap match, select point, slider, media",
    ),
    _R.UNKNOWN_ELEMENT: Text(
        "不在支持范围内的元素",
        "this element is outside the supported profile",
        "改用支持范围内的元素",
        "use elements of the profile",
    ),
    _R.FORBIDDEN_ELEMENT: Text(
        "禁止的元素",
        "this element is forbidden",
        "删除该元素；试卷中不得有脚本、表单、框架或嵌入对象",
        "remove it; a paper holds no scripts, forms, frames or embedded objects",
    ),
    _R.EVENT_HANDLER: Text(
        "禁止事件处理属性",
        "event handler attributes are forbidden",
        "删除该属性",
        "remove the attribute",
    ),
    _R.MISPLACED: Text(
        "元素所在位置不对",
        "the element is in a place where it cannot be",
        "按 QTI 3.0 的结构移动该元素",
        "move it to where QTI 3.0 allows it",
    ),
    _R.BODY_MISSING: Text(
        "缺少题干或材料正文",
        "the body is missing",
        "加入 qti-item-body 或 qti-stimulus-body",
        "add a qti-item-body or qti-stimulus-body",
    ),
    _R.RESPONSE_MISSING: Text(
        "交互没有对应的作答声明",
        "an interaction has no response declaration",
        "加入同名的 qti-response-declaration",
        "add a qti-response-declaration of that name",
    ),
    _R.RESPONSE_TYPE: Text(
        "作答声明的类型与交互不符",
        "the response declaration does not fit the interaction",
        "改正 base-type 或 cardinality",
        "mend base-type or cardinality",
    ),
    _R.RESPONSE_SHARED: Text(
        "两个交互使用同一个作答声明",
        "two interactions use the same response declaration",
        "每个交互使用自己的作答声明",
        "give each interaction its own response declaration",
    ),
    _R.RESPONSE_DEFAULT: Text(
        "不支持预先填好的作答",
        "responses filled in beforehand are not supported",
        "删除作答声明中的 qti-default-value",
        "remove qti-default-value from the response declaration",
    ),
    _R.IDENTIFIER_MISSING: Text(
        "缺少必需的标识",
        "a required identifier is missing",
        "补上该标识",
        "add it",
    ),
    _R.ATTRIBUTE_INVALID: Text(
        "属性值不正确",
        "an attribute's value is wrong",
        "改正该属性",
        "mend the attribute",
    ),
    _R.CHOICES_MISSING: Text(
        "选项（或空位、热点、匹配组）太少",
        "there are too few options, gaps, hotspots or match sets",
        "补足到提示中的最少个数",
        "give at least as many as the message says",
    ),
    _R.SHAPE_INVALID: Text(
        "热点的形状或坐标不正确，或整个在图片之外",
        "a hotspot's shape or coordinates are wrong, or all of it lies outside the picture",
        "circle 用 x,y,r；rect 用 左,上,右,下；ellipse 用 x,y,rx,ry；poly 用三个以上的点；"
        "单位为像素",
        "use x,y,r for circle, left,top,right,bottom for rect, x,y,rx,ry for ellipse, three or "
        "more points for poly; in pixels of the picture",
    ),
    _R.KEY_UNKNOWN_CHOICE: Text(
        "答案指向不存在的选项",
        "the key names an option that does not exist",
        "改正答案或选项的标识",
        "mend the key or the option's identifier",
    ),
    _R.KEY_INVALID: Text(
        "答案的值与作答方式不符（类型、个数、范围）",
        "a value of the key cannot be given as an answer (type, number or range)",
        "改正答案，或改正作答声明与题目的范围",
        "mend the key, or the declaration and bounds of the question",
    ),
    _R.SCHEMA: Text(
        "不符合受支持范围的结构定义（profile.rng）",
        "the structure does not meet the schema of the profile (profile.rng)",
        "按提示改正该元素的内容或属性",
        "mend the content or attribute of the element named",
    ),
    _R.MEDIA_MISSING: Text(
        "交互中缺少图片、音频或视频",
        "the interaction's picture, audio or video is missing",
        "加入一个 img、object、audio 或 video",
        "add one img, object, audio or video",
    ),
    _R.MEDIA_TYPE: Text(
        "不支持的媒体类型",
        "this type of media is not supported",
        "图片用 PNG、JPEG、GIF、WebP、SVG；音频用 MP3、Opus、Vorbis、WAV；视频用 WebM",
        "use PNG, JPEG, GIF, WebP or SVG; MP3, Opus, Vorbis or WAV; WebM",
    ),
    _R.MEDIA_CODEC: Text(
        "不支持的音视频编码",
        "this codec is not supported",
        "重新编码为 MP3、Opus、Vorbis、PCM 或 VP8、VP9、AV1",
        "encode again as MP3, Opus, Vorbis or PCM; VP8, VP9 or AV1",
    ),
    _R.SVG_ACTIVE: Text(
        "SVG 图片含有脚本、外部引用或无法安全读取",
        "the SVG holds scripts or external references, or cannot be read safely",
        "从 SVG 中删除这些内容",
        "remove them from the SVG",
    ),
    _R.KEYS_LEFT: Text(
        "去除答案后仍发现答案或评分信息",
        "keys or scoring are left after stripping",
        "从试题中删除该内容",
        "remove it from the item",
    ),
    _R.FORM_MISMATCH: Text(
        "本卷的试题或选项与内容包不能一一对应",
        "the form is not a permutation of the package's items and options",
        "这是封装工具的错误，请勿使用并报告",
        "this is a fault of the sealing tool: do not use the form, and report it",
    ),
    _R.STYLE_DROPPED: Text(
        "样式表未采用，使用考试机统一样式",
        "the style sheet is left out; stations use one style",
        "确认没有样式时内容仍完整",
        "check that nothing depends on the style",
    ),
    _R.ATTRIBUTE_DROPPED: Text(
        "属性未采用",
        "an attribute is left out",
        "确认没有该属性时内容仍完整",
        "check that nothing depends on it",
    ),
    _R.CATALOG_DROPPED: Text(
        "辅助内容目录未采用",
        "the catalogue of accessibility content is left out",
        "如有应试人员需要，请另行安排",
        "arrange for candidates who need it in another way",
    ),
    _R.SHOWN_FEEDBACK_DROPPED: Text(
        "作答前可见的反馈内容已删除",
        "feedback that would show before answering is left out",
        "如属题干内容，请移入题干",
        "move it into the body if it belongs to the question",
    ),
    _R.SOURCE_DROPPED: Text(
        "不支持的媒体来源未采用，使用其余来源",
        "an unsupported media source is left out; another one is used",
        "无需处理",
        "nothing to do",
    ),
    _R.CONTROL_IGNORED: Text(
        "考试控制设置不采用，以考务计划为准",
        "this control is not used; the session plan decides",
        "确认考务计划中的规定",
        "check what the session plan says",
    ),
    _R.FORM_FIXED: Text(
        "封装时已确定本卷的抽题与题序",
        "selection and order of the form were fixed at sealing",
        "记录见答案文件",
        "see the key document for the record",
    ),
    _R.FORMS_ALIKE: Text(
        "这些卷的题序相同，只有选项次序可能不同",
        "these forms have the same order of items; only options may differ",
        "如需不同题序，在试卷的部分中加入 qti-ordering shuffle，或用 --item-order candidate",
        "for different orders put qti-ordering shuffle into sections of the test, or use "
        "--item-order candidate",
    ),
    _R.NO_INTERACTION: Text(
        "该题没有作答区",
        "the item has nothing to answer",
        "确认这是说明页",
        "check that it is meant as an information page",
    ),
}


def describe(problem: Problem) -> str:
    """One problem as lines a person reads, Chinese first, then English."""
    text = TEXTS[problem.rule]
    place = problem.place.file or "-"
    if problem.place.line:
        place += f":{problem.place.line}"
    item = f" [{problem.place.item_id}]" if problem.place.item_id else ""
    detail = f" «{problem.detail}»" if problem.detail else ""
    return (
        f"{place}{item} {problem.rule.value}{detail}\n"
        f"    {text.zh}。{text.mend_zh}。\n"
        f"    {text.en}: {text.mend_en}."
    )


def as_json(problem: Problem) -> dict[str, str | int | bool]:
    """The machine-readable form of ``paper seal --json``."""
    text = TEXTS[problem.rule]
    return {
        "rule": problem.rule.value,
        "blocking": problem.blocking,
        "file": problem.place.file,
        "line": problem.place.line,
        "item": problem.place.item_id,
        "detail": problem.detail,
        "message_zh": text.zh,
        "message_en": text.en,
        "mend_zh": text.mend_zh,
        "mend_en": text.mend_en,
    }
