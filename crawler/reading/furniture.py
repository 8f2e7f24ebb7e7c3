"""What stands around an article on its page, told by its words: the lines that no reader would call the text.

Two kinds: lines dropped wherever they stand at the text's edges, and headings after which nothing of the text follows.
Every pattern is anchored and bounded.
"""

import re

_OPEN = r"^[\s\W_]{0,6}"
# Heads of what follows an article: links, comments, disclaimers.
ENDERS = re.compile(
    _OPEN
    + r"(?:相关(?:阅读|新闻|链接|文章|推荐|报道|资讯|信息|稿件|标签|专题|附件下载|文档|政策|解读|内容|热词|搜索)|延伸阅读|推荐阅读|往期(?:推荐|回顾|精选|精彩|链接|阅读|好文)|热门(?:推荐|文章|评论|新闻)|猜你喜欢|精彩推荐|为您推荐|更多(?:推荐|精彩|新闻|阅读)"
    r"|编辑推荐|今日推荐|(?:网友|最新|全部|热门|精彩)?(?:评论|跟贴|跟帖)(?:区|列表)?(?:\s{0,3}[(（]?\d{0,9}[)）条]?)?$|我要评论|发表评论|我来说两句|没有更多评论|登录后才可以发|打开\s?\S{0,12}\s?(?:可以发|参与讨论|阅读|查看)"
    r"|上一(?:篇|条|页|主题)\s{0,3}(?:[:：]|$)|下一(?:篇|条|主题)\s{0,3}(?:[:：]|$)|免责(?:声明|申明|条款)|版权(?:声明|所有|与免责)|(?:特别|郑重|重要)(?:声明|申明)\s?[:：]|声明\s?[:：]|法律声明|主办(?:单位)?\s?[:：]|网站标识码|网站地图|关于我们|联系我们"
    r"|Copyright|Powered by|GMT[+-]\d|Processed in|本网站(?:支持|所有)|©|All Rights? Reserved|[\u4e00-\u9fff]ICP备|您需要登录后才可以|本版积分规则|回复\s?举报|使用道具|举报$|点评$|评分$|参与人数"
    r"|凡(?:本网|本站|注明|来源|未注明)|本(?:文|站|网)(?:为|仅|系|部分内容)\S{0,30}(?:上传|转载|自行|观点|作者个人)|以上(?:内容|文章)\S{0,12}(?:仅|不)代表|如(?:有)?侵权|转载请(?:注明|联系)|违法和?不良信息|[\[【(（]?不良信息举报"
    r"|扫一扫|扫描二维码|用微信扫|手机扫|微信扫|长按(?:识别|二维码)|分享(?:到|至)|分享给|友情链接|热词搜索|关键(?:词|字)\s?[:：]|标签\s?[:：]|TAGS?\s?[:：]|特别提醒\s?[:：]|(?:本文)?来自\S{2,14}，更多\S{2,30}(?:下载|关注)|本文来源\s?[:：]|原标题\s?[:：].{0,80}责任编辑"
    r"|(?:sitemap\d{0,2}\.xml\s{0,3}){1,9})",
    re.IGNORECASE,
)
# Of these, what notices also say in their midst: who holds an event, which code to scan, what to bear in mind.
DOUBTFUL = re.compile(
    _OPEN
    + r"(?:主办(?:单位)?\s?[:：]|联系我们|关于我们|(?:特别|郑重|重要)(?:声明|申明)\s?[:：]|特别提醒\s?[:：]|声明\s?[:：]|关键(?:词|字)\s?[:：]|标签\s?[:：]"
    r"|扫一扫|扫描二维码|用微信扫|手机扫|微信扫|长按(?:识别|二维码)|如(?:有)?侵权)"
)
# Lines without any of the text: at its head and tail, and between when they stand alone.
EDGES = re.compile(
    _OPEN
    + r"(?:责任?编辑|责编|原标题\s?[:：]|（?原题为?\s?[:：《]|(?:\S{2,20}供稿\s{1,2})?(?:(?:摄影|编辑|校对)\s?[:：/]?\s?[\u4e00-\u9fff]{2,4}\s{0,3}){2,4}$|编辑\s?[:：/]|(?:值班|本文|实习)?(?:主编|编审|审核|审校|校对|编校|初审|复审|终审|监制|统筹|签发|供稿|撰稿|图文|录入)(?:人|员)?\s?[:：/]"
    r"|(?:稿件|文章|信息|新闻|内容|本文|资料|消息|图片)?(?:来源|出处)\s?[:：于]|稿源\s?[:：]|转载自\s?[:：]?"
    r"|(?:发布|发表|公开|更新|发稿|上传|刊发|成文|生成|录入|添加)(?:日期|时间)\s?[:：]|(?:日期|时间)\s?[:：]\s{0,3}(?:19|20)\d\d\s?[-/.]|发表于|发布于|发布(?:人|者|机构|单位|部门)\s?[:：]|作者\s?[:：]|撰文\s?[:：]|记者\s?[:：]\s?[\u4e00-\u9fff]{2,4}(?:[\s、，/]|$)"
    r"|(?:浏览|阅读|点击|访问|查看|人气|围观|阅)(?:次数|量|数|率|人数)?\s?[:：(（]|已(?:浏览|阅读)|字(?:体|号)\s?(?:大小)?\s?[:：]?|(?:[\[【(（]?\s?[大中小]\s?[\])）】|/]?\s?){1,3}$|默认\s?大|A[+-](?:\s|A|$)|T[|\s]T"
    r"|[【\[(（]?\s?(?:加入收藏|收藏本?|打印(?:此|本)?|我要打印|关闭(?:此|本|窗)?|推荐(?:给好友)?|纠错|返回(?:列表|顶部|首页|上一页)?|复制(?:本文)?链接|我要纠错|分享|字体|下载|保护视力色)\s?(?:文|页|本页|窗口|页面|按钮|文章)?\s?[:：]?\s?[】\])）]?(?:[\s|【\[(（]|$)"
    r"|您?(?:当前|现在|的|所在)(?:所在|在)?(?:的?位置|栏目)|(?:当前)?位置\s?[:：]|首页\s?[>»|\-—]|\[复制链接\]|查看\s?[:：]\s?\d|回复\s?[:：]\s?\d|显示全部楼层|只看该作者|阅读模式|本帖最后由|电梯直达|倒序浏览|楼主$|沙发$"
    r"|(?:发文字号|发文机[关构]|发布机构|内容概述|信息(?:名称|索引|类别|分类)|主题分类|索\s?引\s?号)\s?[:：]"
    r"|微信$|微博$|QQ(?:空间|好友)?$|新浪微博$|朋友圈$|复制$|更多$|展开全文|图集$|\+1$|阅读全文|查看原文|阅读原文|选择在浏览器|点击(?:[上下左右]方|右上角|[上下]面|蓝字|关注|查看|进入|加载|展开|下载|图片)|点赞|收藏$|评论$|赞$|举报$|关注$|赞赏$|在看$|视频加载中|正在加载|语音播报|听新闻|无障碍(?:浏览|阅读|版|$)|(?:繁體|简体)(?:中文|版)?$|朗读$"
    r"|(?:首页|[上下]一?页|共\s?\d{1,4}\s?页)(?:[\s\d\[\]<>|…/]|首页|[尾末]页|[上下]一?页|[第共转到页]){0,60}$|index\w{0,20}\.html?$|[./]{2,12}\S{1,120}\.html?$|[\d\s,，]{1,12}(?:人|次|条)(?:阅读|评论|参与|跟贴)|责任编辑|\(?责编)",
    re.IGNORECASE,
)
# A row of the table above an official document: its first cell is a label that no other table begins with.
INDEX_ROW = re.compile(
    r"^[\[【]?(?:信息)?(?:索\s{0,3}引\s{0,3}号|发\s?文\s?机\s?[关构]|发\s?布\s?机\s?构|主题分类|体裁分类|组配分类|信息(?:名称|分类|类别)|发文字号|效力(?:状况|状态)|(?:成文|发文|公开|生成|废止|失效|生效)日期)[\]】]?\s?[:：]?\t"
)
# A credit or an editor's line is short; a longer one that begins like one is a sentence.
EDGE_LENGTH = 90
# The line of date and source under a headline, whatever buttons its template strings after it.
STAMP = re.compile(
    r"^[\s\W]{0,4}(?:(?:发布|发表|公开|更新|发稿|上传|刊发)?(?:日期|时间)\s?[:：]\s{0,3})?(?:19|20)\d\d\s?[-年/.]\s?\d{1,2}\s?[-月/.]\s?\d{1,2}\s?日?[\s\d:：\])】]{0,14}"
    r"[\s|]{0,4}(?:\S{0,2}来\s?源|作者|编辑|浏览|阅读|点击|字体|字号|分享)\s?[:：(（【\[]"
)
STAMP_LENGTH = 200
# 来源 in brackets, alone on its line: (文章来源：某报)
CREDIT = re.compile(
    r"^[\s(（\[【]{0,3}(?:文章|稿件|信息|本文|新闻|资料)?来源\s?[:：]\s?[^。！？\n]{1,60}[)）\]】]?\s?$"
)
ERROR_PAGE = re.compile(
    r"页面不存在|页面没有找到|页面(?:已经?)?(?:被)?(?:删除|移除|丢失|走丢|失联)|(?:您|你)(?:所?访问|要访问|请求|要查看|查找|浏览)的?(?:页面|网页|内容|文件|文章|信息|网址|资源)\S{0,12}(?:不存在|未找到|找不到|已(?:被)?删除|已失效|出错|不在|已移除|可能已)|找不到(?:该|此|您|你|相关)?\S{0,8}(?:页面|网页|文件|内容)"
    r"|(?:内容|文章|帖子|主题|信息|稿件|链接)(?:已经?)?(?:不存在|被(?:发布者|作者|管理员)?删除|已失效|已过期|审核中)|\b404\b\s{0,3}(?:not\s?found|错误|页面|error|$|-)|page\s?not\s?found|HTTP\s?(?:Status|错误|Error)\s?[45]\d\d|环境异常|访问(?:被拒绝|受限|过于频繁|异常)|抱歉，指定的主题不存在"
    r"|(?:服务器|系统)(?:错误|繁忙|异常|维护)|网站(?:正在)?维护|没有权限|拒绝执行|请(?:先)?完成(?:安全)?验证|安全验证|站点已关闭|网站防火墙",
    re.IGNORECASE,
)


def is_ender(text: str) -> bool:
    """Whether nothing of the article comes after this line."""
    return len(text) <= 400 and ENDERS.match(text) is not None


def is_doubtful(text: str) -> bool:
    """Whether a line that may end an article may as well stand in it."""
    return DOUBTFUL.match(text) is not None


def is_edge(text: str) -> bool:
    """Whether a line at the head or tail of the text is furniture."""
    if len(text) <= EDGE_LENGTH and (EDGES.match(text) or CREDIT.match(text)):
        return True
    if is_index_row(text):
        return True
    return len(text) <= STAMP_LENGTH and STAMP.match(text) is not None


def is_index_row(text: str) -> bool:
    """Whether a table's row belongs to the index table above an official document."""
    return "\t" in text and INDEX_ROW.match(text) is not None


def is_error(title: str, text: str) -> bool:
    """Whether a page answered as if it were an article says that there is none; a long text only by its title."""
    return (ERROR_PAGE.search(title[:60]) is not None and len(text) < 400) or (
        len(text) < 160 and ERROR_PAGE.search(text) is not None
    )
